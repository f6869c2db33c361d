"""An event of a case → the words → what the citizen's channel does with them."""

from __future__ import annotations

from django.db import transaction

from tongdai.cases.history import step_of
from tongdai.cases.lifecycle import rule_of
from tongdai.cases.models import CaseInteraction, Event
from tongdai.cases.transition import TELL_THE_CITIZEN
from tongdai.knowledge.ask import a_case_followed
from tongdai.people.models import Channel, Interaction
from tongdai.platform import jobs
from tongdai.platform.clock import now

from . import links
from .channel import Outlet, Telling
from .notifications.template import template_of
from .sms.outbound.notifier import SmsNotifier
from .voice.notifier import VoiceNotifier
from .web import WebOutlet

WRITTEN_FROM = (
    "case__contact", "case__rejection", "user", "agency", "interaction", "assignment__agency", "answer__agency",
    "answer__author", "remark",
)  # fmt: skip
OUTLETS: dict[str, Outlet] = {Channel.SMS: SmsNotifier(), Channel.VOICE: VoiceNotifier(), Channel.WEB: WebOutlet()}


@jobs.task(name=TELL_THE_CITIZEN, queue="notify")
def tell_the_citizen(event_id: int) -> None:
    """Send the words of an event by the channel the citizen came by; once, however often the job is run."""
    event = Event.objects.select_related(*WRITTEN_FROM).get(pk=event_id)
    if event.action == "register" and event.case.contact and not event.case.confidential:
        a_case_followed(event.case.contact.phone, at=event.happened_at)
    template = template_of(event.action)
    message = template.message_of(step_of(event))
    if message is None:
        return
    with transaction.atomic():
        OUTLETS[event.case.channel].tell(
            Telling(
                key=str(event.pk),
                action=event.action,
                case=event.case,
                words=message.whole,
                notice=message.notice,
                purpose=rule_of(event.action).purpose(urgent=event.case.urgent or event.case.in_danger),
                at=now(),
                texted=Channel(event.case.channel) in template.texted,
                read_out=template.read_out,
                automatic=template.automatic,
            )
        )
        _link_what_was_queued(event)


def _link_what_was_queued(event: Event) -> None:
    """What went out about a case stands in its timeline, and has the link its words hold a mark for."""
    for outbound in Interaction.objects.filter(key__in=[f"{c}-{event.action}:{event.pk}" for c in OUTLETS]):
        CaseInteraction.objects.get_or_create(interaction=outbound, defaults={"case": event.case})
        links.attach(outbound, event.case)
