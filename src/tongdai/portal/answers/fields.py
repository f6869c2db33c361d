"""The procedures field by field: all of them while they are few, else the fields with how many, and one of them whole.

A ministry's two thousand on one page weighed half a megabyte.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count
from django.utils.translation import gettext as _

from tongdai.knowledge.models import Procedure, State
from tongdai.language.sorting import sort_key

FEW = 100


@dataclass(frozen=True)
class Field:
    """A field of administration (lĩnh vực); `procedures` is empty where the page has only a link to them."""

    name: str
    words: str
    count: int
    procedures: list[Procedure] = field(default_factory=list)
    asked: bool = False


def fields_of(day: date, *, asked: str) -> list[Field]:
    """Every field that has procedures on this day; `asked`: the one to show whole."""
    there = Procedure.objects.on(day).filter(state=State.PUBLISHED, twin_of=None)
    counts = dict(there.order_by().values_list("field").annotate(Count("pk")))
    shown = there if sum(counts.values()) <= FEW else there.filter(field=asked) if asked in counts else there.none()
    listed: dict[str, list[Procedure]] = {}
    for each in sorted(shown.only("code", "name", "field"), key=lambda each: sort_key(each.name)):
        listed.setdefault(each.field, []).append(each)
    found = [
        Field(name, name or _("Lĩnh vực khác"), count, listed.get(name, []), asked=bool(asked) and name == asked)
        for name, count in counts.items()
    ]
    return sorted(found, key=lambda each: sort_key(each.words))
