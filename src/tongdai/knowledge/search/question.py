"""What a question is about, and which part of the answer it asks for.

"Cấp CCCD cần những giấy tờ nào?" is about *cấp căn cước công dân*; *cần những giấy tờ nào* says which part, and would
only mislead the search (every procedure has papers). So such phrases are read and taken out first.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tongdai.language.text import fold

from ..answer_key import Part
from ..starter.files import lines_of
from .phrases import Unit

BESIDE = (Part.FEE, Part.TIME, Part.WHERE, Part.ONLINE, Part.PAPERS, Part.FORM, Part.CONDITIONS, Part.DEADLINE)
"""What may be asked in the same breath as something else, the briefest first: `cần giấy gì, hết bao nhiêu tiền`."""
ALIKE = ({Part.FORM, Part.PAPERS}, {Part.DEADLINE, Part.TIME})  # one of them is the other, or is taken for it
WHICH = frozenset({"gi", "nao", "j", "chi", "may"})
LONGEST = 60  # syllables of a question that are read

_PARTS = tuple(
    (Part(part), re.compile(rf"(?<![a-z0-9'])(?:{pattern})(?![a-z0-9'])"))
    for part, pattern in (line.split(": ", 1) for line in lines_of("question_parts.txt"))
)

# courtesy and the asking itself, which say nothing of the matter
_SMALL_TALK = re.compile(
    r"(?<![a-z0-9])(?:"
    r"(?:cho|xin|lam on|vui long|nho|giup|phien|xin cho|ai biet|cho xin)(?: cho)?"
    r"(?: em| toi| minh| con| chau| anh| chi| tui| chung toi| ban)* (?:hoi|biet|xin hoi|tu van|hoi chut|hoi ti)"
    r"(?: la| ve| voi| chut| ti| viec)*|"
    r"xin hoi|hoi chut|hoi ti|hoi ve|tu van (?:giup|cho)?|giup (?:em|toi|minh|con|chau|tui)|xin cam on|cam on|"
    r"(?:ad|admin|shop|tong dai|anh chi|anh|chi|cac ban|ban|em|co chu|mn|moi nguoi|quy co quan) oi|alo|xin chao|"
    r"chao (?:ad|anh|chi|ban|tong dai)|bay gio|hien nay|hien tai|moi day|sap toi|"
    r"(?:em|toi|minh|tui|nha em|nha toi|nha minh|gia dinh em|gia dinh toi) (?:dang |co )?(?:muon|dinh|can|phai)"
    r"(?: lam| di| xin| biet| hoi)?|"
    r"muon (?:lam|di|xin|biet|hoi|duoc)|(?:co )?duoc khong|co sao khong|phai khong|dung khong|duoc chua|hay khong|"
    r"khong a|khong vay|thu tuc(?: hanh chinh)?|voi a|nha ad"
    r")(?![a-z0-9])"
)
FUNCTION_WORDS = frozenset(word for line in lines_of("function_words.txt") for word in line.split())
_FUNCTION_WORDS_PLAIN = frozenset(map(fold, FUNCTION_WORDS))


def marked_unless_asking(plain: str, raw: str) -> str:
    """`đầu`, `dấu` are not `đâu`: marked, so that no pattern takes them for a question."""
    return f"{plain}'" if plain == "dau" and raw not in {"dau", "đâu"} else plain


def is_function_word(word: str) -> bool:
    """Whether a word as written only serves the sentence: `cần` does, `căn` does not, `can` may (it counts little)."""
    return word in FUNCTION_WORDS or (word.isascii() and word in _FUNCTION_WORDS_PLAIN)


@dataclass(frozen=True)
class Question:
    """`about`: what it is about, written out; `part`: what it asks of it, `also`: what else; `whole`: all its syllables."""

    whole: tuple[str, ...]
    about: tuple[str, ...]
    part: Part | None
    also: Part | None = None


@dataclass(frozen=True)
class WeighedQuestion:
    """`terms`: what the index is asked for, with weights. `lone`: syllable → weight; `units`: (ways to say it, weight)

    for what has official words beside the everyday ones. `words`: every syllable of any way, with how much it tells;
    `total`: all weights. `called`, `in_a_call`: by entry, how alike the likest of its aliases is, and how much of the
    question one of them holds at most (`Phrases.fit`).
    """

    terms: dict[str, float]
    lone: dict[str, float]
    units: tuple[Unit, ...]
    words: dict[str, float]
    total: float
    question: Question
    called: NDArray[np.float32]
    in_a_call: NDArray[np.float32]

    @property
    def units_asked(self) -> int:
        """How many things were said, an everyday phrase that has official words being one."""
        return len(self.lone) + len(self.units)


def read_question(words: list[str] | tuple[str, ...]) -> Question:
    """Split written-out, unaccented syllables into what is asked about and which part is asked for."""
    text, parts, papers = " ".join(words[:LONGEST]), list[Part](), False
    for each, pattern in _PARTS:  # a word with a mark after it (`dau'`) is none of asking
        if found := pattern.search(text):
            parts.append(each)
            papers = papers or (each is Part.PAPERS and found[0].split()[-1] in WHICH)
            text = f"{text[: found.start()]} | {text[found.end() :]}"
    text = text.replace("'", "")
    about = tuple(_SMALL_TALK.sub(" ", text).replace("|", " ").split())
    whole = tuple(word.rstrip("'") for word in words[:LONGEST])
    first = (
        Part.PAPERS if parts[:1] == [Part.FORM] and papers else next(iter(parts), None)
    )  # a form is one of the papers
    others = [part for part in BESIDE if part in parts and part is not first and {part, first} not in ALIKE]
    also = next(iter(others), None) if first else None
    return Question(whole, about or tuple(text.replace("|", " ").split()), first, also)
