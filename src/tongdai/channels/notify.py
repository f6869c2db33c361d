"""An event of a case → the words → what the citizen's channel does with them. Also: who is on duty is told of urgency."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from tongdai.cases.codes import spoken
from tongdai.cases.lifecycle import NOBODY_YET, State
from tongdai.cases.models import CaseInteraction, Event
from tongdai.cases.moving import RING_ON_DUTY, TELL_THE_CITIZEN, purpose_of
from tongdai.directory.city import the_city
from tongdai.knowledge.asking import a_case_followed
from tongdai.people.interactions import queue_outbound
from tongdai.people.models import Channel, Interaction
from tongdai.people.purposes import Purpose
from tongdai.platform import jobs, wake
from tongdai.platform.clock import now

from . import links
from .channel import Outlet, Telling
from .sms.outlet import SmsOutlet
from .voice.outlet import VoiceOutlet
from .web import WebOutlet
from .words import words_of

OUTLETS: dict[str, Outlet] = {Channel.SMS: SmsOutlet(), Channel.VOICE: VoiceOutlet(), Channel.WEB: WebOutlet()}
RING_AGAIN_AFTER = timedelta(minutes=5)


@jobs.task(name=TELL_THE_CITIZEN, queue="notify")
def tell_the_citizen(event_id: int) -> None:
    """Send the words of an event by the channel the citizen came by; once, however often the job is run."""
    event = Event.objects.select_related("case__contact", "assignment__agency", "answer__agency").get(pk=event_id)
    if event.deed == "register" and event.case.contact:
        a_case_followed(event.case.contact.phone, at=event.happened_at)
    words = words_of(event)
    if words is None:
        return
    whole, notice = words
    with transaction.atomic():
        OUTLETS[event.case.channel].tell(
            Telling(
                key=str(event.pk),
                deed=event.deed,
                case=event.case,
                words=whole,
                notice=notice,
                purpose=purpose_of(event.deed, urgent=event.case.urgent or event.case.in_danger),
                at=now(),
            )
        )
        _link_what_was_queued(event)


@jobs.task(name=RING_ON_DUTY, queue="notify")
def ring_on_duty(event_id: int, turn: int = 1) -> None:
    """Text the on-duty number about an urgent case, and again every five minutes until someone has accepted it."""
    case = Event.objects.select_related("case__place").get(pk=event_id).case
    phone = the_city().on_duty_phone
    if not phone or not case.urgent or State(case.state) not in NOBODY_YET:
        return
    with override("vi"), transaction.atomic():
        where = case.place.full_name if case.place else _("chưa rõ nơi")
        body = _("KHẨN lần {turn}: phiếu {code}, {where}, chưa ai nhận. Xin mở bàn làm việc.").format(
            turn=turn, code=spoken(case.code), where=where
        )
        key = f"duty:{event_id}:{turn}"
        queued = queue_outbound(channel=Channel.SMS, address=phone, body=body, key=key, purpose=Purpose.DUTY, at=now())
        if queued:
            CaseInteraction.objects.create(case=case, interaction=queued)
            wake.wake("outbox", [queued.pk])
            jobs.defer(
                RING_ON_DUTY,
                priority=Purpose.DUTY.priority,
                schedule_in=RING_AGAIN_AFTER,
                event_id=event_id,
                turn=turn + 1,
            )


def _link_what_was_queued(event: Event) -> None:
    """What went out about a case stands in its timeline, and has the link its words hold a mark for."""
    for outbound in Interaction.objects.filter(key__in=[f"{c}-{event.deed}:{event.pk}" for c in OUTLETS]):
        CaseInteraction.objects.get_or_create(interaction=outbound, defaults={"case": event.case})
        links.attach(outbound, event.case)
