"""Clear a doubt: the citizen or a coordinator says that a case is no denunciation, so an agency may have it."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from ..actor import Actor
from ..models import Case
from ..states import ANYWHERE, Rule, Way, Who
from ..transition import transition

RULE = Rule("clear_doubt", Way(from_=ANYWHERE, to=None, who={Who.COORDINATOR, Who.CITIZEN}))


def clear_doubt(case: Case, *, by: Actor, at: datetime) -> Case:
    """Let the case go on as any other.

    Raises:
        ActionRefused: there is no doubt (any more), or it isn't this actor's to clear.
    """
    with transition(case, RULE, by=by, at=at) as change:
        if not change.case.perhaps_denunciation:
            change.refuse(_("Phiếu này đã có người xem rồi."))
        change.set(perhaps_denunciation=False)
    return change.case
