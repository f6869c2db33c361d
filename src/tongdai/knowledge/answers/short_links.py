"""A short address of an answer, for a text: `t/p1c` is procedure 1 at its steps, `t/p1c-en` in English. The portal opens it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.conf import settings

from ..answer_key import AnswerKey, Kind, Part

_KINDS = {Kind.PROCEDURE: "p", Kind.ARTICLE: "h", Kind.TABLE: "b", Kind.ROW: "d"}
_PARTS = {
    Part.PAPERS: "g", Part.STEPS: "c", Part.FEE: "t", Part.TIME: "n", Part.WHERE: "o", Part.DEADLINE: "h",
    Part.CONDITIONS: "k", Part.FORM: "m", Part.ONLINE: "e", Part.RESULT: "q",
}  # fmt: skip
_SHORT = re.compile(rf"([phbd])([0-9]{{1,12}})([{''.join(_PARTS.values())}]?)(-en)?")


@dataclass(frozen=True)
class Address:
    key: AnswerKey
    part: Part | None
    language: str = ""


def short(key: AnswerKey, part: Part | None = None, *, language: str = "") -> str:
    """The whole address of the answer, about forty characters. `language`: `en` for its page in English."""
    english = "-en" if language == "en" else ""
    return f"{settings.PUBLIC_URL}/t/{_KINDS[key.kind]}{key.id}{_PARTS[part] if part else ''}{english}"


def read(step: str) -> Address | None:
    """What the last step of a short address names; None if it is none."""
    found = _SHORT.fullmatch(step)
    if found is None:
        return None
    kind = next(kind for kind, letter in _KINDS.items() if letter == found[1])
    part = next((part for part, letter in _PARTS.items() if letter == found[3]), None)
    return Address(AnswerKey(kind, int(found[2])), part, "en" if found[4] else "")
