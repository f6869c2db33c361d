"""Take a draft back: its author thinks better of it before anybody has decided."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from .. import drafts
from ..actor import Actor
from ..models import Case
from ..states import WITH_AGENCY, Rule, Way, Who
from ..transition import transition

RULE = Rule("take_back", Way(from_=WITH_AGENCY, to=None, who={Who.OFFICER_OF_LEAD}))


def take_back(case: Case, *, by: Actor, at: datetime) -> Case:
    """Have the draft back, to be mended and handed in once more.

    Raises:
        ActionRefused: the case isn't with `by`'s agency, no draft waits (any more), or somebody else wrote it.
    """
    with transition(case, RULE, by=by, at=at) as change:
        waiting = drafts.current(change.case)
        if waiting is None or change.case.drafted_at is None:
            change.refuse(_("Không còn dự thảo nào của phiếu này chờ duyệt."))
        if by.user is None or waiting.author_id != by.user.pk:
            change.refuse(_("Chỉ người soạn rút lại được dự thảo này."))
        change.set(**drafts.give_back(waiting, by=by, wanted="", at=at))
        change.record(draft=waiting.pk)
    return change.case
