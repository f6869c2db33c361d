"""The notifications of the trial, recorded as they went out then: texts that arrived (or not), calls made back."""

from __future__ import annotations

from datetime import timedelta
from random import Random

from django.db.models import Max

from tongdai.cases.history import step_of
from tongdai.cases.lifecycle import rule_of
from tongdai.cases.models import CaseInteraction, Event
from tongdai.channels.notifications.notify import WRITTEN_FROM
from tongdai.channels.notifications.template import Message, template_of
from tongdai.channels.voice.models import Callback
from tongdai.people.models import Channel, Interaction
from tongdai.people.phones import is_mobile

NOTIFIED = ("register", "assign", "answer", "reject", "take_duty", "extend", "ask", "reply")
ARRIVES = 0.974


def record_notifications(key: str, *, after: int = 0) -> None:
    """Write the texts, delivered or not, and the call-backs, done, of all cases that came under `key…`.

    Only for events later than the one with id `after`.
    """
    chance = Random("what was told")
    # Table by table: nobody has counted these rows yet, and the plan of a join would be a bad one.
    links = CaseInteraction.objects.filter(interaction__key__startswith=key)
    ours = set(links.values_list("case_id", flat=True))
    events = Event.objects.filter(pk__gt=after, action__in=NOTIFIED).order_by("pk")
    whole = events.prefetch_related(*WRITTEN_FROM)
    texts: list[tuple[Interaction, Event]] = []
    calls: list[Callback] = []
    for event in whole.iterator(chunk_size=2000):
        if event.case_id not in ours or event.case.contact is None:
            continue
        channel = event.case.channel
        template = template_of(event.action)
        if channel == Channel.VOICE and template.read_out:
            calls.append(_call(event))
        elif channel in template.texted and is_mobile(_phone(event)):
            texts.append((_text(event, chance), event))
    _save(texts)
    Callback.objects.bulk_create(calls, batch_size=1000)


def _text(event: Event, chance: Random) -> Interaction:
    message = _message(event)
    arrived = chance.random() < ARRIVES
    return Interaction(
        contact=event.case.contact,
        channel=Channel.SMS,
        direction=Interaction.Direction.OUT,
        state=Interaction.State.DELIVERED if arrived else Interaction.State.FAILED,
        address=_phone(event),
        body=message.notice if event.case.channel == Channel.WEB else message.whole,
        key=f"{event.case.channel}-{event.action}:{event.pk}",
        parts=1,
        purpose=rule_of(event.action).purpose(urgent=event.case.urgent),
        happened_at=event.happened_at,
        settled_at=event.happened_at + timedelta(seconds=chance.randrange(4, 40)),
    )


def _message(event: Event) -> Message:
    return template_of(event.action).message_of(step_of(event)) or Message("", "")


def _phone(event: Event) -> str:
    return event.case.contact.phone if event.case.contact else ""


def _call(event: Event) -> Callback:
    return Callback(
        contact=event.case.contact,
        case=event.case,
        event=event,
        words=_message(event).whole,
        state=Callback.State.REACHED,
        tries=1,
        ring_at=event.happened_at,
        done_at=event.happened_at + timedelta(minutes=25),
        done_by=event.user,
    )


def _save(texts: list[tuple[Interaction, Event]]) -> None:
    last = Interaction.objects.aggregate(last=Max("pk"))["last"]
    Interaction.objects.bulk_create([text for text, _ in texts], batch_size=1000)
    made = dict(Interaction.objects.filter(pk__gt=last).values_list("key", "pk"))
    CaseInteraction.objects.bulk_create(
        [CaseInteraction(case_id=event.case_id, interaction_id=made[text.key], event=event) for text, event in texts],
        batch_size=2000,
    )
