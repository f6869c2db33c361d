"""Answer a case: what is committed here goes to the citizen by the channel they came by."""

from __future__ import annotations

from datetime import datetime

from ..actor import Actor
from ..models import Answer, Case
from ..transition import moving


def answer(case: Case, *, by: Actor, text: str, at: datetime) -> Case:
    """Give the city's answer. The first one stops the answer clock.

    Raises:
        ActionRefused: the case isn't this actor's to answer, or is answered already.
    """
    with moving(case, "answer", by=by, at=at) as move:
        given = Answer.objects.create(
            case=move.case, agency=by.user.agency if by.user else None, author=by.user, text=text, answered_at=at
        )
        move.set(answered_at=move.case.answered_at or at)
        move.record(answer=given)
    return move.case
