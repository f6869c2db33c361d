"""Whether an agent's telephone is there, as the exchange says. Whoever's is gone is not called ready."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

from django.db.models import Q

from tongdai.platform import wake
from tongdai.platform.clock import now

from ..models import Agent

GONE = "gone"  # why somebody is paused: the desk has the words
GONE_AFTER = timedelta(seconds=8)  # a page that is read anew, or a network that blinks, is back sooner
FORGIVEN_WITHIN = timedelta(minutes=5)  # who is back by then goes on as before


def online(endpoint: str, *, there: bool) -> None:
    """The telephone of this line came or went."""
    user = int(endpoint.removeprefix("line-"))
    agents = Agent.objects.filter(user__line__isnull=False, user=user).exclude(online=there)
    _are(list(agents.values_list("user_id", flat=True)), there=there)


def online_are(endpoints: Collection[str]) -> None:
    """Whose telephones are there, of all: what changed while we were away is put right."""
    there = {int(each.removeprefix("line-")) for each in endpoints if each.startswith("line-")}
    came, went = Q(user__in=there, online=False), Q(online=True) & ~Q(user__in=there)
    for which, is_there in ((came, True), (went, False)):
        _are(list(Agent.objects.filter(which).values_list("user_id", flat=True)), there=is_there)


def _are(users: list[int], *, there: bool) -> None:
    if not users:
        return
    at = now()
    Agent.objects.filter(user__in=users).update(online=there, away_since=None if there else at)
    if there:
        lately = Agent.objects.filter(state=Agent.State.PAUSED, reason=GONE, since__gte=at - FORGIVEN_WITHIN)
        lately.filter(user__in=users).update(state=Agent.State.READY, reason="", since=at)
    wake.wake("agents", users)


def pause_the_gone() -> None:
    """A browser that was closed or is asleep, a network that is off: nobody is ready there, and the room is told why."""
    at = now()
    late = at - GONE_AFTER
    gone = Agent.objects.filter(state=Agent.State.READY, online=False, since__lte=late)
    gone = gone.filter(Q(away_since=None) | Q(away_since__lte=late))
    if users := list(gone.values_list("user_id", flat=True)):
        Agent.objects.filter(user__in=users, state=Agent.State.READY).update(
            state=Agent.State.PAUSED, reason=GONE, since=at
        )
        wake.wake("agents", users)
