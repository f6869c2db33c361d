"""What the desk shows of the telephone: who sees which calls and agents, and how the room stands."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from tongdai.accounts.models import User
from tongdai.accounts.rights import HEARS_ANY_CALL, SEES_ROOM, TAKES_CALLS
from tongdai.cases.models import Case
from tongdai.cases.queries import visible_cases
from tongdai.people.models import Contact

from ..models import Agent, Call, Recording


def calls_shown_to(user: User, ids: Iterable[int]) -> list[int]:
    """Of these calls those whose news the viewer gets: all for who watches the room, by role alone, without a query.

    Whose call it is is told by the channel `agents`: a storm of calls must not be a question for each desk.
    """
    return list(ids) if user.role in SEES_ROOM else []


def agents_shown_to(user: User, ids: Iterable[int]) -> list[int]:
    """Of these members of staff those whose state at the telephone the viewer may know."""
    asked = list(ids)
    return asked if user.role in SEES_ROOM else [each for each in asked if each == user.pk]


def recordings_open_to(user: User) -> QuerySet[Recording]:
    """Of calls about a case: by whoever sees the case. Of others: by the one who talked, and who may hear any; a

    message left, which is yet to be written down, by every call taker.
    """
    about = Q(call__case__in=visible_cases(user))
    message = Q(kind=Recording.Kind.MESSAGE) if user.role in TAKES_CALLS else Q(pk=None)
    other = Q(call__case=None) & (Q() if user.role in HEARS_ANY_CALL else Q(call__agent=user) | message)
    return Recording.objects.filter(about | other).exclude(file="")


def known_contacts(user: User) -> QuerySet[Contact]:
    """Those of whom this person may see a case, or a call that was about none: anybody else was never here."""
    case = visible_cases(user).filter(contact=OuterRef("pk"))
    call = Call.objects.filter(contact=OuterRef("pk"), case=None)
    return Contact.objects.filter(Exists(case) | Exists(call))


def calls_about(case: Case) -> list[Call]:
    """The calls in which this case was talked about, with what was recorded of them."""
    return list(
        Call.objects.filter(case=case).select_related("agent").prefetch_related("recordings").order_by("came_at")
    )


def agent_of(user: User) -> Agent | None:
    """The person at the telephone, with their line and the call in hand; None: never been. One query."""
    known = Agent.objects.select_related("user__line", "call__contact", "call__queue", "call__case")
    return known.filter(user=user).first()


def colleagues_of(user: User) -> list[Agent]:
    """Those a call can be handed to now."""
    free = Agent.objects.filter(online=True, state=Agent.State.READY, user__is_active=True).exclude(user=user)
    return list(free.select_related("user").order_by("user__full_name"))


def waiting_now(*, at: datetime) -> int:
    """How many callers wait for a person."""
    return Call.objects.filter(state__in=[Call.State.WAITING, Call.State.RINGING], came_at__lte=at).count()


def can_ring(user: User) -> bool:
    """Whether this person's telephone is there, and free."""
    busy = [Agent.State.RINGING, Agent.State.TALKING]
    return Agent.objects.filter(user=user, online=True).exclude(state__in=busy).exists()
