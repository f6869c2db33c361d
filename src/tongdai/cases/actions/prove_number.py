"""The number on a case is its citizen's: the one-time code sent to it came back from where the case was filed."""

from __future__ import annotations

from datetime import datetime

from ..actor import Actor
from ..models import Case
from ..transition import moving


def prove_number(case: Case, *, by: Actor, at: datetime) -> Case:
    """From now on this number opens this case, and no other (PRODUCT.md, "Who may see what").

    The caller has seen the right code (`cases.one_time`); done twice, the first time counts.

    Raises:
        ActionRefused: only its citizen proves a number.
    """
    with moving(case, "prove_number", by=by, at=at) as move:
        if move.case.number_proven_at is None:
            move.case.number_proven_at = at
            move.fields.add("number_proven_at")
    return move.case
