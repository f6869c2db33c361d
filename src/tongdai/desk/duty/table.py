"""The roster as a table: a day a row, a rank a column, gaps where nobody is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from tongdai.accounts.duty.roster import Rank, Turn, gaps, pieces, shown

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Entry:
    """Somebody, or nobody, from when to when of a day."""

    since: datetime
    until: datetime
    turn: Turn | None = None

    @property
    def whole_day(self) -> bool:
        return self.until - self.since == DAY


@dataclass(frozen=True)
class Day:
    day: datetime
    ranks: list[tuple[str, list[Entry]]]  # (name of the rank, who)


def days(since: datetime, *, count: int, turns: Sequence[Turn]) -> list[Day]:
    """`count` days from `since` (midnight in the city)."""
    return [_day(since + n * DAY, turns) for n in range(count)]


def _day(day: datetime, turns: Sequence[Turn]) -> Day:
    found: dict[int, list[Entry]] = {rank: [] for rank in Rank.values}
    for begin, end in gaps(day, day + DAY, turns=turns):
        found[Rank.ON_DUTY].append(Entry(begin, end))
    for begin, end in pieces(day, day + DAY, turns=turns):
        for turn in shown(begin, turns=turns):
            entries = found[turn.rank]
            before = next((n for n, each in enumerate(entries) if each.turn == turn and each.until == begin), None)
            if before is None:
                entries.append(Entry(begin, end, turn))
            else:
                entries[before] = Entry(entries[before].since, end, turn)
    by_time = {
        rank: sorted(entries, key=lambda each: (each.since, each.turn is None)) for rank, entries in found.items()
    }
    return Day(day, [(str(Rank(rank).label), entries) for rank, entries in by_time.items()])
