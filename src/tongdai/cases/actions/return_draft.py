"""Return a draft: its approver says what to change, and its officers mend it. Its citizen hears nothing of it."""

from __future__ import annotations

from datetime import datetime

from .. import drafts
from ..actor import Actor
from ..models import Case
from ..states import WITH_AGENCY, Rule, Way, Who
from ..transition import transition
from .approve import to_decide

RULE = Rule("return_draft", Way(from_=WITH_AGENCY, to=None, who={Who.APPROVER_OF_LEAD}))


def return_draft(case: Case, *, by: Actor, words: str, at: datetime, seen: int | None = None) -> Case:
    """Give the draft back with `words`: what to change. The answer clock runs on.

    `seen`: the draft that the approver had before them.

    Raises:
        ActionRefused: the case isn't with `by`'s agency, or they are no approver; no draft waits, it is their own, or
            another than they read.
    """
    with transition(case, RULE, by=by, at=at) as change:
        returned = to_decide(change, by=by, seen=seen)
        change.set(**drafts.give_back(returned, by=by, wanted=words, at=at))
        change.record(draft=returned.pk)
    return change.case
