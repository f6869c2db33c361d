"""How long each kind of text is worth sending, by what it is for: beyond it, nobody is helped by it any more.

Counted in real time from when it was written, for that is the time the carrier lives in.
"""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Case, DurationField, ExpressionWrapper, F, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce, Now

from tongdai.cases.access import one_time
from tongdai.people.models import Interaction
from tongdai.people.purposes import Purpose

LASTS = {
    Purpose.DANGER: timedelta(hours=24),
    Purpose.DUTY: timedelta(hours=12),
    Purpose.CODE: one_time.GOOD_FOR,
    Purpose.LINK: timedelta(hours=48),
    Purpose.ANSWER: timedelta(hours=48),
    Purpose.RECEIPT: timedelta(hours=24),
    Purpose.REMINDER: timedelta(hours=12),
    Purpose.BROADCAST: timedelta(hours=12),
}
OTHERWISE = timedelta(hours=24)
_LASTS = Case(
    *(When(purpose=purpose, then=Value(lasts)) for purpose, lasts in LASTS.items()),
    default=Value(OTHERWISE),
    output_field=DurationField(),
)
_SINCE = Coalesce("held_back__fresh_from", "recorded_at")


def with_time_left(texts: QuerySet[Interaction]) -> QuerySet[Interaction]:
    """Each with `time_left`, a timedelta; zero or less: it is not sent any more."""
    return texts.annotate(time_left=ExpressionWrapper(_SINCE + _LASTS - Now(), output_field=DurationField()))


def time_left(text: Interaction) -> timedelta:
    """Of one that was read by `with_time_left`."""
    left: timedelta = text.time_left  # type: ignore[attr-defined]
    return left


def stale(texts: QuerySet[Interaction]) -> QuerySet[Interaction]:
    """Those that are not sent any more."""
    return texts.alias(since=_SINCE, lasts=_LASTS).filter(Q(since__lt=Now() - F("lasts")))


def as_validity_period(left: timedelta) -> str:
    """Time left, as SMPP writes it relative to the SMSC's own clock (SMPP 3.4 §7.1.1.2): `000001020000000R` is 26 hours."""
    seconds = max(int(left.total_seconds()), 60)
    days, seconds = divmod(seconds, 86_400)
    hours, seconds = divmod(seconds, 3600)
    minutes, seconds = divmod(seconds, 60)
    return f"0000{days:02}{hours:02}{minutes:02}{seconds:02}000R"
