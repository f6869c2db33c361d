"""How many texts one number gets: nobody's phone is flooded, and no two machines answer each other for ever.

The city's own limits, on all numbers together, are `people.limits`: they are asked as a text leaves.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils.translation import gettext as _

from tongdai.people.interactions import sent_to
from tongdai.people.models import Channel
from tongdai.people.purposes import Purpose

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ANSWERS = frozenset({Purpose.ANSWER, Purpose.LINK})  # what somebody asked for, or waits for


@dataclass(frozen=True)
class Limit:
    """At most so many texts to one number within this time, of those that count."""

    most: int
    within: timedelta
    counted: Q = Q()

    def left(self, address: str, *, at: datetime) -> int:
        """How many more may go to this number (E.164)."""
        sent = sent_to(address, channel=Channel.SMS, since=at - self.within)
        return self.most - sent.filter(self.counted).count()


AUTOMATIC = Limit(10, HOUR)  # whatever they are for
# a number typed into a form is only claimed: nobody shall flood a stranger's phone (docs/personal-data.md)
CODES = Limit(3, DAY, Q(case_link__event__action="register", case_link__case__channel=Channel.WEB))
LINKS = Limit(3, DAY, Q(purpose=Purpose.LINK))

# A conversation by text: what somebody asks for is answered oftener than what they send is acknowledged, and some are
# reserved for a person in danger, who may have asked much before.
_REPLIES, _ANSWERS, _FOR_DANGER = 10, 30, 10
_MOST = Limit(_REPLIES + _ANSWERS, HOUR)
_WITH_THE_RESERVE = Limit(_REPLIES + _ANSWERS + _FOR_DANGER, HOUR)


def of_a_conversation(purpose: Purpose) -> tuple[Limit, ...]:
    """What bounds texts for this purpose to a number that texts us."""
    if purpose is Purpose.DANGER:
        return (_WITH_THE_RESERVE,)
    if purpose in ANSWERS:
        return (Limit(_ANSWERS, HOUR, Q(purpose__in=ANSWERS)), _MOST)
    return (Limit(_REPLIES, HOUR, ~Q(purpose__in=ANSWERS)), _MOST)


def left(address: str, limited: Collection[Limit], *, at: datetime) -> int:
    """How many more texts all of these limits allow to this number (E.164); none once it is 0 or less."""
    return min(limit.left(address, at=at) for limit in limited)


def before_silence() -> str:
    """What stands after the last words there is an allowance for: when more will come."""
    return _("1022 tạm ngừng, sẽ trả lời tiếp sau một giờ; tin của bạn vẫn được nhận. Cần ngay, gọi 1022.")
