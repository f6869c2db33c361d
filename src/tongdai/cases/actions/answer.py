"""Answer a case: what is committed here goes to the citizen by the channel they came by."""

from __future__ import annotations

from datetime import datetime

from tongdai.people.purposes import Purpose

from ..actor import Actor
from ..models import Answer, Case
from ..search.answer_words import vector
from ..states import INBOX, WITH_AGENCY, Rule, State, Way, Who
from ..transition import transition

RULE = Rule(
    "answer",
    Way(from_=INBOX, to=State.ANSWERED, who={Who.COORDINATOR}),
    Way(from_=WITH_AGENCY, to=State.ANSWERED, who={Who.OFFICER_OF_LEAD}),
    notifies=Purpose.ANSWER,
)


def answer(case: Case, *, by: Actor, text: str, at: datetime) -> Case:
    """Give the city's answer. The first one stops the answer clock.

    Raises:
        ActionRefused: the case isn't this actor's to answer, or is answered already.
    """
    with transition(case, RULE, by=by, at=at) as change:
        given = Answer.objects.create(
            case=change.case,
            agency_id=by.user.agency_id if by.user else None,
            author=by.user,
            text=text,
            answered_at=at,
            search=vector(text),
        )
        change.set(answered_at=change.case.answered_at or at)
        change.record(answer=given)
    return change.case
