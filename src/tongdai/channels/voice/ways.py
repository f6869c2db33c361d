"""Whether this house can ring somebody outside."""

from __future__ import annotations

from .exchange.home import is_here
from .records import ways_out


def can_ring_out() -> bool:
    """An exchange to ring by, and a carrier's trunk."""
    return is_here() and bool(ways_out())
