"""How much time is left, as the desk shows it: green, amber from the last quarter, red when late; always with a word.

An urgent case that nobody has taken up has a clock of its own, in minutes, and is never green.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tongdai.cases.deadlines import TAKEN_WITHIN
from tongdai.cases.lifecycle import OPEN, State
from tongdai.cases.models import Case

Kind = Literal["late", "soon", "done"]
IN_MINUTES = timedelta(hours=2)  # so long an urgent case's time is told in minutes alone


@dataclass(frozen=True)
class Clock:
    """`kind` is also the class that colours it; `left` is the share of time still to run, 0 … 100; late: 100.

    `untaken`: it runs until somebody takes an urgent case up; of an urgent case `words` say "còn" or "quá" themselves.
    """

    kind: Kind
    words: str
    left: int
    untaken: bool = False
    urgent: bool = False

    @property
    def late(self) -> bool:
        return self.kind == "late"


def clock(*, since: datetime, until: datetime, at: datetime) -> Clock:
    """The clock that began at `since` and runs out at `until`."""
    rest = until - at
    if rest <= timedelta(0):
        return Clock("late", _span(-rest), 100)
    share = rest / (until - since) if until > since else 0.0
    return Clock("soon" if share <= 0.25 else "done", _span(rest), min(100, max(3, round(share * 100))))


def clock_of(case: Case, *, at: datetime) -> Clock | None:
    """The clock that matters now: to be taken up while it is urgent and nobody has, to classify while it is new, to answer

    while it is open; none when it is done.
    """
    if case.state not in OPEN:
        return None
    found = clock(since=case.received_at, until=runs_out(case), at=at)
    if not case.urgent:
        return found
    words = _("quá %(span)s") if found.late else _("còn %(span)s")
    kind: Kind = "soon" if case.untaken and found.kind == "done" else found.kind
    span = _minutes(abs(runs_out(case) - at))
    return Clock(kind, words % {"span": span}, found.left, untaken=case.untaken, urgent=True)


def runs_out(case: Case) -> datetime:
    """When the clock that matters now runs out."""
    if case.untaken:
        return case.received_at + TAKEN_WITHIN
    return case.assign_by if case.state == State.RECEIVED else case.due_at


def _minutes(span: timedelta) -> str:
    """`14 phút`, `97 phút`, `3 giờ 5 phút`: to the minute."""
    if span < IN_MINUTES or span >= timedelta(days=2):
        n = max(1, int(span.total_seconds() // 60))
        return _span(span) if span >= IN_MINUTES else ngettext("%(n)s\u00a0phút", "%(n)s\u00a0phút", n) % {"n": n}
    hours, minutes = divmod(int(span.total_seconds() // 60), 60)
    return _("%(hours)s\u00a0giờ\u00a0%(minutes)s\u00a0phút") % {"hours": hours, "minutes": minutes}


def _span(span: timedelta) -> str:
    """`6 phút`, `3 giờ`, `2 ngày`: rounded down, at least one minute."""
    minutes = max(1, int(span.total_seconds() // 60))
    if minutes < 60:
        return ngettext("%(n)s\u00a0phút", "%(n)s\u00a0phút", minutes) % {"n": minutes}
    if minutes < 48 * 60:
        return ngettext("%(n)s\u00a0giờ", "%(n)s\u00a0giờ", minutes // 60) % {"n": minutes // 60}
    return ngettext("%(n)s\u00a0ngày", "%(n)s\u00a0ngày", minutes // 1440) % {"n": minutes // 1440}
