"""The procedures field by field: all of them while they are few, else the fields with how many; and one field by itself.

A ministry's two thousand on one page weighed half a megabyte.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tongdai.knowledge.answers import english
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

    @property
    def lang(self) -> str:
        return lang_of(self.name)


def fields_of(day: date) -> list[Field]:
    """Every field that has procedures on this day."""
    there = _there(day)
    counts = dict(there.order_by().values_list("field").annotate(Count("pk")))
    listed: dict[str, list[Procedure]] = {}
    for each in _by_name(there) if sum(counts.values()) <= FEW else []:
        listed.setdefault(each.field, []).append(each)
    found = [Field(name, words_of(name), count, listed.get(name, [])) for name, count in counts.items()]
    return sorted(found, key=lambda each: sort_key(each.words))


def procedures_of(day: date, name: str) -> list[Procedure]:
    """The procedures of one field, by name; none where there is no such field."""
    return _by_name(_there(day).filter(field=name))


def words_of(name: str) -> str:
    """A field's name in the language of the page; the national file has procedures without one."""
    return ((english.is_asked_for() and english.text_in_english(name)) or name) if name else _("Lĩnh vực khác")


def lang_of(name: str) -> str:
    """The language of `words_of(name)`."""
    return (get_language() or "vi") if not name or words_of(name) != name else "vi"


def _there(day: date) -> QuerySet[Procedure]:
    return Procedure.objects.on(day).filter(state=State.PUBLISHED, twin_of=None)


def _by_name(procedures: QuerySet[Procedure]) -> list[Procedure]:
    return sorted(procedures.only("code", "name", "field"), key=lambda each: sort_key(english.title(each)))
