"""What the desk shows of the telephone: who sees which calls and agents, and how the room stands."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q

from tongdai.accounts.models import Role, User

from .models import Agent, Call

TAKES_CALLS = frozenset({Role.CALL_TAKER, Role.COORDINATOR})
SEES_ROOM = frozenset({Role.SUPERVISOR, Role.COORDINATOR})


def calls_shown_to(user: User, ids: Iterable[int]) -> list[int]:
    """Of these calls those the viewer may know of: his own, and all for who watches the room."""
    mine = Q(pk__in=list(ids)) if user.role in SEES_ROOM else Q(pk__in=list(ids)) & (Q(agent=user) | Q(agent=None))
    if user.role not in TAKES_CALLS | SEES_ROOM:
        return []
    return list(Call.objects.filter(mine).values_list("pk", flat=True))


def agents_shown_to(user: User, ids: Iterable[int]) -> list[int]:
    """Of these members of staff those whose state at the telephone the viewer may know."""
    asked = list(ids)
    return asked if user.role in SEES_ROOM else [each for each in asked if each == user.pk]


def agent_of(user: User) -> Agent | None:
    """The person at the telephone, with the call in hand; None: never been."""
    return Agent.objects.filter(user=user).select_related("call__contact", "call__queue", "call__case").first()


def colleagues_of(user: User) -> list[Agent]:
    """Those a call can be handed to now."""
    free = Agent.objects.filter(online=True, state=Agent.State.READY, user__is_active=True).exclude(user=user)
    return list(free.select_related("user").order_by("user__full_name"))


def waiting_now(*, at: datetime) -> int:
    """How many callers wait for a person."""
    return Call.objects.filter(state__in=[Call.State.WAITING, Call.State.RINGING], came_at__lte=at).count()
