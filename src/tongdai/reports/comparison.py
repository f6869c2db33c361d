"""A period beside the one before it: as many whole days each, both judged at their own end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from .figures import Row, total_of
from .period import Period


@dataclass(frozen=True)
class Change:
    """A figure of the period before and of this one.

    `by`: the difference as it is shown, rounded to a tenth; None where there is nothing to compare. `good`: whether more is
    better; None: neither is.
    """

    before: float | None
    after: float | None
    by: float | None
    good: bool | None = None

    @property
    def rises(self) -> bool:
        return self.by is not None and self.by > 0

    @property
    def falls(self) -> bool:
        return self.by is not None and self.by < 0

    @property
    def look(self) -> Literal["better", "worse", "same"]:
        """Return how it is coloured."""
        if not self.by or self.good is None:
            return "same"
        return "better" if self.rises is self.good else "worse"


@dataclass(frozen=True)
class Comparison:
    """`days`: what is compared of the period, without today; `received.by` is a share, that of a rate a difference."""

    days: Period
    before: Period
    received: Change
    success: Change
    on_time: Change
    median: Change

    @property
    def possible(self) -> bool:
        """Whether anything came in the days before."""
        return bool(self.received.before)


def compare(period: Period) -> Comparison | None:
    """Count both; None where no day of the period is over, or none comes before it. Two questions to the database."""
    days = period.whole_days()
    before = days.before() if days else None
    if days is None or before is None:
        return None
    (old, old_median), (new, new_median) = total_of(before), total_of(days)
    share = _tenth(new.received / old.received - 1) if old.received else None
    return Comparison(
        days=days,
        before=before,
        received=Change(old.received, new.received, share),
        success=_of_rates(_success(old), _success(new)),
        on_time=_of_rates(old.on_time_rate, new.on_time_rate),
        median=_of_hours(old_median, new_median),
    )


def _success(row: Row) -> float | None:
    return row.success_rate if row.judged else None


def _of_rates(before: float | None, after: float | None) -> Change:
    by = None if before is None or after is None else _tenth(after - before)
    return Change(before, after, by, good=True)


def _of_hours(before: float | None, after: float | None) -> Change:
    by = None if before is None or after is None else round(after - before, 1)
    return Change(before, after, by, good=False)


def _tenth(rate: float) -> float:
    """Round a rate to a tenth of a per cent."""
    return round(rate, 3)
