"""Forms by their names: `CT01`, `mẫu số 01/BĐS`, `tờ khai thay đổi thông tin cư trú` → the procedures whose papers they are.

The names stand in the procedures' data, so a form that a new record brings is known with it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from tongdai.language.text import clean, fold

from ...answer_key import AnswerKey
from ..text import Syllables, syllables

MOST_HOLDERS = 15  # of a name: what more procedures have alike (`đơn đề nghị`) tells them not apart
SHORTEST_NAME = 4  # syllables
LEFT_OVER = 2  # syllables of a question beside a form's name
_CODE = re.compile(
    r"(?<![\w/.\-])(?:[A-ZĐ]{1,5}\d{1,3}[a-zA-ZđĐ]?(?:-[A-ZĐ]{1,6}\d{0,2})?|\d{1,3}[a-zđ]?(?:-\d)?[-./][A-ZĐ]{2,}[\w\-/]*|"
    r"\d{1,2}[a-zđ]?[A-ZĐ]{2,}[\w/\-]*)(?!\w)"
)
_NUMBER = re.compile(r"\bmau (?:so |don so |to khai so )?0*(\d{1,2}[a-z]?)(?![\w/.\-])")
_NO_FORM = re.compile(
    r"(?:nd|tt|qd|nq|tttt|vbhn)\d|\d+(?:20\d\d)?(?:tt|nd|qd)(?:cp|ttg|b[a-z]+)?$|\d+(?:vnd|usd|km|kg|ha|m2?|cv)$"
)
_TOKEN = re.compile(r"[a-z0-9][a-z0-9./\-]*")
_A_FORM = re.compile(
    r"(?:to khai|don|phieu|giay de nghi|giay khai|ban khai|ban dang ky|van ban de nghi|bang ke|danh sach|bien ban|thong bao|"
    r"ban cam ket|mau)\b"
)
_IN_BRACKETS = re.compile(r"\([^)]*\)?|\btheo mau.*|\bmau so.*|[:;,].*")
_ASKING = re.compile(
    r"\b(?:cho|xin|toi|em|minh|hoi|mau|so|to|cai|file|ban|tai|lay|in|o|dau|nao|gi|la|ve|the|khai|dien|viet|lam|nhu|cach|"
    r"mua|can|de|thi|a|ah|nhe|voi|duoc|khong|co|dung|don|giay|theo|muon|download|form|bieu)\b"
)
_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True)
class Papers:
    """What one procedure says of its forms: `names` of its papers and their files; `texts`: where else a form is named."""

    key: AnswerKey
    names: Sequence[str]
    texts: Sequence[str] = ()


@dataclass(frozen=True)
class AskedForm:
    """`holders`: whose form it is, in the order of the base; `rest`: what else was said; `alone`: hardly anything."""

    holders: tuple[AnswerKey, ...]
    rest: str
    alone: bool


class Forms:
    """Never changes once made; safe for many threads."""

    def __init__(self, procedures: Iterable[Papers]) -> None:
        codes: dict[str, dict[AnswerKey, None]] = defaultdict(dict)
        elsewhere: dict[str, dict[AnswerKey, None]] = defaultdict(dict)
        numbers: dict[str, dict[AnswerKey, None]] = defaultdict(dict)
        names: dict[Syllables, dict[AnswerKey, None]] = defaultdict(dict)
        for each in procedures:
            for name in each.names:
                for code in _codes_in(name):
                    codes[code][each.key] = None
                for number in _NUMBER.findall(fold(clean(name))):
                    numbers[number][each.key] = None
                if (said := _name_of(name)) is not None:
                    names[said][each.key] = None
            for text in each.texts:
                for code in _codes_in(text):
                    elsewhere[code][each.key] = None
        for code, holders in elsewhere.items():
            codes[code] |= {key: None for key in holders if key not in codes[code]}
        self._codes: Mapping[str, tuple[AnswerKey, ...]] = {code: tuple(each) for code, each in codes.items()}
        self._numbers: Mapping[str, tuple[AnswerKey, ...]] = {number: tuple(each) for number, each in numbers.items()}
        self._names: Mapping[Syllables, tuple[AnswerKey, ...]] = {
            name: tuple(each) for name, each in names.items() if len(each) <= MOST_HOLDERS
        }

    def by_code(self, typed: str) -> AskedForm | None:
        """The form whose code or number stands in the question, if one does: the longest of them."""
        plain = fold(clean(typed))
        tokens = list(_TOKEN.finditer(plain))
        for length in (3, 2, 1):
            for first in range(len(tokens) - length + 1):
                start, end = tokens[first].start(), tokens[first + length - 1].end()
                if holders := self._codes.get(_plain(plain[start:end])):
                    return _asked(holders, plain, start, end)
        found = _NUMBER.search(plain)
        holders = self._numbers.get(found[1], ()) if found else ()
        return _asked(holders, plain, found.start(), found.end()) if found and holders else None

    def by_name(self, typed: str) -> AskedForm | None:
        """The form whose whole name the question says, and hardly anything else."""
        said = syllables(typed)
        for length in range(len(said), SHORTEST_NAME - 1, -1):
            for first in range(len(said) - length + 1):
                if holders := self._names.get(said[first : first + length]):
                    rest = " ".join((*said[:first], *said[first + length :]))
                    alone = len(_ASKING.sub(" ", rest).split()) <= LEFT_OVER
                    return AskedForm(holders, rest, alone) if alone else None
        return None


def _asked(holders: tuple[AnswerKey, ...], plain: str, start: int, end: int) -> AskedForm:
    rest = " ".join(f"{plain[:start]} {plain[end:]}".split())
    return AskedForm(holders, rest, not _WORD.search(_ASKING.sub(" ", rest)))


def _codes_in(text: str) -> set[str]:
    found = {_plain(code) for code in _CODE.findall(clean(text))}
    return {code for code in found if len(code) > 2 and not _NO_FORM.match(code)}


def _plain(code: str) -> str:
    """`01-ĐK/TCT` → `01dktct`: who writes it leaves marks out, or puts others in."""
    return "".join(char for char in fold(code) if char.isalnum())


def _name_of(paper: str) -> Syllables | None:
    """A form's name by its syllables; None where it is no form, or is called as many others are."""
    plain = fold(clean(paper)).lstrip(" -+*0123456789.)")
    if not _A_FORM.match(plain):
        return None
    said = syllables(_IN_BRACKETS.sub("", plain))
    return said if len(said) >= SHORTEST_NAME else None
