"""Dead letters: texts that no rule could read and receipts of nothing, kept as they came for a person to look at.

The person makes a case of one, or puts it away.
"""

from __future__ import annotations

from datetime import datetime

import structlog
from django.db import transaction

from tongdai.cases.actions.register import Matter, Registered, register
from tongdai.cases.actor import Actor
from tongdai.people.models import Channel

from ..conversation.automatic import Automatic
from ..models import Piece
from ..outbound import receipts

log = structlog.get_logger()


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


def keep_strays() -> int:
    """Receipts that fit nothing we sent become dead letters. How many."""
    with transaction.atomic():
        strays = receipts.strays()
        for stray in strays:
            if stray.link is not None:
                Piece.objects.create(
                    key=f"receipt:{stray.pk}", link=stray.link, turn=0, sender=stray.sender, destination=stray.destination,
                    data_coding=stray.data_coding, octets=stray.octets, state=Piece.State.KEPT,
                    trouble=Automatic.RECEIPT, received_at=stray.received_at,
                )  # fmt: skip
            stray.octets = b""
            stray.save(update_fields=["octets"])
    if strays:
        log.warning("sms.receipts_of_nothing", receipts=len(strays))
    return len(strays)


def put_away_receipts() -> int:
    """All receipts that fit nothing: they stay on record, out of the list. How many."""
    strays = Piece.objects.filter(state=Piece.State.KEPT, trouble=Automatic.RECEIPT)
    return strays.update(state=Piece.State.TAKEN)


def _kept(kept_id: int) -> Piece:
    return Piece.objects.select_for_update().get(pk=kept_id, state=Piece.State.KEPT)
