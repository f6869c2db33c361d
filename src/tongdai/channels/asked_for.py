"""Texts that a citizen asks for on a page: a one-time code to the number on the case, a fresh link to a proven one."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import override

from tongdai.cases.access import one_time
from tongdai.cases.codes import spoken
from tongdai.cases.models import Case, CaseInteraction
from tongdai.people.interactions import queue_outbound, sent_to
from tongdai.people.models import Channel, Interaction
from tongdai.people.purposes import Purpose
from tongdai.people.toll import takes_texts
from tongdai.platform import wake

from . import links
from .channel import may_text

LINKS_A_DAY = 3  # asked for on a page, to one number
ASKED_LINK = "asked-link"  # how the keys of those begin


def send(case: Case, *, at: datetime) -> bool:
    """Text a new one-time code to the number on the case; False: it has had its texts. Call it in a transaction."""
    if case.contact is None or not takes_texts(case.contact.phone) or not may_text(case.contact.phone, at=at):
        return False
    code = one_time.make(case, at=at)
    if code is None:
        return False
    with override(case.language):
        words = _("Mã xác nhận của 1022: {code}. Dùng trong 10 phút. Không đưa mã này cho ai.").format(code=links.CODE)
    code.interaction = _queue(case, words, key=f"one-time:{code.pk}", purpose=Purpose.CODE, at=at)
    code.save(update_fields=["interaction"])
    return True


def send_link(case: Case, *, at: datetime) -> bool:
    """Text a fresh link to the proven number on the case; False where that can't be, or it has had three today."""
    contact = case.contact
    if contact is None or case.number_proven_at is None or not takes_texts(contact.phone):
        return False
    today = sent_to(contact.phone, channel=Channel.SMS, since=at - timedelta(days=1), key_prefix=f"{ASKED_LINK}:")
    if today >= LINKS_A_DAY or not may_text(contact.phone, at=at):
        return False
    with override(case.language):
        words = _("Phiếu {code}: đường dẫn mới để xem là {link}").format(code=spoken(case.code), link=links.LINK)
    _queue(case, words, key=f"{ASKED_LINK}:{case.pk}:{at.timestamp()}", purpose=Purpose.ANSWER, at=at)
    return True


def _queue(case: Case, words: str, *, key: str, purpose: Purpose, at: datetime) -> Interaction:
    assert case.contact
    queued = queue_outbound(
        channel=Channel.SMS,
        address=case.contact.phone,
        body=words,
        key=key,
        purpose=purpose,
        at=at,
        contact=case.contact,
    )
    assert queued, "the key is new"
    CaseInteraction.objects.create(case=case, interaction=queued)
    links.attach(queued, case)
    wake.wake("outbox", [queued.pk])
    return queued
