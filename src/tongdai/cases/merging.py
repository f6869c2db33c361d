"""A case that is merged into another one about the same matter: which ones follow a case, and what ends it (ADR 51).

`transition` ends it for a case that can follow nobody any more, whatever the action: one of danger or a denunciation (perhaps),
one that its citizen withdrew, and one that was answered and is reopened.
"""

from __future__ import annotations

from typing import Any

from .models import Case
from .states import OPEN, State


def ended() -> dict[str, Any]:
    """Return the columns of a merged case from when it stands by itself again."""
    return {"duplicate_of": None, "merged_at": None}


def is_over(case: Case, *, before: State) -> bool:
    """Say whether a merged case follows no more; `before`: the state it comes from."""
    secret = case.confidential or case.perhaps_denunciation
    reopened = before not in OPEN and case.state in OPEN
    return case.untaken or case.in_danger or secret or case.withdrawn_at is not None or reopened


def followers(case: Case) -> list[Case]:
    """Return the cases that follow this one, the oldest first, but those whose words are erased.

    Ask with the case locked: nobody merges one into it meanwhile. One that may be a denunciation leads none, so that
    nothing of it reaches anybody else.
    """
    if not case.has_duplicates or case.confidential or case.perhaps_denunciation:
        return []
    return list(Case.objects.filter(duplicate_of=case.pk, erased_at=None).order_by("received_at", "pk"))
