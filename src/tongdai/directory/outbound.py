"""What the city texts and rings, kept in memory; the administrator says so."""

from __future__ import annotations

from collections.abc import Iterable

from .freshness import Fresh
from .models import Outbound


def _read() -> Outbound:
    return Outbound.objects.filter(pk=1).first() or Outbound(pk=1)


the_outbound = Fresh(_read)
"""`the_outbound()` → its row, seconds old at most; the usual one, not saved, until the city decides otherwise."""


def decide(*, kinds: Iterable[str], **limits: int) -> None:
    """Text and ring these kinds of numbers from now on, so many an hour; a limit that isn't named is the usual one."""
    Outbound.objects.update_or_create(pk=1, defaults={"kinds": list(kinds), **limits})
    the_outbound.forget()
