"""Reopen a case: what it was answered hasn't settled it. Whoever answered looks again; a second time the coordinator does."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from tongdai.directory.calendar.working_days import the_calendar
from tongdai.people.models import Interaction
from tongdai.people.purposes import Purpose
from tongdai.platform.clock import day_of

from .. import deadlines
from ..access import links, secrecy
from ..actor import Actor
from ..models import Answer, Assignment, Case, CaseInteraction, Event
from ..states import Rule, State, Way, Who
from ..transition import Change, transition
from ..triage.danger import Level
from ..triage.judgement import judge
from .raise_danger import raise_danger
from .register import DEFAULT_LIMIT_HOURS
from .unmerge import release_all

ENDED = frozenset({State.ANSWERED, State.CLOSED})
ANYBODY = frozenset({Who.CITIZEN, Who.CALL_TAKER, Who.COORDINATOR})
RULE = Rule(
    "reopen",
    Way(from_=ENDED, to=State.ASSIGNED, who=ANYBODY),
    Way(from_=ENDED, to=State.RECEIVED, who=ANYBODY),
    notifies=Purpose.RECEIPT,
    merged="too",
)
WITHIN = timedelta(days=15)  # after the last answer, or its correction; the staff may whenever they see cause
MOST = 2  # times by its citizen, or for them: the first goes to whoever answered, the second to the coordinator


def why_not(case: Case, *, by: Actor, at: datetime) -> str:
    """Say why this case can't be reopened by this actor, whatever the state it is in; empty: it can."""
    if case.erased_at is not None or case.answered_at is None or case.withdrawn_at is not None:
        return _("Phiếu này không có câu trả lời nào để xem lại.")
    if by.capacities(case) & {Who.COORDINATOR}:
        return ""
    if Event.objects.filter(case=case, action=RULE.action).count() >= MOST:
        return _("Phiếu đã được xem lại hai lần. Xin gọi 1022 để gặp điều phối viên.")
    last = Answer.objects.filter(case=case).aggregate(last=Max("answered_at"))["last"]
    if last is None or at - last > WITHIN:
        return _("Đã quá {days} ngày kể từ câu trả lời. Việc chưa xong thì xin gửi phiếu mới.").format(days=WITHIN.days)
    return ""


def may_reopen(case: Case, *, by: Actor, at: datetime) -> bool:
    """Whether this actor may reopen it now."""
    return RULE.is_open(state=State(case.state), capacities=by.capacities(case)) and not why_not(case, by=by, at=at)


@transaction.atomic  # danger is raised with it, or neither is done
def reopen(case: Case, *, by: Actor, at: datetime, words: str = "", interaction: Interaction | None = None) -> Case:
    """Take the matter up again, with a deadline counted from now; a life in danger, told of by its citizen, raises it.

    `words`: what isn't settled, if that was said on a page or at the desk; `interaction`: the text that said so.
    The figures go on counting the first answer, by the deadline that it had (`first_due_at`).

    Raises:
        ActionRefused: it has no answer, it is too late or was done twice already, or it isn't this actor's to reopen.
    """
    with transition(case, RULE, by=by, at=at) as change:
        if why := why_not(change.case, by=by, at=at):
            change.refuse(why)
        if interaction is not None:
            CaseInteraction.objects.create(case=change.case, interaction=interaction)
        judged = judge(words or (interaction.body if interaction else ""))
        accuses = (judged.denunciation or judged.asked) and not change.case.confidential
        _give_back(change, by=by, at=at, interaction=interaction, to_lead=not accuses)
        if accuses:  # whoever answered may be who is accused: no agency gets it until a coordinator has said
            release_all(change.case, at=at)
            change.set(perhaps_denunciation=True)
        in_danger = judged.level is Level.LIFE and by.who is Who.CITIZEN  # the staff raise it themselves
        if change.case.urgent:  # who took it up then has done with it: only danger that is told of now rings anybody
            change.set(taken_at=None if in_danger else change.case.taken_at or at)
        if in_danger:
            change.ring_on_duty()
        change.add_remark(words)
        links.open_again(change.case, at=at)
    if in_danger and change.case.danger_level != Level.LIFE:
        return raise_danger(change.case, by=Actor.system(), level=judged.level, kind=judged.kind, at=at)
    return change.case


def _give_back(change: Change, *, by: Actor, at: datetime, interaction: Interaction | None, to_lead: bool) -> None:
    """To the agency that answered (`to_lead`); to the coordinator a second time, and where it may not get it (any more)."""
    case = change.case
    to_lead = to_lead and not case.confidential and not Event.objects.filter(case=case, action=RULE.action).exists()
    agency = case.lead if to_lead else None
    if agency is not None and (not agency.holds_on(day_of(at)) or secrecy.why_not(case, agency)):
        agency = None
    Assignment.objects.filter(case=case, ended_at=None).update(ended_at=at)
    given = Assignment.objects.create(case=case, agency=agency, by=by.user, started_at=at) if agency else None
    hours = case.topic.limit_hours if case.topic else DEFAULT_LIMIT_HOURS
    change.leads_to(State.ASSIGNED if agency else State.RECEIVED)
    change.record(assignment=given, interaction_id=interaction.pk if interaction else None)
    change.set(
        lead=agency,
        reopened_at=at,
        first_due_at=case.first_due_at or case.due_at,
        due_at=deadlines.due_at(at, hours=hours),
        assign_by=deadlines.assign_by(at),
        calendar_version=the_calendar().version,
        stood=None,
        withdrawal_asked_at=None,
    )
