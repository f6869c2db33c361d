"""Note something about a case for the colleagues who may see it; its citizen is neither told nor shown it."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from ..actor import Actor
from ..models import Case
from ..states import ANYWHERE, Rule, Way, Who
from ..transition import transition

RULE = Rule(
    "note",
    Way(from_=ANYWHERE, to=None, who={Who.READER, Who.COORDINATOR, Who.OFFICER_OF_LEAD, Who.INSPECTOR}),
    merged="too",
)


def note(case: Case, *, by: Actor, words: str, at: datetime) -> Case:
    """Add the words to the staff's history. Erasure blanks them with the case's own; afterwards none are added.

    Raises:
        ActionRefused: the case isn't this actor's to see, or its words have been erased.
    """
    with transition(case, RULE, by=by, at=at) as change:
        if change.case.erased_at is not None:
            change.refuse(_("Lời của phiếu này đã được xóa theo luật, không ghi thêm được."))
        change.add_remark(words)
    return change.case
