"""What a person does with a text that was kept aside: makes a case of it, or puts it away."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from tongdai.cases.actions.register import Matter, Registered, register
from tongdai.cases.actor import Actor
from tongdai.people.models import Channel

from ..conversation.automatic import Automatic
from ..models import Piece


def make_case(kept_id: int, *, text: str, by: Actor, at: datetime) -> Registered:
    """Register the matter as the person could make it out; the text as it came stays with it.

    Raises:
        Piece.DoesNotExist: somebody has dealt with it already.
        ActionRefused: not this person's to do.
        ValueError: no words.
    """
    with transaction.atomic():
        piece = _kept(kept_id)
        phone = piece.sender if piece.sender.startswith("+") else ""
        case = register(
            Matter(
                text=text,
                channel=Channel.SMS,
                phone=phone,
                proven=bool(phone),
                sent_from=piece.sender,
                our_address=piece.destination,
                detail={"made_out_by_hand": True},
            ),
            key=f"sms:{piece.pk}",
            by=by,
            at=at,
        )
        piece.interaction_id = case.interaction_id
        piece.state = Piece.State.TAKEN
        piece.save(update_fields=["interaction", "state"])
    return case


def put_away(kept_id: int) -> None:
    """Nothing to be done about it; it stays on record, out of the list. Raises Piece.DoesNotExist."""
    with transaction.atomic():
        piece = _kept(kept_id)
        piece.state = Piece.State.TAKEN
        piece.save(update_fields=["state"])


def put_away_receipts() -> int:
    """All receipts that fit nothing: they stay on record, out of the list. How many."""
    strays = Piece.objects.filter(state=Piece.State.KEPT, trouble=Automatic.RECEIPT)
    return strays.update(state=Piece.State.TAKEN)


def _kept(kept_id: int) -> Piece:
    return Piece.objects.select_for_update().get(pk=kept_id, state=Piece.State.KEPT)
