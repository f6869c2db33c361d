"""SMS as an outlet: whoever texted is texted back, in full."""

from __future__ import annotations

from tongdai.channels.channel import Telling, may_text
from tongdai.people.interactions import queue_outbound
from tongdai.people.models import Channel
from tongdai.platform import wake

AUTOMATIC = frozenset({"register", "assign"})  # an answer is no automatic text: it goes out whatever the hour's count


class SmsOutlet:
    """Queues the words for the process that holds the wire. No number to answer to (a short code): nothing."""

    def tell(self, telling: Telling) -> None:
        contact = telling.case.contact
        if contact is None:
            return
        if telling.deed in AUTOMATIC and not may_text(contact.phone, at=telling.at):
            return
        queued = queue_outbound(
            channel=Channel.SMS,
            address=contact.phone,
            body=telling.words,
            key=f"sms-{telling.deed}:{telling.key}",
            at=telling.at,
            contact=contact,
        )
        if queued:
            wake.wake("outbox", [queued.pk])
