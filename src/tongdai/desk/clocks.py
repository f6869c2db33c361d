"""How much time is left, as the desk shows it: green, amber from the last quarter, red when late; always with a word."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from django.utils.translation import ngettext

from tongdai.cases.lifecycle import OPEN, State
from tongdai.cases.models import Case

Kind = Literal["late", "soon", "done"]


@dataclass(frozen=True)
class Clock:
    """`kind` is also the class that colours it; `left` is the share of time still to run, 0 … 100; late: 100."""

    kind: Kind
    words: str
    left: int

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
    """The clock that matters now: to classify while it is new, to answer while it is open; none when it is done."""
    if case.state not in OPEN:
        return None
    return clock(since=case.received_at, until=runs_out(case), at=at)


def runs_out(case: Case) -> datetime:
    """When the clock that matters now runs out."""
    return case.assign_by if case.state == State.RECEIVED else case.due_at


def _span(span: timedelta) -> str:
    """`6 phút`, `3 giờ`, `2 ngày`: rounded down, at least one minute."""
    minutes = max(1, int(span.total_seconds() // 60))
    if minutes < 60:
        return ngettext("%(n)s\u00a0phút", "%(n)s\u00a0phút", minutes) % {"n": minutes}
    if minutes < 48 * 60:
        return ngettext("%(n)s\u00a0giờ", "%(n)s\u00a0giờ", minutes // 60) % {"n": minutes // 60}
    return ngettext("%(n)s\u00a0ngày", "%(n)s\u00a0ngày", minutes // 1440) % {"n": minutes // 1440}
