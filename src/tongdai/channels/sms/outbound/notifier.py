"""Notifications by SMS: whoever texted is texted back, in full."""

from __future__ import annotations

from django.utils.translation import override

from tongdai.cases.triage.judgement import NOTHING, judge
from tongdai.channels import limits, outbound
from tongdai.channels.notification import Notification
from tongdai.people.purposes import Purpose

from ..consents import consents


class SmsNotifier:
    """Queues the words for the sms process. No number to answer to (a short code): nothing."""

    def notify(self, notification: Notification) -> None:
        case = notification.case
        if case.contact is None:
            return
        with override(case.language):
            words, purpose = _in_full(notification)
            if not words:
                return
            outbound.send(
                case.contact,
                words,
                purpose=purpose,
                key=notification.key,
                at=notification.at,
                limited=limits.of_a_conversation(purpose) if notification.automatic else (),
                announces_silence=True,
                case=case,
                event=notification.event,
            )


def _in_full(notification: Notification) -> tuple[str, Purpose]:
    """The words; whom to ring before them where a new case speaks of danger, and what consent it asks for after them."""
    case, judged = notification.case, NOTHING
    if notification.registers:
        judged = judge(case.text).raised_to(case.danger_level, case.danger_kind)
    purpose = Purpose.DANGER if judged.shown else notification.purpose
    # of a life in danger the words themselves say so first
    words = notification.words if case.in_danger else " ".join(filter(None, [judged.whom_to_ring, notification.words]))
    if notification.automatic:
        words = f"{words} {consents().question(case)}".rstrip()
    return words, purpose
