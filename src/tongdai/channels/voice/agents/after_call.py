"""The moment after a call in which an agent writes: it ends by itself, and never while somebody is typing."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Case, F, Q, When
from django.db.models.functions import Greatest

from tongdai.accounts.models import User
from tongdai.accounts.rights import TAKES_CALLS
from tongdai.platform import wake
from tongdai.platform.clock import now

from ..agents import states
from ..models import Agent
from .presence import GONE

USUAL = timedelta(seconds=30)
MORE = timedelta(minutes=2)  # each time more is asked for


def writes_on(user: User, *, more: bool = False) -> int | None:
    """Seconds left: as many as usual from now, as something is being typed; or `more` than there were. None: it is over."""
    at = now()
    ends = Case(When(writes_until=None, then=F("since") + USUAL), default=F("writes_until"))
    writing = Agent.objects.filter(user=user, state=Agent.State.AFTER_CALL)
    if not writing.update(writes_until=Greatest(ends, at) + MORE if more else Greatest(ends, at + USUAL)):
        return None
    if more:
        wake.wake("agents", [user.pk])
    return left(writing.get(), at=at)


def left(agent: Agent, *, at: datetime) -> int:
    """Seconds until the agent is ready again by itself."""
    ends = agent.writes_until or agent.since + USUAL
    return max(0, round((ends - at).total_seconds()))


def back_to_work() -> None:
    """Who has had time enough to write after a call may be rung again, if the telephone is there."""
    at = now()
    over = Q(writes_until=None, since__lte=at - USUAL) | Q(writes_until__lte=at)
    late = Agent.objects.filter(over, state=Agent.State.AFTER_CALL)
    if users := list(late.values_list("user_id", flat=True)):
        states.conclude_unreported(users)
        late.filter(user__is_active=False).update(state=Agent.State.OUT, since=at, call=None)
        late.filter(online=False).update(state=Agent.State.PAUSED, reason=GONE, since=at, call=None)
        late.exclude(user__role__in=TAKES_CALLS).update(state=Agent.State.PAUSED, since=at, call=None)  # took one over
        late.update(state=Agent.State.READY, since=at, call=None)
        wake.wake("agents", users)
