"""The answer that a key names: `procedure:7` → the procedure."""

from __future__ import annotations

from collections.abc import Sequence

from ..answer_key import AnswerKey, Kind
from ..models import Answer, Article, LookupRow, LookupTable, Procedure


def answer_of(key: AnswerKey) -> Answer | None:
    """The answer, if it is still there."""
    return answers_of([key]).get(key)


def public_answer_of(key: AnswerKey | None) -> Answer | None:
    """The answer that somebody asks for by its key, if it is one that citizens see: no draft is told by its number."""
    answer = answer_of(key) if key else None
    return answer if answer is not None and answer.is_public else None


def answers_of(keys: Sequence[AnswerKey], *, names_only: bool = False) -> dict[AnswerKey, Answer]:
    """Those that are there, by at most one query a kind. `names_only`: procedures without their long parts."""
    ids: dict[Kind, list[int]] = {kind: [] for kind in Kind}
    for key in keys:
        ids[key.kind].append(key.id)
    procedures = Procedure.objects.only("code", "name", "field") if names_only else Procedure.objects.all()
    found: list[Answer] = []
    for kind, rows in (
        (Kind.PROCEDURE, procedures),
        (Kind.ARTICLE, Article.objects.all()),
        (Kind.TABLE, LookupTable.objects.all()),
        (Kind.ROW, LookupRow.objects.select_related("table", "place")),
    ):
        if ids[kind]:
            found += rows.filter(pk__in=ids[kind])
    return {answer.answer_key: answer for answer in found}
