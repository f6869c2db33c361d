"""Extend a case's deadline: a new date, with a reason that its citizen is told."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from tongdai.people.purposes import Purpose

from .. import deadlines
from ..actor import Actor
from ..models import Case
from ..states import WITH_AGENCY, Rule, Way, Who
from ..transition import transition
from . import follow

RULE = Rule("extend", Way(from_=WITH_AGENCY, to=None, who={Who.COORDINATOR}), notifies=Purpose.RECEIPT, undoable=True)


@transaction.atomic  # and those that follow it
def extend(case: Case, *, by: Actor, until: date, reason: str, at: datetime) -> Case:
    """Move the citizen's deadline to the end of work on `until`. State and agency stay.

    Raises:
        ActionRefused: the case is with no agency, isn't this actor's to extend, or the day is none of work after the
            deadline it has.
    """
    with transition(case, RULE, by=by, at=at) as change:
        due_at = deadlines.end_of(until)
        if due_at is None:
            change.refuse(_("Ngày ấy thành phố nghỉ. Chọn một ngày làm việc."), argument="until")
        if due_at <= max(change.case.due_at, at):
            change.refuse(_("Hạn mới phải sau hạn đang có, và sau lúc này."), argument="until")
        change.set(due_at=due_at)
        change.add_remark(reason)
    follow.extend_all(change.case, reason=reason, at=at)
    return change.case
