"""What was said, for those who may hear it. Each listening is on record before the first word is sent."""

from __future__ import annotations

import io
import zipfile

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_GET

from tongdai.accounts.rights import EXPORTS_RECORDINGS, HEARS_RECORDINGS
from tongdai.audit.entries import record
from tongdai.audit.models import Kind
from tongdai.channels.voice.models import Recording
from tongdai.channels.voice.recordings.encrypted_files import opened
from tongdai.channels.voice.recordings.intake import CONTENT_TYPE, FORMAT
from tongdai.channels.voice.records.queries import recordings_open_to
from tongdai.people.disclosures import disclose
from tongdai.platform.clock import now
from tongdai.shell.staff import StaffRequest, staff

from .streaming import streamed


@require_GET
@staff(*HEARS_RECORDINGS)
def recording(request: StaffRequest, recording_id: int) -> HttpResponse:
    """Play it. 404 for whoever may not, and once it has been deleted by its time."""
    found = _disclosed(request, recording_id)
    try:
        file = opened(found)
    except FileNotFoundError as gone:
        raise Http404 from gone
    return _as_response(streamed(request, file, content_type=CONTENT_TYPE))


@require_GET
@staff(*EXPORTS_RECORDINGS)
def export(request: StaffRequest, recording_id: int) -> HttpResponse:
    """The file with its SHA-256, as it was when it was made: to hand out of the house."""
    found = _disclosed(request, recording_id)
    case_code = found.call.case.code if found.call.case else ""
    record(
        Kind.EXPORT, "recording", case_code=case_code, contact=found.call.contact_id, what=f"call {found.call_id}",
        detail={"sha256": found.sha256},
    )  # fmt: skip
    name = f"1022-{found.call.came_at:%Y%m%d}-{found.call_id}-{found.kind}.{FORMAT}"
    with opened(found) as file:
        content = file.read()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as folder:
        folder.writestr(name, content)
        folder.writestr("SHA256SUMS", f"{found.sha256}  {name}\n")
    response = HttpResponse(packed.getvalue(), content_type="application/zip")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.zip"'
    return response


def _disclosed(request: StaffRequest, recording_id: int) -> Recording:
    found = recordings_open_to(request.user).filter(pk=recording_id).select_related("call__case").first()
    if found is None:
        raise Http404
    reference = found.call.case.code if found.call.case else f"call {found.call_id}"
    disclose(to=request.user, what="recording", contact=found.call.contact, reference=reference, at=now())
    return found


def _as_response(made: HttpResponseBase) -> HttpResponse:
    return made  # type: ignore[return-value]  # streamed or not, the door only hands it on
