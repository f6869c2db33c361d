"""Ask another agency to help the one in charge: what it is to do, and by which day."""

from __future__ import annotations

from datetime import date, datetime

from django.utils.translation import gettext as _

from tongdai.directory.models import Agency
from tongdai.platform.clock import CITY_TZ

from .. import deadlines, supports
from ..actor import Actor
from ..models import Case, Support
from ..states import WITH_AGENCY, Rule, Way, Who
from ..transition import transition

RULE = Rule("request_support", Way(from_=WITH_AGENCY, to=None, who={Who.OFFICER_OF_LEAD, Who.COORDINATOR}))


def request_support(case: Case, *, by: Actor, agency: Agency, task: str, until: date, at: datetime) -> Case:
    """From now on `agency` may open the case, until it has helped or need not. The lead and the citizen's deadline stay.

    Raises:
        ActionRefused: the case isn't with `by`'s agency or is a denunciation (or perhaps one); `agency` leads it or is asked
            already; `until` is no day of work, is over, or is after the citizen's deadline.
    Source: Nghị định 61/2018/NĐ-CP and the 1022 line's regulation, "cơ quan chủ trì, cơ quan phối hợp".
    """
    with transition(case, RULE, by=by, at=at) as change:
        if change.case.confidential or change.case.perhaps_denunciation:
            change.refuse(_("Phiếu tố cáo không nhờ cơ quan khác phối hợp được."))
        if agency.pk == change.case.lead_id:
            change.refuse(_("Cơ quan này đang chủ trì. Hãy chọn cơ quan khác."), argument="agency")
        if Support.objects.filter(supports.ASKED, case=change.case, agency=agency).exists():
            change.refuse(_("Cơ quan này đang được nhờ rồi. Hãy chọn cơ quan khác."), argument="agency")
        due_at = deadlines.end_of(until)
        if due_at is None:
            change.refuse(_("Ngày ấy thành phố nghỉ. Chọn một ngày làm việc."), argument="until")
        if due_at <= at:
            change.refuse(_("Ngày ấy đã qua. Chọn một ngày làm việc sắp tới."), argument="until")
        if change.case.due_at > at:  # else it is late already, and any day is better than none
            if until > change.case.due_at.astimezone(CITY_TZ).date():
                change.refuse(_("Ngày ấy sau hạn trả lời người dân. Chọn ngày sớm hơn."), argument="until")
            due_at = min(due_at, change.case.due_at)
        asked = Support.objects.create(
            case=change.case, agency=agency, asked_by=by.user, task=task, asked_at=at, due_at=due_at
        )
        change.set(**supports.first_asked(change.case))
        change.record(support=asked.pk)
    return change.case
