"""A picture out of the storage, after whoever calls has checked that it may be seen."""

from __future__ import annotations

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404


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
