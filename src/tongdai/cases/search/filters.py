"""What a list of cases is narrowed to beside its view: topic, agency, place, channel, days, state, level, and its clock.

A filter never widens what somebody may see: it is one more condition on cases that `queries` has let through.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Q, TextChoices
from django.utils.translation import gettext_lazy as _

from tongdai.directory import snapshot
from tongdai.directory.models import Agency, Place, Topic
from tongdai.platform.clock import CITY_TZ

from .. import standing
from ..triage.danger import Level

NONE = "-"  # in place of a topic, an agency or a place: the cases that have none


class Due(TextChoices):
    """How the clock that runs stands."""

    LATE = "late", _("quá hạn")
    SOON = "soon", _("sắp đến hạn")


@dataclass(frozen=True)
class Filter:
    """One value of each at most; None or empty: it narrows nothing. Days are the city's, both ends in."""

    topic: Topic | str | None = None
    agency: Agency | str | None = None
    place: Place | str | None = None
    channel: str = ""
    state: str = ""
    level: str = ""  # a value of `Level`; urgent ones are also those in danger of life
    due: str = ""  # a value of `Due`
    since: date | None = None
    until: date | None = None

    def conditions(self, *, at: datetime) -> dict[str, Q]:
        """Return the condition of each that narrows, by its name; together they are the filter."""
        found: dict[str, Q] = {}
        for name, condition in _CONDITIONS.items():
            if value := getattr(self, name):
                found[name] = condition(value, at)
        return found

    def condition(self, *, at: datetime) -> Q:
        """Return the condition of all of them."""
        return together(self.conditions(at=at).values())


def together(conditions: Iterable[Q]) -> Q:
    """Return the condition that all of these hold."""
    whole = Q()
    for each in conditions:
        whole &= each
    return whole


def _of_topic(topic: Topic | str, at: datetime) -> Q:
    if isinstance(topic, str):
        return Q(topic=None)
    return Q(topic__in=[row.pk for row in snapshot.all_topics().rows if _is_under(row, topic)])


def _of_agency(agency: Agency | str, at: datetime) -> Q:
    if isinstance(agency, str):
        return Q(lead=None)
    return Q(lead__in=[row.pk for row in snapshot.all_agencies() if _is_under(row, agency)])


def _of_place(place: Place | str, at: datetime) -> Q:
    """A ward of today stands for those it was made of, too: older cases name them."""
    if isinstance(place, str):
        return Q(place=None)
    known = snapshot.all_places()
    here = {row.pk for row in known.rows if _is_under(row, place)}
    before = {old for old, became in known.successors.items() if any(row.pk in here for row in became)}
    return Q(place__in=sorted(here | before))


def _is_under(row: Any, top: Any) -> bool:
    """Whether it is this row of a tree, or one below it."""
    seen: set[int] = set()
    while row is not None and row.pk not in seen:
        if row.pk == top.pk:
            return True
        seen.add(row.pk)
        row = row.parent
    return False


def _of_level(level: str, at: datetime) -> Q:
    if level == Level.NONE:
        return Q(urgent=False)
    return Q(urgent=True, danger_level=Level.LIFE) if level == Level.LIFE else Q(urgent=True)


def _of_due(due: str, at: datetime) -> Q:
    return standing.overdue(at=at) if due == Due.LATE else standing.due_soon(at=at)


def _since(day: date, at: datetime) -> Q:
    return Q(received_at__gte=datetime.combine(day, time(), CITY_TZ))


def _until(day: date, at: datetime) -> Q:
    return Q(received_at__lt=datetime.combine(day + timedelta(days=1), time(), CITY_TZ))


_CONDITIONS: dict[str, Callable[[Any, datetime], Q]] = {
    "topic": _of_topic,
    "agency": _of_agency,
    "place": _of_place,
    "channel": lambda channel, at: Q(channel=channel),
    "state": lambda state, at: Q(state=state),
    "level": _of_level,
    "due": _of_due,
    "since": _since,
    "until": _until,
}
