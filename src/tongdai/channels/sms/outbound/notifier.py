"""Notifications by SMS: whoever texted is texted back, in full."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import override

from tongdai.cases.codes import spoken
from tongdai.cases.triage.judgement import NOTHING, of_a_case
from tongdai.channels import limits, outbound, overtaken
from tongdai.channels.length import with_invitation
from tongdai.channels.notification import Notification
from tongdai.language.dates import day_in_words
from tongdai.people.purposes import Purpose

from ..consents import consents
from ..encoding import lengths


class SmsNotifier:
    """Queues the words for the sms process. No number to answer to (a short code): nothing."""

    def notify(self, notification: Notification) -> None:
        case = notification.case
        if case.contact is None:
            return
        with override(case.language):
            words, purpose = _in_full(notification)
            words = with_invitation(words, notification.invitation)
            if purpose is Purpose.RECEIPT and overtaken.is_overtaken(notification.event):
                words = ""
            asks = consents().question(case) if notification.automatic else ""
            for key, text in ((notification.key, words), (f"{notification.key}:consent", asks)):
                if text:
                    outbound.send(
                        case.contact,
                        text,
                        purpose=purpose,
                        key=key,
                        at=notification.at,
                        limited=limits.of_a_conversation(purpose) if notification.automatic else (),
                        announces_silence=True,
                        case=case,
                        event=None if text is asks else notification.event,
                    )


def _in_full(notification: Notification) -> tuple[str, Purpose]:
    """The words, and whom to ring before them where a new case speaks of danger. What consent it asks for is a text of its own."""
    case, judged = notification.case, NOTHING
    if notification.registers:
        judged = of_a_case(case.text, case.danger_level, case.danger_kind)
    purpose = Purpose.DANGER if judged.shown else notification.purpose
    # of a life in danger the words themselves say so first
    if case.in_danger or not judged.whom_to_ring:
        return notification.words, purpose
    if judged.own_life:  # no date for whoever may be in danger themselves
        code = spoken(case.code)
        brief = _("1022 đã nhận phiếu {code}.").format(code=code)
        return lengths.first_that_fits(
            *(f"{judged.whom_to_ring} {words}" for words in (notification.words, brief))
        ), purpose
    return lengths.first_that_fits(
        f"{judged.whom_to_ring} {notification.words}",
        f"{judged.whom_to_ring} "
        + _("Phiếu {code}, hạn {due}.").format(code=spoken(case.code), due=day_in_words(case.due_at)),
    ), purpose
