"""A denunciation is secret: who of the staff may know of it, and which bodies may get it.

Luật Tố cáo 25/2018/QH14: who denounced is kept secret (điều 8 khoản 3, điều 56); of the head of a body the body above it
decides, never the one denounced (điều 12).
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Q
from django.utils.translation import gettext as _

from tongdai.accounts.models import User
from tongdai.accounts.rights import HANDLES_DENUNCIATIONS, INSPECTS_DENUNCIATIONS
from tongdai.directory import snapshot
from tongdai.directory.models import Agency

from ..models import Case


def may_know(user: User) -> Q:
    """Return the condition on a confidential case under which this person may know of it.

    The inspectorate; and the officers of a competent body, of those it was sent to. Never who belongs to the agency that
    is denounced, or to one below it.
    """
    apart = ~Q(denounced__in=_upwards(user.agency_id))
    if user.role in INSPECTS_DENUNCIATIONS:
        return apart
    if user.role in HANDLES_DENUNCIATIONS and user.agency_id:
        return Q(lead=user.agency_id, lead__handles_denunciations=True) & apart
    return Q(pk__in=[])


def knows(user: User, case: Case) -> bool:
    """Say the same of a confidential case in hand, without a query."""
    if not user.is_active or case.denounced_id in _upwards(user.agency_id):
        return False
    if user.role in INSPECTS_DENUNCIATIONS:
        return True
    lead = case.lead
    mine = lead is not None and lead.pk == user.agency_id and lead.handles_denunciations
    return mine and user.role in HANDLES_DENUNCIATIONS


def why_not(case: Case, agency: Agency) -> str:
    """Say why this case may not go to that body, for the person who would send it; empty if it may."""
    if case.confidential:
        if not agency.handles_denunciations:
            return _("Cơ quan này không có thẩm quyền giải quyết tố cáo. Chọn cơ quan khác.")
        if case.denounced_id in _upwards(agency.pk):
            return _("Tố cáo không được chuyển đến cơ quan bị tố cáo, hay cơ quan dưới quyền. Chọn cơ quan khác.")
        if agency.kind != Agency.Kind.INSPECTORATE and not case.denounced_is_named:
            return _("Hãy ghi ai bị tố cáo trước, để phiếu không đến tay họ.")
    elif case.perhaps_denunciation:
        return _("Phiếu này có thể là tố cáo. Hãy chọn “Là tố cáo” hoặc “Không phải” trước khi chuyển.")
    return ""


def may_go_to(case: Case, agencies: Sequence[Agency]) -> list[Agency]:
    """Return those of the agencies that this case may be sent to."""
    return [agency for agency in agencies if not why_not(case, agency)]


def somebody_is_left(denounced: Agency) -> bool:
    """Say whether an inspector remains who would still know of a denunciation of this agency."""
    inspectors = User.objects.filter(role__in=INSPECTS_DENUNCIATIONS, is_active=True)
    return any(denounced.pk not in _upwards(each.agency_id) for each in inspectors)


def _upwards(agency_id: int | None) -> frozenset[int]:
    """Return the agency and all that it is under."""
    by_id = {agency.pk: agency for agency in snapshot.all_agencies()}
    found: set[int] = set()
    agency = by_id.get(agency_id) if agency_id else None
    while agency is not None and agency.pk not in found:
        found.add(agency.pk)
        agency = agency.parent
    return frozenset(found | ({agency_id} if agency_id else set()))
