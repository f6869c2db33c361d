"""The portal's notifications: the case's page tells all by itself; a text goes along where a phone was left.

A form that did no work for its text, or whose network has had its texts, gets none with the code (`NO_TEXT`): whoever is
in danger gets it all the same, and an answer, which a person wrote, is texted too.
"""

from __future__ import annotations

from tongdai.cases.models import Case
from tongdai.knowledge.answer_key import AnswerKey
from tongdai.knowledge.answers import by_key
from tongdai.knowledge.models import Answer
from tongdai.people.models import Interaction
from tongdai.people.phones import is_mobile
from tongdai.people.purposes import Purpose

from . import limits, outbound, overtaken
from .notification import Notification

NO_TEXT = "no_text"  # in the detail of the form: `proof` or `network`
ABOUT = "about"  # in the detail of the form: the key of the answer from whose page it was asked, `procedure:7`


class WebNotifier:
    """Texts the short notice, never the words: who holds the claimed number need not be who wrote."""

    def notify(self, notification: Notification) -> None:
        contact = notification.case.contact
        if contact is None or not notification.texted or not is_mobile(contact.phone):
            return
        if notification.registers and why_no_text(notification.case):
            return
        if notification.purpose is Purpose.RECEIPT and overtaken.is_overtaken(notification.event):
            return
        outbound.send(
            contact,
            notification.notice,
            purpose=notification.purpose,
            key=notification.key,
            at=notification.at,
            limited=(limits.CODES, limits.AUTOMATIC) if notification.registers else (limits.AUTOMATIC,),
            case=notification.case,
            event=notification.event,
        )


def why_no_text(case: Case) -> str:
    """Why no text with the code goes to the number on a case of the portal: `proof`, `network`, or empty: one goes."""
    if case.in_danger:
        return ""
    return _said_with(case, NO_TEXT)


def asked_about(case: Case) -> Answer | None:
    """The answer that whoever sent the form was reading; None: it began by itself, or the answer is gone."""
    key = AnswerKey.read(_said_with(case, ABOUT))
    return by_key.answer_of(key) if key else None


def _said_with(case: Case, name: str) -> str:
    """What the form that made the case says beside its words."""
    first = Interaction.objects.filter(case_link__case=case, direction=Interaction.Direction.IN).order_by("pk").first()
    return str(first.detail.get(name, "")) if first else ""
