"""Those who take calls: their telephones."""

from __future__ import annotations

from tongdai.accounts.models import User
from tongdai.platform import wake

from .models import Line


def line_of(user: User) -> Line:
    """The person's telephone; a new one is made known to the exchange at once."""
    line, new = Line.objects.get_or_create(user=user)
    if new:
        wake.wake("lines", [line.pk])
    return line
