"""Erase a case's words: what was said, by whom, where exactly. Its events, topic, ward and dates stay."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from tongdai.people.models import Interaction

from .. import links
from ..actor import Actor
from ..models import Answer, Assignment, Attachment, Case, Rejection
from ..transition import moving


def erase(case: Case, *, interactions: Collection[int], because: str, by: Actor, at: datetime) -> list[str]:
    """Blank what the case and these interactions say; the files in storage that are to go after the commit.

    Raises:
        ActionRefused: the case is open: whoever works on it needs the words.
    """
    with moving(case, "erase", by=by, at=at) as move:
        photos = Attachment.objects.filter(case=move.case)
        files = list(photos.values_list("file", flat=True))
        photos.delete()
        move.blank(
            text="", sender_name="", address="", latitude=None, longitude=None, search=None, contact=None,
            number_proven_at=None, erased_at=at,
        )  # fmt: skip
        links.withdraw(move.case, at=at)
        Answer.objects.filter(case=move.case).update(text="")
        Rejection.objects.filter(case=move.case).update(reason="")
        Assignment.objects.filter(case=move.case).update(note="", end_reason="")
        Interaction.objects.filter(pk__in=interactions).update(body="", address="", digest="", detail={}, contact=None)
        move.record(because=because)
    return files
