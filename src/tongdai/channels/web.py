"""The portal as an outlet: the case's page tells all by itself; a text goes along where a phone was left.

A form that did no work for its text, or whose network has had its texts, gets none with the code (`NO_TEXT`): whoever is
in danger gets it all the same, and an answer, which a person wrote, is texted too.
"""

from __future__ import annotations

from datetime import timedelta

from tongdai.cases.models import Case
from tongdai.people.interactions import queue_outbound, sent_to
from tongdai.people.models import Channel, Interaction
from tongdai.people.phones import is_mobile
from tongdai.platform import wake

from .channel import Telling, may_text

CODES_A_DAY = 3  # a number typed into a form is only claimed: nobody shall flood a stranger's phone (PRODUCT.md)
NO_TEXT = "no_text"  # in the detail of the form: `proof` or `network`


class WebOutlet:
    """Texts the short notice, never the words: who holds the claimed number need not be who wrote."""

    def tell(self, telling: Telling) -> None:
        contact = telling.case.contact
        if contact is None or not telling.texted or not is_mobile(contact.phone):
            return
        if telling.action == "register" and why_no_text(telling.case):
            return
        today = telling.at - timedelta(days=1)
        codes_today = sent_to(contact.phone, channel=Channel.SMS, since=today, key_prefix="web-register:")
        if telling.action == "register" and codes_today >= CODES_A_DAY or not may_text(contact.phone, at=telling.at):
            return
        queued = queue_outbound(
            channel=Channel.SMS,
            address=contact.phone,
            body=telling.notice,
            key=f"web-{telling.action}:{telling.key}",
            purpose=telling.purpose,
            at=telling.at,
            contact=contact,
        )
        if queued:
            wake.wake("outbox", [queued.pk])


def why_no_text(case: Case) -> str:
    """Why no text with the code goes to the number on a case of the portal: `proof`, `network`, or empty: one goes."""
    if case.in_danger:
        return ""
    first = Interaction.objects.filter(case_link__case=case, direction=Interaction.Direction.IN).order_by("pk").first()
    return str(first.detail.get(NO_TEXT, "")) if first else ""
