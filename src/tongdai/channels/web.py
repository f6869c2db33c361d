"""The portal as an outlet: the case's page tells all by itself; a text goes along where a phone was left."""

from __future__ import annotations

from datetime import timedelta

from tongdai.people.interactions import queue_outbound, sent_to
from tongdai.people.models import Channel
from tongdai.people.phones import is_mobile
from tongdai.platform import wake

from .channel import Telling, may_text

CODES_A_DAY = 3  # a number typed into a form is only claimed: nobody shall flood a stranger's phone (PRODUCT.md)
TEXTED = frozenset({"register", "answer", "reject", "raise_danger", "prove_number"})


class WebOutlet:
    """Texts the short notice, never the words: who holds the claimed number need not be who wrote."""

    def tell(self, telling: Telling) -> None:
        contact = telling.case.contact
        if contact is None or telling.deed not in TEXTED or not is_mobile(contact.phone):
            return
        today = telling.at - timedelta(days=1)
        codes_today = sent_to(contact.phone, channel=Channel.SMS, since=today, key_prefix="web-register:")
        if telling.deed == "register" and codes_today >= CODES_A_DAY or not may_text(contact.phone, at=telling.at):
            return
        queued = queue_outbound(
            channel=Channel.SMS,
            address=contact.phone,
            body=telling.notice,
            key=f"web-{telling.deed}:{telling.key}",
            purpose=telling.purpose,
            at=telling.at,
            contact=contact,
        )
        if queued:
            wake.wake("outbox", [queued.pk])
