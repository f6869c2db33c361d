"""A long table a few rows at a time: a phone shows twenty, says of how many, and goes on."""

from __future__ import annotations

from dataclasses import dataclass

MOST = 20


@dataclass(frozen=True)
class Page:
    """Rows `first` to `last` of `total`, counted from 1; `next` and `previous` begin at their own first, 0 if none."""

    total: int
    first: int = 1

    @classmethod
    def of(cls, given: str, *, total: int) -> Page:
        """The page that the address asks for; nonsense begins at the first row."""
        first = int(given) if given.isascii() and given.isdigit() and len(given) < 7 else 1
        return cls(total=total, first=first if 1 <= first <= total else 1)

    @property
    def rows(self) -> slice:
        return slice(self.first - 1, self.last)

    @property
    def last(self) -> int:
        return min(self.first + MOST - 1, self.total)

    @property
    def next(self) -> int:
        return self.last + 1 if self.last < self.total else 0

    @property
    def previous(self) -> int:
        return max(self.first - MOST, 1) if self.first > 1 else 0

    @property
    def whole(self) -> bool:
        return self.total <= MOST
