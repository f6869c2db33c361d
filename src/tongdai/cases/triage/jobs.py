"""The second look at what has come in, within two seconds: it raises the level, and with it rings and tells.

It may also find a denunciation, or what may be one, unless somebody has said already.
"""

from __future__ import annotations

from django.db.models import Q

from tongdai.platform import jobs
from tongdai.platform.clock import now

from ..actions.mark_denunciation import mark_denunciation
from ..actions.raise_danger import raise_danger
from ..actions.raise_doubt import raise_doubt
from ..actor import Actor
from ..models import Case, Event
from ..states import INBOX, OPEN
from ..transition import LOOK_AGAIN
from .danger import RANK, Level
from .second_look import look_again


@jobs.task(name=LOOK_AGAIN, queue="triage")
def look_again_at(event_id: int) -> None:
    """Look at the case of this event once more; run twice, the second time changes nothing."""
    case = Event.objects.select_related("case").get(pk=event_id).case
    judged = look_again(case.text)
    if case.state in OPEN and RANK[judged.level] > RANK[Level(case.danger_level)]:
        case = raise_danger(case, by=Actor.system(), level=judged.level, kind=judged.kind, at=now())
    if case.state in INBOX and not (case.confidential or case.perhaps_denunciation or _is_settled(case)):
        if judged.denunciation:
            mark_denunciation(case, by=Actor.system(), at=now())
        elif judged.asked:
            raise_doubt(case, by=Actor.system(), at=now())


def _is_settled(case: Case) -> bool:
    """Whether somebody has said already whether it is a denunciation."""
    decided = case.events.filter(
        Q(action__in=["clear_doubt", "unmark_denunciation", "raise_doubt"]) | Q(changed__has_key="denunciation")
    )
    return decided.exists()
