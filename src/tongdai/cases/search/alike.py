"""Open cases that may be about the same matter as one in hand: the same words, ward and topic, in the last days."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db.models import Case as Choice
from django.db.models import F, FloatField, Q, QuerySet, Value, When

from tongdai.language.text import fold

from ..models import Case
from ..states import OPEN, State

LOOKED_BACK = timedelta(days=30)
MOST_WORDS, LEAST_LETTERS = 24, 2
RANKED = 500  # the newest that share a word: ranking all of a month takes a second
SAME_PLACE, SAME_TOPIC = 0.5, 0.3  # beside the rank of the words, which is between 0 and 1


def alike(case: Case, *, at: datetime, most: int = 5) -> list[Case]:
    """Return the likeliest, best first: open ones, and those answered lately; nothing that is secret or may be. One query.

    For whoever may see every case that is no denunciation (`merge`).
    """
    query = _any_word(f"{case.text} {case.address}")
    if query is None:
        return []
    near: QuerySet[Case] = Case.objects.filter(
        Q(state__in=OPEN) | Q(state__in=[State.ANSWERED, State.CLOSED], answered_at__isnull=False),
        received_at__gte=at - LOOKED_BACK, search=query, confidential=False, perhaps_denunciation=False,
        duplicate_of=None, withdrawn_at=None, erased_at=None,
    ).exclude(pk=case.pk)  # fmt: skip
    if case.place_id is not None:  # one that nobody knows the place of may be there
        near = near.filter(Q(place=case.place_id) | Q(place=None))
    newest = near.order_by("-received_at").values("pk")[:RANKED]
    likely = (
        SearchRank(F("search"), query, normalization=Value(32))
        + _worth(SAME_PLACE, place=case.place_id)
        + _worth(SAME_TOPIC, topic=case.topic_id)
    )
    found = Case.objects.filter(pk__in=newest).select_related("place", "topic", "lead")
    return list(found.order_by(likely.desc(), "-received_at", "-pk")[:most])


def _worth(points: float, **same: int | None) -> Choice:
    """So much more for one that has the same; nothing where the case in hand has none itself."""
    if None in same.values():
        return Choice(default=Value(0.0), output_field=FloatField())
    return Choice(When(**same, then=Value(points)), default=Value(0.0), output_field=FloatField())


def _any_word(text: str) -> SearchQuery | None:
    words = [each for each in dict.fromkeys(re.findall(r"\w+", fold(text))) if len(each) >= LEAST_LETTERS][:MOST_WORDS]
    return SearchQuery(" | ".join(words), config="simple", search_type="raw") if words else None
