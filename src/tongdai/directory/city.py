"""The one city this house serves, kept in memory."""

from __future__ import annotations

from .freshness import Fresh
from .models import City


def _read() -> City:
    return City.objects.filter(pk=1).first() or City(pk=1)


the_city = Fresh(_read)
"""`the_city()` → its row, seconds old at most; a nameless one, not saved, in a house that has not been set up yet."""
