"""A text that a citizen waits for did not arrive: another text where their telephone was off, else somebody rings them.

So nobody is left without their answer because a carrier had trouble; what a person decided not to send stays unsent.
"""

from __future__ import annotations

from django.db import transaction

from tongdai.cases.history import step_of
from tongdai.cases.models import Event
from tongdai.cases.queries import is_replaced
from tongdai.channels import links, outbound
from tongdai.channels.voice.callbacks import ask_for_callback
from tongdai.people.models import Interaction
from tongdai.people.purposes import Purpose
from tongdai.platform import jobs
from tongdai.platform.clock import now

from .notify import WRITTEN_FROM
from .template import template_of

NOT_ARRIVED = frozenset({Interaction.State.FAILED, Interaction.State.UNKNOWN})


@jobs.task(name=outbound.NOT_DELIVERED, queue="notify")
def go_on(interaction_id: int, again: bool) -> None:
    """Take the next way for this text; once, however often the job is run.

    `again`: what kept it away may have passed, so a second text is tried first.
    """
    text = Interaction.objects.select_related("case_link__case__contact").get(pk=interaction_id)
    if text.state not in NOT_ARRIVED or not hasattr(text, "case_link") or text.case_link.event_id is None:
        return
    event = Event.objects.select_related(*WRITTEN_FROM).get(pk=text.case_link.event_id)
    contact = event.case.contact
    if contact is None or contact.pk != text.contact_id:
        return
    if event.answer is not None and is_replaced(event.answer):  # corrected since: the correction goes its own way
        return
    at = now()
    before = Interaction.objects.filter(case_link__event=event, contact=contact, purpose=text.purpose, pk__lt=text.pk)
    with transaction.atomic():
        if again and not before.exists():
            purpose = Purpose(text.purpose)
            key = f"{text.key}:again"
            outbound.send(contact, text.body, purpose=purpose, key=key, at=at, case=event.case, event=event)
        else:
            ask_for_callback(event=event, contact=contact, words=_to_be_read_out(event), at=at)


def _to_be_read_out(event: Event) -> str:
    message = template_of(event.action).message_of(step_of(event))
    return links.shown(message.whole) if message else ""
