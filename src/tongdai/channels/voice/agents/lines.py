"""Those who take calls: their telephones."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.contrib.auth.models import AnonymousUser
from django.db import transaction

from tongdai.accounts.models import User
from tongdai.accounts.rights import HAS_PHONE
from tongdai.accounts.sign_in.sessions import notify_viewers
from tongdai.platform import wake
from tongdai.platform.clock import now

from ..agents.states import set_state
from ..models import Agent, Line, new_secret

ON_THE_LINE = (Agent.State.RINGING, Agent.State.TALKING)
AWAY_FOR = timedelta(seconds=10)  # then another browser has the telephone without being asked


def line_of(user: User) -> Line:
    """The person's telephone; a new one is made known to the exchange at once."""
    line, new = Line.objects.get_or_create(user=user)
    if new:
        wake.wake("lines", [line.pk])
    return line


@transaction.atomic
def open_line(user: User, *, browser: str, asks: bool = False, takes: bool = False) -> Line | None:
    """The telephone, for the page in this browser. None: another browser has it, and keeps it.

    Whoever opens the desk has it, but not out of a call that goes on, and not where this browser has lost it before
    (`asks`); `takes`: the person says that they want it here.
    """
    line = Line.objects.select_for_update().get(pk=line_of(user).pk)
    if line.holder == browser:
        return line
    agent = Agent.objects.filter(user=user).first()
    is_in_use = agent is not None and not _is_left(agent, at=now()) and (asks or agent.state in ON_THE_LINE)
    if line.holder and is_in_use and not takes:
        return None
    line.holder = browser
    line.save(update_fields=["holder"])
    wake.wake("agents", [user.pk])
    notify_viewers([user.pk])  # the other's way to the exchange ends
    return line


def _is_left(agent: Agent, *, at: datetime) -> bool:
    """Whether the browser that had the telephone has not been there for a while."""
    gone = not agent.online and (agent.away_since is None or agent.away_since < at - AWAY_FOR)
    return gone or agent.state == Agent.State.OUT


def mute(user: User, *, on: bool) -> None:
    """The person's microphone is off in the call in hand, or on: what a page that is read anew begins with."""
    if Agent.objects.filter(user=user, state=Agent.State.TALKING).update(muted=on):
        wake.wake("agents", [user.pk])


def use(kind: Line.Kind, *, by: User) -> Line:
    """Another kind of telephone from now on, with a password of its own: what the old one knew opens nothing."""
    line, _new = Line.objects.update_or_create(user=by, defaults={"kind": kind, "secret": new_secret(), "holder": ""})
    Agent.objects.filter(user=by).update(online=False)
    wake.wake("lines", [line.pk])
    wake.wake("agents", [by.pk])
    return line


def leave_the_room(user: User | AnonymousUser) -> None:
    """Who goes home is rung no more."""
    if isinstance(user, User) and Agent.objects.filter(user=user).exclude(state=Agent.State.OUT).exists():
        set_state(user, Agent.State.OUT)


def is_on_the_line(user: User | AnonymousUser) -> bool:
    """Whether a call rings or is talked on: nobody goes out of it by signing out."""
    return isinstance(user, User) and Agent.objects.filter(user=user, state__in=ON_THE_LINE).exists()


def is_at_the_phone(user: User) -> bool:
    """Whether this person stands ready for a call, or has one: at work, though no key is pressed (`accounts.registry`)."""
    at_work = (Agent.State.READY, Agent.State.RINGING, Agent.State.TALKING, Agent.State.AFTER_CALL)
    return Agent.objects.filter(user=user, online=True, state__in=at_work).exists()


def follow_the_person(user: User) -> None:
    """Who is out, or has a role without a telephone, loses the line (`accounts.registry`).

    The exchange forgets it within a second; what rings there stops, and whom they talk with is served by another
    (`Switchboard.part_with`).
    """
    if user.is_active and user.role in HAS_PHONE:
        return
    if lines := list(Line.objects.filter(user=user)):
        Line.objects.filter(user=user).delete()
        Agent.objects.filter(user=user).update(online=False)
        Agent.objects.filter(user=user).exclude(state__in=ON_THE_LINE).update(
            state=Agent.State.OUT, call=None, since=now()
        )
        wake.wake("lines", [line.pk for line in lines])
        wake.wake("agents", [user.pk])
