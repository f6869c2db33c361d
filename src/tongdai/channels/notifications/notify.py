"""An event of a case → the words → what the citizen's channel does with them."""

from __future__ import annotations

from django.db import transaction

from tongdai.cases.actions import undo
from tongdai.cases.history import step_of
from tongdai.cases.lifecycle import rule_of
from tongdai.cases.models import Case, Event
from tongdai.cases.queries import is_replaced
from tongdai.cases.transition import NOTIFY_CITIZEN
from tongdai.knowledge.usage.records import record_case_followed
from tongdai.people.models import Channel
from tongdai.platform import jobs
from tongdai.platform.clock import now

from .. import told_before
from ..notification import Notification, Notifier
from ..sms.outbound.notifier import SmsNotifier
from ..voice.notifier import VoiceNotifier
from ..web import WebNotifier
from .template import template_of

WRITTEN_FROM = (
    "case__contact", "case__rejection", "user", "agency", "interaction", "assignment__agency", "answer__agency",
    "answer__author", "remark",
)  # fmt: skip
NOTIFIERS: dict[str, Notifier] = {
    Channel.SMS: SmsNotifier(),
    Channel.VOICE: VoiceNotifier(),
    Channel.WEB: WebNotifier(),
}


@jobs.task(name=NOTIFY_CITIZEN, queue="notify")
def notify_citizen(event_id: int) -> None:
    """Send the words of an event by the channel the citizen came by; once, however often the job is run."""
    event = Event.objects.select_related(*WRITTEN_FROM).get(pk=event_id)
    if event.action == "register" and event.case.contact and not event.case.confidential:
        record_case_followed(event.case.contact.phone, at=event.happened_at)
    template = template_of(event.action)
    message = template.message_of(step_of(event))
    if message is None or (event.action == "raise_danger" and told_before.has_been_answered(event)):
        return
    if event.answer is not None and is_replaced(event.answer):  # corrected before it was told: the correction tells all
        return
    notification = Notification(
        event=event,
        words=message.whole,
        notice=message.notice,
        purpose=rule_of(event.action).purpose(urgent=event.case.urgent or event.case.in_danger),
        at=now(),
        texted=Channel(event.case.channel) in template.texted,
        read_out=template.read_out,
        automatic=template.automatic,
        invitation=message.invitation,
    )
    with transaction.atomic():
        if rule_of(event.action).undoable and event.user_id is not None:
            Case.objects.select_for_update(of=("self",)).only("pk").get(
                pk=event.case_id
            )  # whoever undoes it waits, or did before
            if undo.is_undone(event):
                return
        NOTIFIERS[event.case.channel].notify(notification)
