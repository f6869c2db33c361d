"""One question to whoever sent a matter that may be a denunciation: is it one? Asked before any agency sees it."""

from __future__ import annotations

from datetime import datetime

from tongdai.cases import queries
from tongdai.cases.actions.clear_doubt import clear_doubt
from tongdai.cases.actions.mark_denunciation import mark_denunciation
from tongdai.cases.actor import Actor
from tongdai.cases.states import ActionRefused
from tongdai.people.models import Channel

CITIZEN = Actor.citizen(channel=Channel.WEB)


def settle(code: str, *, denounces: bool, at: datetime) -> None:
    """Take the sender's word. Said twice, or after a coordinator has decided, "no" changes nothing; "yes" always seals it.

    Raises Case.DoesNotExist.
    """
    case = queries.citizens_case(code)
    try:
        if denounces:
            mark_denunciation(case, by=CITIZEN, at=at)
        else:
            clear_doubt(case, by=CITIZEN, at=at)
    except ActionRefused:
        return  # it is so already
