"""What a citizen who asks in these words is answered, for an editor who looks for the page where it is written."""

from __future__ import annotations

from typing import Any

from tongdai.accounts.models import User
from tongdai.knowledge.answers import short_answers
from tongdai.knowledge.ask import ask
from tongdai.knowledge.models import EditedAnswer, LookupRow

from .rows import MODELS, address_of, visible


def as_asked(user: User, typed: str) -> list[dict[str, Any]]:
    """The answers with the part that is asked of each, of a question with two matters both; those that this person may edit."""
    reply = ask(typed, names_only=True) if len(typed.split()) > 1 else None
    found = []
    for each in reply.answers if reply else ():
        row = each.answer.table if isinstance(each.answer, LookupRow) else each.answer
        part = each.part or (reply.part if reply else None)
        if isinstance(row, EditedAnswer) and visible(user, MODELS[row.KIND]).filter(pk=row.pk).exists():
            found.append(
                {"row": row, "address": address_of(row), "part": short_answers.part_name(part) if part else ""}
            )
    return found
