"""Consent by text: asked in the texts a case's citizen gets, given and taken back by one word and the code.

The room of texts calls these (`channels/sms/consents.py`). Whoever holds the telephone reads them: no word of the matter.
"""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from tongdai.cases.codes import spoken
from tongdai.cases.models import Case
from tongdai.cases.states import OPEN
from tongdai.people.models import Channel

from . import consents
from .consents import Answer, Purpose


def question(case: Case) -> str:
    """What is put after the words of a text about this case; empty where nothing is asked, or an answer was given."""
    if case.in_danger or case.number_proven_at is None or consents.asked_of(case) is None or consents.last(case):
        return ""
    return _("{what} Nhắn DONG Y hoặc KHONG DONG Y, và mã phiếu.").format(what=_asked(case))


def waiting_for(phone: str, *, agrees: bool = True) -> Case | None:
    """The case about which a word without a code is meant: the latest of this proven number that still waits for it.

    Where none waits, a no is of the latest for which a yes was given: it is taken back.
    """
    found = Case.objects.filter(contact__phone=phone, number_proven_at__isnull=False, state__in=OPEN)
    recent = list(found.select_related("topic", "contact", "lead").order_by("-received_at")[:5])
    waiting = next((case for case in recent if question(case)), None)
    return waiting if waiting or agrees else next((case for case in recent if _may_be_taken_back(case)), None)


def _may_be_taken_back(case: Case) -> bool:
    known = consents.last(case)
    return known is not None and known.answer == Answer.GIVEN


def record_reply(case: Case, *, agrees: bool, at: datetime) -> str:
    """Record what the citizen of the case answered; the words they are answered, empty where the case asks for no consent."""
    if consents.asked_of(case) is None:
        return ""
    known = consents.last(case)
    taken_back = known is not None and known.answer == Answer.GIVEN and not agrees
    answer = Answer.GIVEN if agrees else Answer.WITHDRAWN if taken_back else Answer.REFUSED
    if not (known and known.answer == Answer.WITHDRAWN and answer == Answer.REFUSED):
        consents.record_answer(case, answer, channel=Channel.SMS, at=at)
    code = spoken(case.code)
    if agrees:
        return _("Đã ghi: bạn đồng ý. Muốn rút lại, nhắn KHONG DONG Y {code}.").format(code=code)
    return _("Đã ghi: bạn không đồng ý. Đổi ý thì nhắn DONG Y {code}.").format(code=code)


def _asked(case: Case) -> str:
    if consents.asked_of(case) == Purpose.HEALTH:
        return _("1022 xin phép dùng thông tin sức khỏe bạn kể để giúp đúng cách.")
    return _("1022 hỏi: có được chuyển tên và số của bạn cho cơ quan giải quyết không?")
