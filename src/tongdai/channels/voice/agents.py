"""Those who take calls: their telephones."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser

from tongdai.accounts.models import User
from tongdai.platform import wake

from .models import Agent, Line
from .records import set_state


def line_of(user: User) -> Line:
    """The person's telephone; a new one is made known to the exchange at once."""
    line, new = Line.objects.get_or_create(user=user)
    if new:
        wake.wake("lines", [line.pk])
    return line


def leave_the_room(user: User | AnonymousUser) -> None:
    """Who goes home is rung no more."""
    if isinstance(user, User) and Agent.objects.filter(user=user).exclude(state=Agent.State.OUT).exists():
        set_state(user, Agent.State.OUT)
