"""Two matters in one question: `làm căn cước ở đâu, với lại đổi bằng lái hết bao nhiêu`. Each half asks for itself."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tongdai.language.text import clean

SHORTEST = 3  # words of a half
_BETWEEN = re.compile(
    r"\s*(?:[,;.?!:]\s+(?=\w)|\b(?:với lại|voi lai|tiện thể|tien the|ngoài ra|ngoai ra|đồng thời|dong thoi|xong rồi|xong roi|"
    r"rồi|roi|còn|con|xong|và|va)\b)\s*",
    re.IGNORECASE,
)


_CLAUSE = re.compile(r"\s*[,;.?!:]\s+|\s*[?!]\s*$")


def clauses(typed: str) -> list[str]:
    """The pieces of the words between its marks; none where no mark stands in them."""
    found = [each for each in _CLAUSE.split(clean(typed)) if each.strip()]
    return found if len(found) > 1 else []


def halves(typed: str) -> Iterator[tuple[str, str]]:
    """Each way to part the words in two where a sentence or a joining word parts them."""
    text = clean(typed)
    for found in _BETWEEN.finditer(text):
        first, second = text[: found.start()], text[found.end() :]
        if min(len(first.split()), len(second.split())) >= SHORTEST:
            yield first, second
