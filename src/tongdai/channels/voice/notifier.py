"""The telephone's notifications: a caller gets the code by text, and the answer read out by someone who rings back."""

from __future__ import annotations

from tongdai.channels import limits, outbound
from tongdai.channels.notification import Notification
from tongdai.people.phones import is_mobile

from .callbacks import ask_for_callback


class VoiceNotifier:
    """A landline gets no text; who left no number gets neither, and may ask by the code."""

    def notify(self, notification: Notification) -> None:
        contact = notification.case.contact
        if contact is None:
            return
        if notification.read_out:
            ask_for_callback(event=notification.event, contact=contact, words=notification.words, at=notification.at)
        elif notification.texted and is_mobile(contact.phone):
            outbound.send(
                contact,
                notification.words,
                purpose=notification.purpose,
                key=notification.key,
                at=notification.at,
                limited=(limits.AUTOMATIC,),
                case=notification.case,
                event=notification.event,
            )
