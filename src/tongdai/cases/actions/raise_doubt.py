"""Raise a doubt: the second look finds that a case may be a denunciation, so no agency gets it until somebody has said."""

from __future__ import annotations

from datetime import datetime

from ..actor import Actor
from ..models import Case
from ..transition import moving


def raise_doubt(case: Case, *, by: Actor, at: datetime) -> Case:
    """Keep the case from every agency until its sender or a coordinator has decided.

    Raises:
        ActionRefused: it has left the inbox.
    """
    with moving(case, "raise_doubt", by=by, at=at) as move:
        if not move.case.confidential:
            move.set(perhaps_denunciation=True)
    return move.case
