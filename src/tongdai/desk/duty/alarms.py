"""Alarms as the page shows them: those that ring, and the last that did."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from tongdai.accounts.models import User
from tongdai.cases.models import Case
from tongdai.cases.queries import visible_cases
from tongdai.channels.duty.models import Alarm, Ring
from tongdai.channels.duty.queries import Reach, outcome, reach, with_texts
from tongdai.channels.duty.words import what, where

LATELY = timedelta(hours=1)
MOST = 10
LOOKS = {
    Ring.State.WAITING: ("clock", ""),
    Ring.State.RINGING: ("bell", "soon"),
    Ring.State.TALKING: ("phone-call", "soon"),
    Ring.State.TAKEN: ("circle-check", "done"),
    Ring.State.PASSED_ON: ("arrow-forward-up", ""),
    Ring.State.NO_KEY: ("phone-off", "late"),
    Ring.State.NO_ANSWER: ("phone-off", "late"),
    Ring.State.NOT_RUNG: ("device-mobile-message", "soon"),
    Ring.State.STOPPED: ("x", ""),
    Ring.State.NOBODY: ("alert-triangle", "late"),
}


@dataclass(frozen=True)
class ShownCase:
    code: str
    what: str
    where: str
    withdrawal_asked_at: datetime | None = None


@dataclass(frozen=True)
class ShownRing:
    ring: Ring
    icon: str
    look: str
    outcome: str


@dataclass(frozen=True)
class ShownAlarm:
    alarm: Alarm
    cases: list[ShownCase]  # those these eyes may see
    others: int
    rings: list[ShownRing]
    called: bool  # somebody was rung, or is about to be; else people are only texted

    @property
    def state(self) -> str:
        """How it goes on, by what was truly done."""
        if self.called or self.alarm.state == Alarm.State.TAKEN:
            return str(Alarm.State(self.alarm.state).label)
        return _("chỉ nhắn tin, chưa ai nhận") if self.alarm.state == Alarm.State.RINGING else _("không phải báo nữa")


def shown_to(user: User, *, at: datetime) -> list[ShownAlarm]:
    """Those that ring now, the longest first; then the last of the past hour."""
    known = Alarm.objects.prefetch_related("waiting", Prefetch("rings", with_texts(Ring.objects.all())))
    ringing = list(known.filter(state=Alarm.State.RINGING).order_by("pk")[:MOST])
    ended = known.exclude(state=Alarm.State.RINGING).filter(ended_at__gte=at - LATELY)
    shown = (_shown(alarm, user) for alarm in [*ringing, *ended.order_by("-ended_at")[:MOST]])
    return [each for each in shown if each.alarm.trial or each.cases or each.others]


def _shown(alarm: Alarm, user: User) -> ShownAlarm:
    """One that rang for what turned out to be a denunciation rang for nothing that anybody may know of."""
    waiting = Case.objects.filter(pk__in=[each.case_id for each in alarm.waiting.all()])
    sealed = waiting.filter(confidential=True).exclude(pk__in=visible_cases(user))
    ids = set(waiting.exclude(pk__in=sealed).values_list("pk", flat=True))
    seen = visible_cases(user).filter(pk__in=ids).select_related("topic", "place").order_by("pk")
    steps = list(alarm.rings.all())
    rings = [ShownRing(ring, *LOOKS[Ring.State(ring.state)], outcome(ring)) for ring in steps]
    cases = [_case(case) for case in seen]
    called = reach(steps) in (Reach.CALLED, Reach.CALLING)
    return ShownAlarm(alarm, cases, len(ids) - len(cases), rings[::-1], called)


def _case(case: Case) -> ShownCase:
    return ShownCase(case.code, what(case), where(case), case.withdrawal_asked_at)
