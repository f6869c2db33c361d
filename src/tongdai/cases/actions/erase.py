"""Erase a case's words: what was said, by whom, where exactly. Its events, topic, ward and dates stay."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from tongdai.people.models import Interaction

from .. import drafts, supports
from ..access import links
from ..actor import Actor
from ..models import Answer, Assignment, Attachment, Case, Rejection, Remark
from ..states import OVER, Rule, Way, Who
from ..transition import transition

RULE = Rule("erase", Way(from_=OVER, to=None, who={Who.SYSTEM}), merged="too")


def erase(case: Case, *, interactions: Collection[int], because: str, by: Actor, at: datetime) -> list[str]:
    """Blank what the case and these interactions say; the files in storage that are to go after the commit.

    Raises:
        ActionRefused: the case is open: whoever works on it needs the words.
    """
    with transition(case, RULE, by=by, at=at) as change:
        photos = Attachment.objects.filter(case=change.case)
        files = list(photos.values_list("file", flat=True))
        photos.delete()
        change.blank(
            text="", sender_name="", address="", latitude=None, longitude=None, search=None, contact=None,
            number_proven_at=None, erased_at=at,
        )  # fmt: skip
        links.withdraw(change.case, at=at)
        Answer.objects.filter(case=change.case).update(text="", search=None)
        drafts.erase(change.case)
        supports.erase(change.case)
        Rejection.objects.filter(case=change.case).update(reason="")
        Assignment.objects.filter(case=change.case).update(note="", end_reason="")
        Remark.objects.filter(event__case=change.case).update(text="")
        Interaction.objects.filter(pk__in=interactions).update(body="", address="", digest="", detail={}, contact=None)
        change.record(because=because)
    return files
