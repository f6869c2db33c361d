"""A photo or a document of a case, or of a draft of its answer, to those who may see the case."""

from __future__ import annotations

from typing import cast

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_GET

from tongdai.accounts.rights import HAS_CASES
from tongdai.cases import queries
from tongdai.cases.models import Attachment, Case, DraftFile, StoredFile
from tongdai.people.disclosures import disclose
from tongdai.platform.clock import now
from tongdai.shell.pictures import attached
from tongdai.shell.staff import StaffRequest, staff


@require_GET
@staff(*HAS_CASES)
def photo(request: StaffRequest, attachment_id: int) -> HttpResponse:
    """Send the file; 404 for whoever may not see the case. A confidential one's reading is on record."""
    try:
        found = queries.visible_attachment(request.user, attachment_id)
    except Attachment.DoesNotExist as none:
        raise Http404 from none
    return _sent(request, found, of=found.case)


@require_GET
@staff(*HAS_CASES)
def draft_file(request: StaffRequest, file_id: int) -> HttpResponse:
    """Send a file of a draft, which the staff alone ever see here; 404 for whoever may not see the case."""
    try:
        found = queries.visible_draft_file(request.user, file_id)
    except DraftFile.DoesNotExist as none:
        raise Http404 from none
    return _sent(request, found, of=found.draft.case)


def _sent(request: StaffRequest, file: StoredFile, *, of: Case) -> HttpResponse:
    if of.confidential:
        disclose(to=request.user, what="attachment", contact=of.contact, reference=of.code, at=now())
    response = cast(HttpResponse, attached(file))
    response.headers["Cache-Control"] = "private, no-store"  # who may see it today may not tomorrow
    return response
