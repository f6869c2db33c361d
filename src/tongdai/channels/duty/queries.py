"""What is shown of alarms, and to whom: what the desk may see, and what truly reached who is on duty."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from enum import StrEnum

from django.db.models import CharField, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext as _

from tongdai.accounts.models import User
from tongdai.accounts.rights import KEEPS_ROSTER
from tongdai.cases.models import Case
from tongdai.people.models import Interaction

from .models import Ring

Text = Interaction.State
LEFT = frozenset({Text.SENT, Text.DELIVERED, Text.UNKNOWN})
ON_ITS_WAY = frozenset({Text.QUEUED, Text.SENDING, Text.HELD})


class Reach(StrEnum):
    """What was done so that who is on duty knows; whatever was more stands for what was less."""

    CALLED = "called"  # a number of theirs was dialled
    CALLING = "calling"  # it is about to be
    TEXTED = "texted"
    TEXTING = "texting"
    NOTHING = "nothing"


def alarms_shown_to(user: User, ids: Iterable[int]) -> list[int]:
    """Return those of these alarms that the viewer may know of: whoever keeps the roster, all."""
    return list(ids) if user.role in KEEPS_ROSTER else []


def rings_about(case: Case) -> QuerySet[Ring]:
    """Return everybody who was rung for this case, in order, as `with_texts` does."""
    return with_texts(Ring.objects.filter(alarm__waiting__case=case).distinct().order_by("pk"))


def with_texts(rings: QuerySet[Ring]) -> QuerySet[Ring]:
    """Give each its `text_state`: what became of the text that went with it, None where there was none."""
    key = Concat(Value("duty:"), Cast(OuterRef("pk"), CharField()))
    return rings.annotate(text_state=Subquery(Interaction.objects.filter(key=key).values("state")[:1]))


def reach(rings: Collection[Ring]) -> Reach:
    """Return the most that was done by these steps, which were read `with_texts`."""
    texts = {getattr(ring, "text_state", None) for ring in rings}
    if any(ring.calls for ring in rings):
        return Reach.CALLED
    if any(ring.goes_on for ring in rings):
        return Reach.CALLING
    if texts & LEFT:
        return Reach.TEXTED
    return Reach.TEXTING if texts & ON_ITS_WAY else Reach.NOTHING


def outcome(ring: Ring) -> str:
    """Return what came of a step in words; whoever couldn't be rung was texted, or not even that."""
    words = str(Ring.State(ring.state).label)
    if ring.state != Ring.State.NOT_RUNG:
        return words
    text = {
        Reach.TEXTED: _("đã nhắn tin"),
        Reach.TEXTING: _("tin nhắn đang chờ gửi"),
    }.get(reach([ring]), _("không nhắn tin được"))
    return f"{words}, {text}"
