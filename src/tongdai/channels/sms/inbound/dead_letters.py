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
from ..models import Part
from ..outbound import receipts

log = structlog.get_logger()


def make_case(letter_id: int, *, text: str, by: Actor, at: datetime) -> Registered:
    """Register the matter as the person could make it out; the text as it came stays with it.

    Raises:
        Part.DoesNotExist: somebody has dealt with it already.
        ActionRefused: not this person's to do.
        ValueError: no words.
    """
    with transaction.atomic():
        letter = _waiting(letter_id)
        phone = letter.sender if letter.sender.startswith("+") else ""
        case = register(
            Matter(
                text=text,
                channel=Channel.SMS,
                phone=phone,
                proven=bool(phone),
                sent_from=letter.sender,
                our_address=letter.destination,
                detail={"made_out_by_hand": True},
            ),
            key=f"sms:{letter.pk}",
            by=by,
            at=at,
        )
        letter.interaction_id = case.interaction_id
        letter.state = Part.State.TAKEN
        letter.save(update_fields=["interaction", "state"])
    return case


def put_away(letter_id: int) -> None:
    """Nothing to be done about it; it stays on record, out of the list. Raises Part.DoesNotExist."""
    with transaction.atomic():
        letter = _waiting(letter_id)
        letter.state = Part.State.TAKEN
        letter.save(update_fields=["state"])


def store_strays() -> int:
    """Receipts that fit nothing we sent become dead letters. How many."""
    with transaction.atomic():
        strays = receipts.strays()
        for stray in strays:
            if stray.link is not None:
                Part.objects.create(
                    key=f"receipt:{stray.pk}", link=stray.link, turn=0, sender=stray.sender, destination=stray.destination,
                    data_coding=stray.data_coding, octets=stray.octets, state=Part.State.DEAD_LETTER,
                    trouble=Automatic.RECEIPT, received_at=stray.received_at,
                )  # fmt: skip
            stray.octets = b""
            stray.save(update_fields=["octets"])
    if strays:
        log.warning("sms.receipts_of_nothing", receipts=len(strays))
    return len(strays)


def put_away_receipts() -> int:
    """All receipts that fit nothing: they stay on record, out of the list. How many."""
    strays = Part.objects.filter(state=Part.State.DEAD_LETTER, trouble=Automatic.RECEIPT)
    return strays.update(state=Part.State.TAKEN)


def _waiting(letter_id: int) -> Part:
    return Part.objects.select_for_update().get(pk=letter_id, state=Part.State.DEAD_LETTER)
