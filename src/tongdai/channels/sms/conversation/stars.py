"""How many stars a rating gives by its words: a number that is meant as one, signs, or a phrase of `stars.txt`. In doubt none."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

from tongdai.language.phrases import Phrases
from tongdai.language.text import fold

_NUMBER = re.compile(
    r"(?:danh gia|cham|cho)\s*:?\s*(?P<given>\d{1,2})(?!\d)"
    r"|(?<![\d/])(?P<of>\d{1,2})\s*/\s*(?P<scale>5|10)(?!\d)"
    r"|(?<!\d)(?P<stars>\d{1,2})\s*(?:sao|diem|stars?|points?)\b"
)
_SIGNS = {"👎": 2, "😡": 1, "😠": 1}
_NOT = re.compile(r"\b(?:khong|ko|k|kg|hong|chua|chang|cha|not|no|nhung|but)\b")
CONTENT = 4


def stars_of(words: str) -> int | None:
    """Return the number that was given, which may be none of 1 to 5; None where the words give none."""
    folded = fold(words)
    if found := _NUMBER.search(folded):
        if found["of"]:
            of = int(found["of"])
            return (of + 1) // 2 if found["scale"] == "10" else of
        return int(found["given"] or found["stars"])
    if given := sum(words.count(sign) for sign in "⭐🌟"):
        return given
    if sign := next((sign for sign in words if sign in _SIGNS), ""):
        return _SIGNS[sign]
    return _by_phrases(words, folded)


def _by_phrases(words: str, folded: str) -> int | None:
    """Content only where nothing in the text says no; of phrases as long as each other none says more."""
    found = sorted(_phrases().find(words), key=lambda each: -each.words)
    longest = {each.value for each in found if each.words == found[0].words}
    if len(longest) != 1:
        return None
    stars = longest.pop()
    return None if stars >= CONTENT and _NOT.search(folded) else stars


@cache
def _phrases() -> Phrases[int]:
    written = files("tongdai.channels.sms.conversation").joinpath("stars.txt").read_text(encoding="utf-8")
    rows, stars = [], 0
    for line in written.splitlines():
        if line.startswith("["):
            stars = int(line.strip("[]"))
        elif line and not line.startswith("#"):
            rows.append((line, stars))
    return Phrases(rows)
