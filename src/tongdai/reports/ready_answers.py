"""Answered without a case: how often the base of answers was asked, told an answer, and no person was needed after.

An answer counts where it was opened or told (`Inquiry.opened`) and nobody was asked after all: on the portal by its own
door, by text or telephone no case from the same number within an hour. Questions of the desk count as telephone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q

from tongdai.knowledge.models import Inquiry
from tongdai.people.models import Channel

from .period import Period

ANSWERED = ~Q(opened="") & Q(to_person=False)


@dataclass(frozen=True)
class ReadyAnswers:
    """`asked` and `answered` by channel; `nothing`: questions for which nothing was known."""

    asked: dict[str, int]
    answered: dict[str, int]
    nothing: int

    @property
    def total(self) -> int:
        return sum(self.answered.values())

    @property
    def total_asked(self) -> int:
        return sum(self.asked.values())

    def as_json(self) -> dict[str, Any]:
        return {
            "asked": self.total_asked,
            "answered_without_a_case": self.total,
            "found_nothing": self.nothing,
            "by_channel": {
                channel: {"asked": self.asked[channel], "answered_without_a_case": self.answered[channel]}
                for channel in Channel.values
            },
        }


def count(period: Period) -> ReadyAnswers:
    """Count by one question to the database, answered from the index of the days."""
    rows = (
        Inquiry.objects.filter(at__gte=period.start, at__lt=period.end)
        .values("channel")
        .annotate(
            asked=Count("pk"), answered=Count("pk", filter=ANSWERED), none=Count("pk", filter=Q(certainty="not_found"))
        )
    )
    asked, answered, nothing = (dict.fromkeys(Channel.values, 0) for _figure in range(3))
    for row in rows:
        channel = row["channel"]
        asked[channel], answered[channel], nothing[channel] = row["asked"], row["answered"], row["none"]
    return ReadyAnswers(asked=asked, answered=answered, nothing=sum(nothing.values()))
