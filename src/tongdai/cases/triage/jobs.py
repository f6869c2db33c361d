"""The second look at what has come in, within two seconds: it raises the level, and with it rings and tells."""

from __future__ import annotations

from tongdai.platform import jobs
from tongdai.platform.clock import now

from ..actions.raise_danger import raise_danger
from ..actor import Actor
from ..lifecycle import OPEN
from ..models import Event
from ..moving import LOOK_AGAIN
from .danger import RANK, Level
from .second_look import look_again


@jobs.task(name=LOOK_AGAIN, queue="triage")
def look_again_at(event_id: int) -> None:
    """Look at the case of this event once more; run twice, the second time changes nothing."""
    case = Event.objects.select_related("case").get(pk=event_id).case
    judged = look_again(case.text)
    if case.state in OPEN and RANK[judged.level] > RANK[Level(case.danger_level)]:
        raise_danger(case, by=Actor.system(), level=judged.level, kind=judged.kind, at=now())
