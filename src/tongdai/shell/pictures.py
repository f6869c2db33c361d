"""A picture or a document out of the storage, after whoever calls has checked that it may be seen."""

from __future__ import annotations

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404
from django.utils.http import content_disposition_header

from tongdai.cases.models import StoredFile


def picture(name: str, *, content_type: str = "image/jpeg") -> FileResponse:
    """Stream it; no browser and no cache keeps it: who may see it today may not tomorrow, and computers are shared.

    Raises:
        Http404: the file is not in the storage.
    """
    try:
        file = default_storage.open(name, "rb")
    except FileNotFoundError as gone:
        raise Http404 from gone
    response = FileResponse(file, content_type=content_type)
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Disposition"] = "inline"
    return response


def attached(file: StoredFile) -> FileResponse:
    """A file of a case: a photo to be looked at, a document to be downloaded under its name, never a page of ours.

    Raises:
        Http404: the file is not in the storage.
    """
    response = picture(file.file, content_type=file.content_type)
    if file.is_document:
        response.headers["Content-Disposition"] = content_disposition_header(True, file.name) or "attachment"
    return response
