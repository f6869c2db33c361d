"""Reject a case: the city does not take the matter up, on a ground in law that the citizen is told."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from tongdai.people.purposes import Purpose

from ..actor import Actor
from ..models import Case, Rejection
from ..states import INBOX, Rule, State, Way, Who
from ..transition import transition
from . import follow

RULE = Rule(
    "reject", Way(from_=INBOX, to=State.REJECTED, who={Who.COORDINATOR}), notifies=Purpose.ANSWER, undoable=True
)


@transaction.atomic  # those that follow it are rejected with it, or none is
def reject(case: Case, *, by: Actor, ground: str, reason: str, at: datetime) -> Case:
    """End the case without an answer. `ground` is one of `Rejection.Ground`; `reason` is what the citizen reads.

    Raises:
        ActionRefused: the case isn't in the inbox, or isn't this actor's to reject.
        ValueError: no such ground.
    """
    with transition(case, RULE, by=by, at=at) as change:
        rejection = Rejection.objects.create(
            case=change.case, ground=Rejection.Ground(ground), reason=reason, by=by.user, rejected_at=at
        )
        change.record(ground=ground)
    follow.reject_all(change.case, rejection, at=at)
    return change.case
