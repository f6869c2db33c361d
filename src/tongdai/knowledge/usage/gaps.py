"""Parts that people ask for and the record doesn't hold: for the editors, the most asked first, without anybody's words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Case, Count, F, Max, When

from ..answer_key import AnswerKey, Kind, Part
from ..answers import by_key, short_answers
from ..models import Inquiry, Procedure
from .questions import KEPT_FOR

MOST_SHOWN = 40
MOST_LOOKED_AT = 400  # of what was asked for; most of it is recorded


@dataclass(frozen=True)
class Gap:
    """`times`: how often this part of it was asked for and not there."""

    procedure: Procedure
    part: Part
    times: int
    last: datetime


def gaps(*, at: datetime) -> Sequence[Gap]:
    """Those of the last thirty days, the most asked first; one that an editor has filled since is none."""
    about = Case(When(opened="", then=F("found")), default=F("opened"))
    asked = (
        Inquiry.objects.filter(at__gt=at - KEPT_FOR)
        .exclude(part="")
        .annotate(about=about)
        .filter(about__startswith=f"{Kind.PROCEDURE}:")
        .values("about", "part")
        .annotate(times=Count("pk"), last=Max("at"))
        .order_by("-times", "-last", "about")[:MOST_LOOKED_AT]
    )
    rows = [(AnswerKey.parse(each["about"]), each) for each in asked if each["part"] in set(Part)]
    there = by_key.answers_of([key for key, _each in rows])
    found = []
    for key, each in rows:
        procedure, part = there.get(key), Part(each["part"])
        if isinstance(procedure, Procedure) and not short_answers.is_recorded(procedure, part):
            found.append(Gap(procedure, part, each["times"], each["last"]))
    return found[:MOST_SHOWN]
