"""What people call an answer in Vietnamese: read and set by editors, taken into the search at once."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction

from ..models import Alias, Article, EditedAnswer, Procedure
from . import revision


def aliases_of(row: EditedAnswer) -> list[str]:
    """The phrases, in the order they were added."""
    return list(Alias.objects.filter(**_of(row)).order_by("pk").values_list("phrase", flat=True))


@transaction.atomic
def set_aliases(row: EditedAnswer, phrases: Iterable[str]) -> None:
    """Exactly these phrases from now on."""
    wanted = list(dict.fromkeys(phrase[:200] for phrase in phrases))
    present = Alias.objects.filter(**_of(row))
    if set(wanted) == set(present.values_list("phrase", flat=True)):
        return
    present.exclude(phrase__in=wanted).delete()
    Alias.objects.bulk_create((Alias(**_of(row), phrase=phrase) for phrase in wanted), ignore_conflicts=True)
    revision.advance()


@transaction.atomic
def add_alias(row: EditedAnswer, phrase: str) -> None:
    """One more."""
    Alias.objects.get_or_create(**_of(row), phrase=phrase)
    revision.advance()


def _of(row: EditedAnswer) -> dict[str, Any]:
    if isinstance(row, Procedure):
        return {"procedure": row, "language": "vi"}
    assert isinstance(row, Article)
    return {"article": row, "language": "vi"}
