"""A long list a few rows at a time: a phone shows twenty, says of how many, and goes on."""

from __future__ import annotations

from dataclasses import dataclass

MOST = 20  # rows of a table, each a card
MOST_NAMES = 50  # of a list where a row is a name alone
DIGITS = 6  # no list is longer


@dataclass(frozen=True)
class Page:
    """Rows `first` to `last` of `total`, counted from 1; `next` and `previous` begin at their own first, 0 if none."""

    total: int
    first: int = 1
    most: int = MOST

    @classmethod
    def of(cls, given: str, *, total: int, most: int = MOST) -> Page:
        """The page that the address asks for; nonsense begins at the first row, what lies beyond the end is the last page."""
        first = wanted(given)
        if first > total:
            first = max(total - 1, 0) // most * most + 1
        return cls(total=total, first=first, most=most)

    @property
    def rows(self) -> slice:
        return slice(self.first - 1, self.last)

    @property
    def last(self) -> int:
        return min(self.first + self.most - 1, self.total)

    @property
    def next(self) -> int:
        return self.last + 1 if self.last < self.total else 0

    @property
    def previous(self) -> int:
        return max(self.first - self.most, 1) if self.first > 1 else 0

    @property
    def whole(self) -> bool:
        return self.total <= self.most


def wanted(given: str) -> int:
    """The row that a page is to begin with, as the address says it; 1 where it says nothing."""
    if not (given.isascii() and given.isdigit()):
        return 1
    return max(int(given), 1) if len(given) <= DIGITS else 10**DIGITS
