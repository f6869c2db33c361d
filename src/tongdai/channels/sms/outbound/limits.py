"""How many texts may go: automatic ones to one number an hour, and all together by the city's own limits.

Automatic texts are bounded, for two machines would answer each other for ever. What somebody asks for is answered
oftener than what they send is acknowledged, and some are reserved for a person in danger, who may have asked much before.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TypeVar

from django.utils.translation import gettext as _

from tongdai.channels.channel import TEXTS_AN_HOUR
from tongdai.people import held
from tongdai.people import limits as city_limits
from tongdai.people.interactions import sent_to
from tongdai.people.models import Channel, Interaction
from tongdai.people.purposes import Purpose

HOUR = timedelta(hours=1)
ANSWERS_AN_HOUR = 30
RESERVED_FOR_DANGER = 10
MOST_AN_HOUR = TEXTS_AN_HOUR + ANSWERS_AN_HOUR + RESERVED_FOR_DANGER
NEVER_HELD = frozenset({Purpose.DANGER, Purpose.DUTY})

Text = TypeVar("Text", bound=Interaction)


def remaining(phone: str, purpose: Purpose, *, at: datetime) -> int:
    """How many more texts for this purpose may go to this number (E.164) now."""
    sent = sent_to(phone, channel=Channel.SMS, since=at - HOUR)
    if purpose is Purpose.DANGER:
        return MOST_AN_HOUR - sent
    answers = sent_to(phone, channel=Channel.SMS, since=at - HOUR, purpose=Purpose.ANSWER)
    mine = ANSWERS_AN_HOUR - answers if purpose is Purpose.ANSWER else TEXTS_AN_HOUR - (sent - answers)
    return min(mine, MOST_AN_HOUR - RESERVED_FOR_DANGER - sent)


def before_silence(words: str) -> str:
    """The last words there is an allowance for, and when more will come."""
    later = _("1022 tạm ngừng, sẽ trả lời tiếp sau một giờ; tin của bạn vẫn được nhận. Cần ngay, gọi 1022.")
    return f"{words} {later}"


def let_out(queued: Sequence[Text], *, at: datetime) -> list[Text]:
    """Those of these that the city's limits of the hour let leave now, in their order. Each is counted once.

    The others are held back for a person. Call it in the short transaction that takes them off the queue.
    """
    new = [text for text in queued if text.let_out_at is None]
    going = [city_limits.to(text.address, always=text.purpose in NEVER_HELD) for text in new]
    verdicts = city_limits.let_out(city_limits.What.TEXT, going, at=at)
    stopped = {text.pk for text, goes in zip(new, verdicts, strict=True) if not goes}
    held.hold_back(stopped, at=at)
    Interaction.objects.filter(pk__in=[text.pk for text in new if text.pk not in stopped]).update(let_out_at=at)
    return [text for text in queued if text.pk not in stopped]
