"""Whether a question is English, which part of the answer it asks for, and what it is about."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tongdai.language.english import is_english

from ...answer_key import Part
from ...starter.files import lines_of
from ..question import ALIKE, BESIDE
from ..spelling import is_syllable
from .words import FUNCTION_WORDS, OTHER_WORDS, Words, words_of

LONGEST = 80  # words of a question that are read
_BOTH = frozenset(
    [
        "bhxh",
        "bhyt",
        "cccd",
        "covid",
        "email",
        "facebook",
        "fax",
        "gmail",
        "internet",
        "mst",
        "online",
        "passport",
        "pdf",
    ]
    + ["sms", "vneid", "visa", "web", "website", "wifi", "zalo"]
)
"""Said in both languages: they tell nothing of which it is."""
_NAMES = re.compile(r"\b(?:hai phong|le chan|an bien|viet ?nam|ha noi|hanoi|cat ba|do son)\b")
_AGE = re.compile(r"\b\d+ (?:years?|months?|weeks?|days?) old\b")

_PARTS = tuple(
    (Part(part) if part in set(Part) else None, re.compile(rf"\b(?:{pattern})\b"))
    for part, pattern in (line.split(": ", 1) for line in lines_of("english/question_parts.txt"))
)
"""A part that answers don't have yet is taken out all the same, and the answer opens at its top."""


@dataclass(frozen=True)
class EnglishQuestion:
    about: tuple[str, ...]
    part: Part | None
    also: Part | None = None


def is_in_english(typed: str, words: Words, *, language: str = "vi") -> bool:
    """Whether this is asked in English: on an English page one sure word is enough, else two, or nothing Vietnamese beside it."""
    if is_english(typed):
        return True
    said = words_of(_NAMES.sub(" ", " ".join(words_of(typed))))
    asked = [word if is_syllable(word) else words.spelt(word) for word in said]
    english = sum(
        word not in _BOTH and word.isalpha() and not is_syllable(word) and _is_english_word(word, words)
        for word in asked
    )
    vietnamese = sum(is_syllable(word) and not _is_english_word(word, words) for word in asked)
    if language == "en":
        return english >= 1 and english >= vietnamese
    return english > vietnamese and (english >= 2 or vietnamese == 0)


def _is_english_word(word: str, words: Words) -> bool:
    return word in words.known or word in FUNCTION_WORDS or word in OTHER_WORDS


def read_question(typed: str, words: Words) -> EnglishQuestion:
    """What it is about, in families of words, and the part it asks for."""
    text, asked = _AGE.sub(" ", " ".join(words_of(typed)[:LONGEST])), list[Part | None]()
    for each, pattern in _PARTS:
        if found := pattern.search(text):
            asked.append(each)
            text = f"{text[: found.start()]} | {text[found.end() :]}"
    about = [word for piece in text.split("|") for word in words.meant(piece.split())]
    part = next(iter(asked), None)
    also = next((each for each in BESIDE if each in asked and each is not part and {each, part} not in ALIKE), None)
    return EnglishQuestion(tuple(about or words.meant(words_of(typed)[:LONGEST])), part, also if part else None)
