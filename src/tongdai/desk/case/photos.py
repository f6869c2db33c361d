"""A photo or a document of a case, to those who may see the case."""

from __future__ import annotations

from typing import cast

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_GET

from tongdai.accounts.rights import HAS_CASES
from tongdai.cases import queries
from tongdai.cases.models import Attachment
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
    if found.case.confidential:
        disclose(to=request.user, what="attachment", contact=found.case.contact, reference=found.case.code, at=now())
    response = cast(HttpResponse, attached(found))
    response.headers["Cache-Control"] = "private, no-store"  # who may see it today may not tomorrow
    return response
