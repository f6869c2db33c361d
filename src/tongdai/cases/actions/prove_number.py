"""The number on a case is its citizen's: the one-time code sent to it came back from where the case was filed."""

from __future__ import annotations

from datetime import datetime

from tongdai.people.purposes import Purpose

from ..actor import Actor
from ..models import Case
from ..states import ANYWHERE, Rule, Way, Who
from ..transition import transition

RULE = Rule("prove_number", Way(from_=ANYWHERE, to=None, who={Who.CITIZEN}), notifies=Purpose.RECEIPT, merged="too")


def prove_number(case: Case, *, by: Actor, at: datetime) -> Case:
    """Let this number open this case from now on, and no other (docs/personal-data.md).

    The caller has seen the right code (`cases.access.one_time`); done twice, the first time counts.

    Raises:
        ActionRefused: only its citizen proves a number.
    """
    with transition(case, RULE, by=by, at=at) as change:
        if change.case.number_proven_at is None:
            change.case.number_proven_at = at
            change.fields.add("number_proven_at")
    return change.case
