"""How much time is left, as the desk shows it: green, amber from the last quarter, red when late; always with a word.

An urgent case that nobody has taken up has a clock of its own, in minutes, and is never green.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tongdai.cases import standing
from tongdai.cases.models import Case

Kind = Literal["late", "soon", "done", "wait"]
IN_MINUTES = timedelta(hours=2)  # so long an urgent case's time is told in minutes alone


@dataclass(frozen=True)
class Clock:
    """`kind` is also the class that colours it; `left` is the share of time still to run, 0 … 100; late: 100.

    `wait`: it stands, for the case waits for its citizen, and `words` and `left` are of that. `runs` says which clock it is;
    of an urgent case `words` say "còn" or "quá" themselves.
    """

    kind: Kind
    words: str
    left: int
    runs: standing.Clock
    urgent: bool = False

    @property
    def untaken(self) -> bool:
        """Whether it runs until somebody takes an urgent case up."""
        return self.runs is standing.Clock.TAKE

    @property
    def unassigned(self) -> bool:
        """Whether it runs until the case is passed on."""
        return self.runs is standing.Clock.ASSIGN

    @property
    def late(self) -> bool:
        return self.kind == "late"

    @property
    def waits(self) -> bool:
        """Whether it stands until its citizen replies."""
        return self.kind == "wait"


def clock_of(case: Case, *, at: datetime) -> Clock | None:
    """The clock that runs (`cases.standing`), or that of the waiting; none when the case is over."""
    if case.asked_at and case.waits_until:
        until = max(case.waits_until, at)
        left = _left(since=case.asked_at, until=until, at=at)
        return Clock("wait", _span(until - at), left, standing.Clock.ANSWER)
    runs = standing.running(case)
    if runs is None:
        return None
    until = standing.runs_out(case)
    kind, left = _kind(case, at=at), _left(since=case.ran_from, until=until, at=at)
    if not case.urgent:
        return Clock(kind, _span(abs(until - at)), left, runs)
    words = _("quá %(span)s") if kind == "late" else _("còn %(span)s")
    return Clock(kind, words % {"span": _minutes(abs(until - at))}, left, runs, urgent=True)


def clock_of_support(*, asked_at: datetime, due_at: datetime, at: datetime) -> Clock:
    """The clock of what another agency is asked for; the citizen's own runs beside."""
    late, whole = standing.is_past(due_at, at=at), due_at - asked_at
    kind: Kind = "late" if late else "soon" if (due_at - at) * standing.LAST_PART <= whole else "done"
    return Clock(kind, _span(abs(due_at - at)), _left(since=asked_at, until=due_at, at=at), standing.Clock.ANSWER)


def _kind(case: Case, *, at: datetime) -> Kind:
    if standing.is_overdue(case, at=at):
        return "late"
    return "soon" if standing.is_due_soon(case, at=at) else "done"


def _left(*, since: datetime, until: datetime, at: datetime) -> int:
    """The share of the time that is left, 3 … 100, so that it can be seen; once it has run out the ring is full."""
    if standing.is_past(until, at=at):
        return 100
    share = (until - at) / (until - since) if until > since else 0.0
    return min(100, max(3, round(share * 100)))


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
