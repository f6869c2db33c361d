"""Those who take calls: their telephones."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser

from tongdai.accounts.models import User
from tongdai.accounts.rights import HAS_PHONE
from tongdai.platform import wake
from tongdai.platform.clock import now

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


def is_at_the_phone(user: User) -> bool:
    """Whether this person stands ready for a call, or has one: at work, though no key is pressed (settings.AT_WORK)."""
    at_work = (Agent.State.READY, Agent.State.RINGING, Agent.State.TALKING, Agent.State.AFTER_CALL)
    return Agent.objects.filter(user=user, online=True, state__in=at_work).exists()


def follow_the_person(user: User) -> None:
    """Who is out, or has a role without a telephone, loses the line (settings.PEOPLE_CHANGED).

    The exchange forgets it within a second; what rings there stops, and whom they talk with is served by another
    (`Switchboard.part_with`).
    """
    if user.is_active and user.role in HAS_PHONE:
        return
    if lines := list(Line.objects.filter(user=user)):
        Line.objects.filter(user=user).delete()
        busy = (Agent.State.RINGING, Agent.State.TALKING)
        Agent.objects.filter(user=user).update(online=False)
        Agent.objects.filter(user=user).exclude(state__in=busy).update(state=Agent.State.OUT, call=None, since=now())
        wake.wake("lines", [line.pk for line in lines])
        wake.wake("agents", [user.pk])
