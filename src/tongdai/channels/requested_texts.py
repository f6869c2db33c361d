"""Texts that a citizen asks for on a page: a one-time code to the number on the case, a fresh link to a proven one."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import override

from tongdai.cases.access import one_time
from tongdai.cases.codes import spoken
from tongdai.cases.models import Case
from tongdai.people.purposes import Purpose
from tongdai.people.toll import takes_texts

from . import limits, links, outbound


def send_code(case: Case, *, at: datetime) -> bool:
    """Text a new one-time code to the number on the case; False: it has had its texts. Call it in a transaction."""
    contact = case.contact
    if contact is None or not takes_texts(contact.phone) or limits.left(contact.phone, [limits.AUTOMATIC], at=at) < 1:
        return False
    code = one_time.make(case, at=at)
    if code is None:
        return False
    with override(case.language):
        words = _("Mã xác nhận của 1022: {code}. Dùng trong 10 phút. Không đưa mã này cho ai.").format(code=links.CODE)
    queued = outbound.send(contact, words, purpose=Purpose.CODE, key=f"one-time:{code.pk}", at=at, case=case)
    code.interaction = queued.text
    code.save(update_fields=["interaction"])
    return True


def send_link(case: Case, *, at: datetime) -> bool:
    """Text a fresh link to the proven number on the case; False where that can't be, or it has had three today."""
    contact = case.contact
    if contact is None or case.number_proven_at is None or not takes_texts(contact.phone):
        return False
    with override(case.language):
        words = _("Phiếu {code}: đường dẫn mới để xem là {link}").format(code=spoken(case.code), link=links.LINK)
    key = f"asked-link:{case.pk}:{at.timestamp()}"
    allowed = (limits.LINKS, limits.AUTOMATIC)
    return not outbound.send(contact, words, purpose=Purpose.LINK, key=key, at=at, limited=allowed, case=case).enough
