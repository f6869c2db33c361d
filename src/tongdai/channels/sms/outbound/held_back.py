"""A text the SMSC refuses while it takes others is held back alone: tried again later and later, then given up.

Then it stands on the gateway's page, where somebody may have it sent again.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog
from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Now

from tongdai.channels import outbound
from tongdai.people.models import Interaction

from ..models import HeldBack, Submission

log = structlog.get_logger()
PAUSES = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2))  # after each refusal
MOST_SHOWN = 100


def hold_back(submission_id: int, *, error: str, at: datetime, pause: timedelta | None = None) -> HeldBack:
    """The text of this submission waits: `pause`, which is no fault of its own, or the next of PAUSES, or for ever."""
    with transaction.atomic():
        row = Submission.objects.select_related("interaction", "link").get(pk=submission_id)
        held, _new = HeldBack.objects.select_for_update().get_or_create(interaction=row.interaction)
        held.why, held.carrier, held.state = error[:120], row.link.carrier, HeldBack.State.HELD
        if pause is None:
            held.tries += 1
        given_up = pause is None and held.tries > len(PAUSES)
        row.state, row.error, row.settled_at = Submission.State.REFUSED, error[:80], at
        row.save(update_fields=["state", "error", "settled_at"])
        if given_up:
            held.state, held.seen = HeldBack.State.GIVEN_UP, False
        held.until = None if given_up else Now() + (pause or PAUSES[held.tries - 1])
        held.at = Now()
        held.save()
        state = Interaction.State.FAILED if given_up else Interaction.State.QUEUED
        waiting = Interaction.objects.filter(pk=row.interaction_id)
        waiting.exclude(state=Interaction.State.FAILED).update(state=state, settled_at=at if given_up else None)
        if given_up:
            outbound.not_delivered([row.interaction_id], again=False)
    if pause is None:
        log.warning("sms.held_back", interaction=row.interaction_id, why=error, tries=held.tries, given_up=given_up)
    return held


def went_through(interaction_ids: set[int]) -> None:
    """The SMSC took something of them: those that it has now taken whole are no longer held back."""
    through = (Interaction.State.SENT, Interaction.State.DELIVERED)
    rows = HeldBack.objects.filter(interaction__in=interaction_ids, interaction__state__in=through)
    rows.filter(state=HeldBack.State.HELD).delete()


def for_a_person() -> QuerySet[HeldBack]:
    """Those held back for a reason of their own and those that ended, not yet put away; newest first."""
    shown = HeldBack.objects.filter(seen=False).exclude(state=HeldBack.State.HELD, tries=0)
    return shown.select_related("interaction").order_by("-pk")


def send_again(held_id: int) -> None:
    """Somebody wants it sent once more, at once; its validity counts anew.

    Raises:
        HeldBack.DoesNotExist: somebody has dealt with it already.
    """
    with transaction.atomic():
        held = HeldBack.objects.select_for_update().get(pk=held_id, seen=False)
        held.state, held.tries, held.until, held.fresh_from = HeldBack.State.HELD, 0, None, Now()
        held.save()
        Interaction.objects.filter(pk=held.interaction_id).update(state=Interaction.State.QUEUED, settled_at=None)


def put_away(held_id: int, *, at: datetime) -> None:
    """Nothing more is to be done about it: it is not tried again, and leaves the page.

    Raises:
        HeldBack.DoesNotExist: somebody has dealt with it already.
    """
    with transaction.atomic():
        held = HeldBack.objects.select_for_update().get(pk=held_id, seen=False)
        if held.state == HeldBack.State.HELD:
            held.state, held.until = HeldBack.State.DROPPED, None
            queued = Interaction.objects.filter(pk=held.interaction_id, state=Interaction.State.QUEUED)
            queued.update(state=Interaction.State.FAILED, settled_at=at)
        held.seen = True
        held.save()


def put_away_ended() -> int:
    """All that are not tried any more leave the page. How many."""
    return HeldBack.objects.filter(seen=False).exclude(state=HeldBack.State.HELD).update(seen=True)
