"""The one way out: whatever leaves the house is queued here, and nowhere else.

Written first, sent afterwards: `send` stands in the transaction that caused the words, and the process that holds the
channel's wire sends them once that is committed. What goes before what follows from the purpose (`people.purposes`);
which numbers are texted at all, and how much leaves in an hour, the city has decided (`people.toll`, `people.limits`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from tongdai.cases.models import Case, CaseInteraction, Event
from tongdai.people import refusals
from tongdai.people.interactions import queue_outbound
from tongdai.people.models import Channel, Contact, Interaction
from tongdai.people.purposes import Purpose
from tongdai.platform import jobs, wake

from . import limits, links, overtaken, told_before
from .length import within_limit
from .limits import Limit

NOT_DELIVERED = "channels.notify.not_delivered"  # the job that takes the next way (`notifications/undelivered.py`)
AWAITED = frozenset(
    {Purpose.ANSWER, Purpose.DANGER}
)  # for which there is one; a receipt's words stand on the case's page


@dataclass(frozen=True)
class Queued:
    """What became of words that were to go out.

    `text`: the new row; None where it was queued already under its key, where its number refused such texts
    (`people.refusals`), or where `enough`: it has had its texts.
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
    standing_of: Case | None = None,
    in_history: bool = True,
) -> Queued:
    """Queue words to a contact, or to a number (E.164) that is nobody's; once, however often it is called with this key.

    Whom to ring is left out of what an event of a case tells, where the number was told it just now (`told_before`).

    `limited`: what bounds the texts of this kind to one number; with `announces_silence` the last one allowed says that no
    more will come. A text over the city's limit of segments is cut where a sentence ends (`length`). `case`: what it is
    about; a link in the words opens it, and the text stands in its history unless not `in_history`. `event`: what of the
    case it tells; `standing_of`: the case of which it says all there is to say now. Either overtakes what receipts of that
    case have not left yet.
    """
    address = to.phone if isinstance(to, Contact) else to
    if refusals.forbids(address, purpose=purpose):
        return Queued(None)
    if event is not None and purpose is Purpose.DANGER:
        words = told_before.without_whom_to_ring(words, address=address, channel=channel, at=at)
    silence = ""
    if limited:
        left = limits.left(address, limited, at=at)
        if left < 1:
            return Queued(None, enough=True)
        if left == 1 and announces_silence:
            silence = limits.before_silence()
    if channel is Channel.SMS:
        words = within_limit(words, with_link=_may_open(case, to))
    text = queue_outbound(
        channel=channel,
        address=address,
        body=f"{words} {silence}".strip(),
        key=key,
        purpose=purpose,
        at=at,
        contact=to if isinstance(to, Contact) else None,
        detail={overtaken.STANDING_OF: standing_of.pk} if standing_of else None,
    )
    if text is None:
        return Queued(None)
    if case is not None:
        if in_history:
            CaseInteraction.objects.create(case=case, interaction=text, event=event)
        links.attach(text, case)
    if told := standing_of or (
        event.case if event is not None and purpose.priority > Purpose.RECEIPT.priority else None
    ):
        overtaken.drop_receipts(text, of=told, before=None if standing_of else event, at=at)
    wake.wake("outbox", [text.pk])
    return Queued(text)


def not_delivered(texts: Iterable[int], *, again: bool) -> None:
    """These will not arrive: go on by another way for those that a case's citizen waits for. Call it in the transaction.

    `again`: what kept them away may have passed (a telephone that was off).
    """
    if not (ids := list(texts)):
        return
    waited_for = Interaction.objects.filter(pk__in=ids, purpose__in=AWAITED, case_link__event__isnull=False)
    for pk, purpose in waited_for.values_list("pk", "purpose"):
        jobs.defer(NOT_DELIVERED, priority=Purpose(purpose).priority, interaction_id=pk, again=again)


def _may_open(case: Case | None, to: Contact | str) -> bool:
    """Whether a link may go there that the words do not hold yet: only to the proven number on the case."""
    if case is None or case.number_proven_at is None or case.confidential:
        return False
    return isinstance(to, Contact) and to.pk == case.contact_id
