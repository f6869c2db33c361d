"""Take names, numbers and addresses out of a question before it is kept: what is asked matters to an editor, not who asks.

Rules over words, no list of people: a family name with what follows it, whoever is called "ông", "chị", "tên là", but
no place or agency we know. Better one word too many than a name.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection

from tongdai.language.text import fold

BLOT = "#"
# the family names of 95 in 100 Vietnamese, and what stands between them and the given name; without accents
_FAMILY = (
    "nguyen|tran|le|pham|hoang|huynh|phan|vu|vo|dang|bui|do|ho|ngo|duong|ly|dao|dinh|lam|trinh|mai|truong|phung|doan|luong|"
    "ta|cao|ha|to|vuong|chau|thai|quach|luu|kieu|nghiem|giang|chu|than|khong|mac|trieu|tong|ninh|bach|cu|doan"
)
_MIDDLE = (
    "van|thi|huu|duc|cong|quang|dinh|minh|ngoc|xuan|thanh|thu|hong|kim|ba|duy|quoc|trong|the|tuan|hoai|phuong|nhu|khanh|"
    "gia|bao|thuy|my|dieu|bich|tien|viet|trung|hai|manh|nhat|vinh|phuc|tan|hoang"
)
_NO_NAME = (
    "bi|o|co|la|khong|thi|duoc|xin|can|hoi|muon|den|va|tai|sinh|nam|mac|vua|dang|da|cho|ve|nay|thuoc|cung|khi|tu|phai|lam|"
    "dieu|hien|voi|de|so|tuoi|nhu|ra|vao|nho|giup|dau|gi|nao|di|ma|hay"
)  # what follows a name more often than it stands in one
_TITLE = "ong|ba|anh|chi|co|chu|bac|chau|be|thay|mo|di|cau|con|em|vo|chong|me|bo|cu"
_NAME_WORD = rf"(?!(?:{_NO_NAME})\b)[^\W\d]+"

_ADDRESS_ONLINE = re.compile(r"\S+@\S+|https?://\S+|www\.\S+", re.I)
_DAY = re.compile(r"\b\d{1,2}\s?[/.\-]\s?\d{1,2}\s?[/.\-]\s?(?:19|20)?\d\d\b")
_LONG = re.compile(r"\d(?:[\s.\-/]?\d){4,}")
_PROCEDURE = re.compile(r"\d\.\d{6}")
_HOUSE_NUMBER = re.compile(r"\b(?:so nha|nha so|ngo|ngach|hem|kiet|can ho|phong|to|bien so)\s+(\w{0,3}\d[\w/.\-]*)")
_SPOKEN = re.compile(rf"\b(?:{_FAMILY})\s+(?:(?:{_MIDDLE})\s+){{1,2}}{_NAME_WORD}(?:\s+{_NAME_WORD})?")
_NAMED = re.compile(rf"\b(?:ho va )?ten(?:(?:\s+\w+)?\s+la|\s*:)\s+({_NAME_WORD}(?:\s+{_NAME_WORD}){{0,3}})")
_WORD = re.compile(r"[^\W\d_]+")
_FAMILIES, _TITLES = frozenset(_FAMILY.split("|")), frozenset(_TITLE.split("|"))
_NEVER_A_NAME = frozenset({"ria"})  # Bà Rịa


def scrub(text: str, *, known: Collection[str] = ()) -> str:
    """The text with names, numbers, days and house numbers blotted out.

    `known`: folded names of places and agencies, which stay.
    """
    text = unicodedata.normalize("NFC", text)
    if _PROCEDURE.fullmatch(text.strip()):
        return text
    for pattern in (_ADDRESS_ONLINE, _DAY, _LONG):
        text = pattern.sub(BLOT, text)
    if text.isupper():
        text = text.lower()  # capitals tell nothing then
    if len(fold(text)) != len(text):
        text = fold(text)  # letters whose places wouldn't agree: the accents go now
    text = _blot(text, [found.span(1) for found in _HOUSE_NUMBER.finditer(fold(text))])
    text = _blot(text, _capitalised(text, known))
    text = _blot(text, [found.span() for found in _SPOKEN.finditer(fold(text))])
    return _blot(text, [found.span(1) for found in _NAMED.finditer(fold(text))])


def _capitalised(text: str, known: Collection[str]) -> list[tuple[int, int]]:
    """Runs of capitalised words that are a name: a family name and more, or whoever has a title before it."""
    plain, spans, run, before = fold(text), [], list[re.Match[str]](), ""
    for word in [*_WORD.finditer(text), None]:
        if word is not None and word[0][0].isupper() and (not run or _beside(text, run[-1], word)):
            run.append(word)
            continue
        if run:
            spans += _name_in(run, [plain[each.start() : each.end()] for each in run], before, known)
        run = [word] if word is not None and word[0][0].isupper() else []
        before = plain[word.start() : word.end()] if word is not None and not run else ""
    return spans


def _name_in(run: list[re.Match[str]], words: list[str], before: str, known: Collection[str]) -> list[tuple[int, int]]:
    """Where in this run a name stands, if one does."""
    if words[0] in _TITLES and len(words) > 1:  # "Bà Huệ" at the beginning of a sentence
        before, run, words = words[0], run[1:], words[1:]
    is_name = before in _TITLES or (words[0] in _FAMILIES and len(words) > 1)
    if not is_name or " ".join(words) in known or words[0] in _NEVER_A_NAME:
        return []
    return [(run[0].start(), run[-1].end())]


def _beside(text: str, one: re.Match[str], other: re.Match[str]) -> bool:
    return text[one.end() : other.start()].strip(" ") == ""


def _blot(text: str, spans: list[tuple[int, int]]) -> str:
    for start, end in sorted(spans, reverse=True):
        text = text[:start] + BLOT + text[end:]
    return text
