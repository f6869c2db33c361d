"""Raise a doubt: the second look finds that a case may be a denunciation, so no agency gets it until somebody has said."""

from __future__ import annotations

from datetime import datetime

from ..actor import Actor
from ..models import Case
from ..states import INBOX, Rule, Way, Who
from ..transition import transition
from .unmerge import release_all

RULE = Rule("raise_doubt", Way(from_=INBOX, to=None, who={Who.SYSTEM}), merged="too")


def raise_doubt(case: Case, *, by: Actor, at: datetime) -> Case:
    """Keep the case from every agency until its sender or a coordinator has decided.

    Raises:
        ActionRefused: it has left the inbox.
    """
    with transition(case, RULE, by=by, at=at) as change:
        if not change.case.confidential:
            release_all(change.case, at=at)
            change.set(perhaps_denunciation=True)
    return change.case
