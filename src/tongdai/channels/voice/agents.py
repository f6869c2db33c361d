"""Those who take calls: their telephones."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser

from tongdai.accounts.models import User
from tongdai.platform import wake

from .models import Agent, Line, new_secret
from .records import set_state


def line_of(user: User) -> Line:
    """The person's telephone; a new one is made known to the exchange at once."""
    line, new = Line.objects.get_or_create(user=user)
    if new:
        wake.wake("lines", [line.pk])
    return line


def use(kind: Line.Kind, *, by: User) -> Line:
    """Another kind of telephone from now on, with a password of its own: what the old one knew opens nothing."""
    line, _new = Line.objects.update_or_create(user=by, defaults={"kind": kind, "secret": new_secret()})
    Agent.objects.filter(user=by).update(online=False)
    wake.wake("lines", [line.pk])
    wake.wake("agents", [by.pk])
    return line


def leave_the_room(user: User | AnonymousUser) -> None:
    """Who goes home is rung no more."""
    if isinstance(user, User) and Agent.objects.filter(user=user).exclude(state=Agent.State.OUT).exists():
        set_state(user, Agent.State.OUT)
