"""How long a text becomes, beside the field in which staff write its words: counted here, and as they type in the browser."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.utils import formats
from django.utils.translation import gettext as _

from tongdai.accounts.models import User
from tongdai.cases.history import Step
from tongdai.cases.models import Answer, Case, Rejection
from tongdai.cases.states import Who
from tongdai.channels.length import lengths, with_invitation
from tongdai.channels.notifications.template import template_of
from tongdai.people.models import Channel

TOLD_AS = {"draft": "answer"}  # whose words are told by another action, once it is done
WORDS = "⟦words⟧"  # where what is being written will stand


@dataclass(frozen=True)
class Counter:
    """What stands before and after the words in the text, and how it is counted.

    `invitation`: what it ends with where there is room. `plain`: the city sends without accents. `most`: segments of one
    text; what is longer ends with a link.
    """

    before: str
    after: str
    plain: bool
    most: int
    cost: float | None
    invitation: str = ""

    def says(self, words: str) -> str:
        """How long the text with these words is."""
        found = lengths().of(with_invitation(self.before + words + self.after, self.invitation))
        return self.line.format(units=found.units, segments=found.segments, cost=_dong(found.cost or 0))

    def is_over(self, words: str) -> bool:
        """Whether it is longer than one text of the city's may be."""
        return lengths().of(self.before + words + self.after).segments > self.most

    @property
    def line(self) -> str:
        """The sentence, with the places of its figures: a browser fills in the same."""
        if self.cost is None:
            return _("Tin nhắn: {segments} đoạn, {units} ký tự.")
        return _("Tin nhắn: {segments} đoạn, {units} ký tự, {cost} đồng.")

    @property
    def over(self) -> str:
        """What becomes of a text that is too long."""
        return _("Quá {most} đoạn: tin chỉ gửi phần đầu, cắt ở cuối câu, kèm đường dẫn để đọc hết.").format(
            most=self.most
        )


def counter_of(case: Case, action: str, *, by: User, at: datetime) -> Counter | None:
    """Count the text that this action sends with the words staff write; None where its citizen is texted none of them."""
    action = TOLD_AS.get(action, action)
    template = template_of(action)
    if case.contact is None or Channel(case.channel) not in template.texted or case.channel == Channel.WEB:
        return None
    if case.channel == Channel.VOICE and template.read_out:
        return None
    message = template.message_of(_as_if_done(case, action, by=by, at=at))
    return None if message is None else counter_around(message.whole, message.invitation)


def counter_around(text: str, invitation: str = "") -> Counter | None:
    """Count a text with `WORDS` where its words are being written; None where they don't stand in it."""
    if WORDS not in text:
        return None
    before, _words, after = text.partition(WORDS)
    return Counter(before, after, settings.SMS_ALPHABET == "gsm", settings.SMS_MOST_SEGMENTS, _price(), invitation)


def _as_if_done(case: Case, action: str, *, by: User, at: datetime) -> Step:
    """The step as it would be, its words still to come; of a rejection the ground that takes the most room."""
    ground = max(Rejection.Ground, key=lambda each: len(str(each.label)))
    return Step(
        case=case, action=action, at=at, capacity=Who.READER, channel=case.channel, user=by, agency=by.agency, interaction=None,
        assignment=None, answer=Answer(text=WORDS, agency=by.agency), rejection=Rejection(ground=ground, reason=WORDS),
        remark=WORDS,
    )  # fmt: skip


def _price() -> float | None:
    return float(settings.SMS_SEGMENT_COST) if settings.SMS_SEGMENT_COST else None


def _dong(cost: object) -> str:
    return str(formats.number_format(round(float(str(cost))), force_grouping=True, use_l10n=True))
