"""Notifications by SMS: whoever texted is texted back, in full."""

from __future__ import annotations

from importlib import import_module

from django.conf import settings
from django.utils.translation import override

from tongdai.cases.triage.judgement import NOTHING, judge
from tongdai.channels.channel import Telling
from tongdai.people.interactions import queue_outbound
from tongdai.people.models import Channel
from tongdai.people.purposes import Purpose
from tongdai.platform import wake

from . import limits


class SmsNotifier:
    """Queues the words for the sms process. No number to answer to (a short code): nothing."""

    def tell(self, telling: Telling) -> None:
        contact = telling.case.contact
        if contact is None:
            return
        with override(telling.case.language):
            words, purpose = _in_full(telling, phone=contact.phone)
        if not words:
            return
        queued = queue_outbound(
            channel=Channel.SMS,
            address=contact.phone,
            body=words,
            key=f"sms-{telling.action}:{telling.key}",
            purpose=purpose,
            at=telling.at,
            contact=contact,
        )
        if queued:
            wake.wake("outbox", [queued.pk])


def _in_full(telling: Telling, *, phone: str) -> tuple[str, Purpose]:
    """The words, whom to ring before them where a new case speaks of danger; none when the hour's texts are used up."""
    judged = NOTHING
    if telling.action == "register":
        judged = judge(telling.case.text).raised_to(telling.case.danger_level, telling.case.danger_kind)
    purpose = Purpose.DANGER if judged.shown else telling.purpose
    # of a life in danger the words themselves say so first
    words = telling.words if telling.case.in_danger else " ".join(filter(None, [judged.whom_to_ring, telling.words]))
    if not telling.automatic:
        return words, purpose
    words = f"{words} {import_module(settings.CONSENTS_BY_TEXT).question(telling.case)}".rstrip()
    left = limits.remaining(phone, purpose, at=telling.at)
    if left < 1:
        return "", purpose
    return limits.before_silence(words) if left == 1 else words, purpose
