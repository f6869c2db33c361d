"""How many automatic texts a number may still get this hour: bounded, for two machines would answer each other for ever.

What somebody asks for is answered oftener than what they send is acknowledged, and some are kept for a person in
danger, who may have asked much before.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from tongdai.channels.channel import TEXTS_AN_HOUR
from tongdai.people.interactions import sent_to
from tongdai.people.models import Channel
from tongdai.people.purposes import Purpose

HOUR = timedelta(hours=1)
ANSWERS_AN_HOUR = 30
KEPT_FOR_DANGER = 10
MOST_AN_HOUR = TEXTS_AN_HOUR + ANSWERS_AN_HOUR + KEPT_FOR_DANGER


def left(phone: str, purpose: Purpose, *, at: datetime) -> int:
    """How many more texts for this purpose may go to this number (E.164) now."""
    sent = sent_to(phone, channel=Channel.SMS, since=at - HOUR)
    if purpose is Purpose.DANGER:
        return MOST_AN_HOUR - sent
    answers = sent_to(phone, channel=Channel.SMS, since=at - HOUR, purpose=Purpose.ANSWER)
    mine = ANSWERS_AN_HOUR - answers if purpose is Purpose.ANSWER else TEXTS_AN_HOUR - (sent - answers)
    return min(mine, MOST_AN_HOUR - KEPT_FOR_DANGER - sent)


def before_silence(words: str) -> str:
    """The last words there is an allowance for, and when more will come."""
    later = _("1022 tạm ngừng, sẽ trả lời tiếp sau một giờ; tin của bạn vẫn được nhận. Cần ngay, gọi 1022.")
    return f"{words} {later}"
