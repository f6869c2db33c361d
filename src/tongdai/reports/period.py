"""A span of days in the city's zone, both ends in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils.translation import gettext_lazy

from tongdai.platform.clock import CITY_TZ, now, today
from tongdai.platform.typed_input import NotADay, taken

LONGEST = timedelta(days=3660)  # two hundred years made a page of 19 MB
TRIAL_COUNTED = (date(2022, 1, 21), date(2022, 3, 22))  # what the city reported of its trial


@dataclass(frozen=True)
class Period:
    """From the first day's midnight to the last day's."""

    first: date
    last: date

    def __post_init__(self) -> None:
        """Check the days. Raises NotADay."""
        if taken(self.last) < taken(self.first):
            raise NotADay(gettext_lazy("Ngày cuối phải sau ngày đầu."))
        if self.last - self.first > LONGEST:
            raise NotADay(gettext_lazy("Mỗi lần nhiều nhất mười năm."))

    @property
    def start(self) -> datetime:
        return datetime.combine(self.first, time(), CITY_TZ)

    @property
    def end(self) -> datetime:
        """Return the midnight after the last day: times are counted below it."""
        return datetime.combine(self.last + timedelta(days=1), time(), CITY_TZ)

    @property
    def counted_until(self) -> datetime:
        """Return the moment at which it is judged what is due: the end, or now while the period goes on."""
        return min(self.end, now())

    @property
    def days(self) -> list[date]:
        return [self.first + timedelta(n) for n in range((self.last - self.first).days + 1)]

    def whole_days(self) -> Period | None:
        """Return its days that are over: today is left out; None where none is."""
        last = min(self.last, today() - timedelta(days=1))
        return Period(self.first, last) if self.first <= last else None

    def before(self) -> Period | None:
        """Return as many days that end where it begins; None where they lie before what can be asked for."""
        try:
            return Period(self.first - timedelta(days=len(self.days)), self.first - timedelta(days=1))
        except NotADay:
            return None

    def halves(self) -> tuple[Period, Period] | None:
        """Return the first half of the days and the second; None for a single day."""
        middle = len(self.days) // 2
        if not middle:
            return None
        return Period(self.first, self.days[middle - 1]), Period(self.days[middle], self.last)

    def __str__(self) -> str:
        if self.first == self.last:
            return written(self.first)
        if self.first.year != self.last.year:
            return f"{written(self.first)} – {written(self.last)}"
        return f"{self.first.day}.{self.first.month} – {written(self.last)}"


def written(day: date) -> str:
    """Return `21.1.2022`."""
    return f"{day.day}.{day.month}.{day.year}"
