"""A caller is notified: the code by text, and the answer read out by someone who rings back."""

from __future__ import annotations

from tongdai.channels.channel import Telling, may_text
from tongdai.people.interactions import queue_outbound
from tongdai.people.models import Channel
from tongdai.people.phones import is_mobile
from tongdai.platform import wake

from .callbacks import ask_for_callback


class VoiceNotifier:
    """A landline gets no text; who left no number gets neither, and may ask by the code."""

    def tell(self, telling: Telling) -> None:
        contact = telling.case.contact
        if contact is None:
            return
        if telling.read_out:
            event = telling.case.events.get(pk=int(telling.key))
            ask_for_callback(event=event, contact=contact, words=telling.words, at=telling.at)
        elif telling.texted and is_mobile(contact.phone) and may_text(contact.phone, at=telling.at):
            queued = queue_outbound(
                channel=Channel.SMS,
                address=contact.phone,
                body=telling.words,
                key=f"voice-{telling.action}:{telling.key}",
                purpose=telling.purpose,
                at=telling.at,
                contact=contact,
            )
            if queued:
                wake.wake("outbox", [queued.pk])
