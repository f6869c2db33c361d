"""What has not left yet never goes after what says more.

A receipt not after how its case stands, or its answer; an answer not after its correction. Answers go before receipts, and a
job may be late; whoever reads the older words last believes them.
"""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q

from tongdai.cases.history import ANSWERING
from tongdai.cases.models import Case, Event
from tongdai.people.interactions import sent_to
from tongdai.people.models import Channel, Interaction
from tongdai.people.purposes import Purpose

STANDING_OF = "standing_of"  # in the detail of a reply: the case of which it says how it stands
STAY = frozenset(
    {"prove_number", "withdraw"}
)  # what a number is let into, and that a case was ended: said all the same


def drop_receipts(text: Interaction, *, of: Case, before: Event | None, at: datetime) -> int:
    """Drop those of the case's texts that this one overtakes. Call it in the transaction that queued it; how many.

    `before`: the event of which it tells, whose later ones it knows nothing of; None: it says how the case stands now.
    One that the sender has in hand, or has tried, goes on.
    """
    waiting = Interaction.objects.select_for_update(skip_locked=True, of=("self",)).filter(
        address=text.address,
        channel=Channel.SMS,
        direction=Interaction.Direction.OUT,
        state__in=[Interaction.State.QUEUED, Interaction.State.HELD],
        let_out_at=None,
        pk__lt=text.pk,
        case_link__case=of,
        case_link__event__isnull=False,
    )
    overtakes = Q(purpose=Purpose.RECEIPT)
    if before is not None and before.action == "correct":
        overtakes |= Q(case_link__event__action__in=ANSWERING)
    waiting = waiting.filter(overtakes)
    if before is not None:
        waiting = waiting.filter(case_link__event__seq__lt=before.seq)
    ids = list(waiting.exclude(case_link__event__action__in=STAY).values_list("pk", flat=True))
    return Interaction.objects.filter(pk__in=ids).update(state=Interaction.State.OVERTAKEN, settled_at=at)


def is_overtaken(event: Event) -> bool:
    """Say whether its citizen was texted more already than the receipt of this event would say."""
    contact = event.case.contact
    if contact is None or event.action in STAY:
        return False
    sent = sent_to(contact.phone, channel=Channel.SMS, since=event.happened_at)
    later = Q(case_link__case=event.case, case_link__event__seq__gt=event.seq, priority__gt=Purpose.RECEIPT.priority)
    return sent.filter(Q(**{f"detail__{STANDING_OF}": event.case_id}) | later).exists()
