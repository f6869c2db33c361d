"""The one way out: whatever leaves the house is queued here, and nowhere else.

Written first, sent afterwards: `send` stands in the transaction that caused the words, and the process that holds the
channel's wire sends them once that is committed. What goes before what follows from the purpose (`people.purposes`);
which numbers are texted at all, and how much leaves in an hour, the city has decided (`people.toll`, `people.limits`).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from tongdai.cases.models import Case, CaseInteraction, Event
from tongdai.people.interactions import queue_outbound
from tongdai.people.models import Channel, Contact, Interaction
from tongdai.people.purposes import Purpose
from tongdai.platform import wake

from . import limits, links
from .limits import Limit


@dataclass(frozen=True)
class Queued:
    """What became of words that were to go out.

    `text`: the new row; None where it was queued already under its key, or where `enough`: the number has had its texts.
    """

    text: Interaction | None
    enough: bool = False


def send(
    to: Contact | str,
    words: str,
    *,
    purpose: Purpose,
    key: str,
    at: datetime,
    channel: Channel = Channel.SMS,
    limited: Collection[Limit] = (),
    announces_silence: bool = False,
    case: Case | None = None,
    event: Event | None = None,
    in_history: bool = True,
) -> Queued:
    """Queue words to a contact, or to a number (E.164) that is nobody's; once, however often it is called with this key.

    `limited`: what bounds the texts of this kind to one number; with `announces_silence` the last one allowed says that no
    more will come. `case`: what it is about; a link in the words opens it, and the text stands in its history unless not
    `in_history`. `event`: what of the case it tells.
    """
    address = to.phone if isinstance(to, Contact) else to
    if limited:
        left = limits.left(address, limited, at=at)
        if left < 1:
            return Queued(None, enough=True)
        if left == 1 and announces_silence:
            words = limits.before_silence(words)
    text = queue_outbound(
        channel=channel,
        address=address,
        body=words,
        key=key,
        purpose=purpose,
        at=at,
        contact=to if isinstance(to, Contact) else None,
    )
    if text is None:
        return Queued(None)
    if case is not None:
        if in_history:
            CaseInteraction.objects.create(case=case, interaction=text, event=event)
        links.attach(text, case)
    wake.wake("outbox", [text.pk])
    return Queued(text)
