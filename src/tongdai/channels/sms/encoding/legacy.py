"""Vietnamese that was written before Unicode: recognised by what it would say, and turned into Unicode.

- TCVN3 ("ABC"): the 8-bit letters of TCVN 5712:1993, set VN3: small letters, and of the capitals Ă Â Ê Ô Ơ Ư Đ.
- VNI: the 8-bit encoding of VNI's fonts for Windows: a letter, then its marks as a letter of their own.
- VIQR: RFC 1456; marks as `'` `` ` `` `?` `~` `.` `^` `(` `+` behind their letter, `dd` for đ.
- VNI's keys, left as they were typed: 1–5 for the tones, 6 7 8 9 for ˆ, horn, breve and đ.

The 8-bit ones reach us as the letters those octets have in Latin-1. Nothing is changed unless nearly all that would
change becomes Vietnamese syllables, at least two of them: a number plate, `15A1`, or `o'clock` stays what it is.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from tongdai.language.syllables import has_marks, is_syllable


class Scheme(StrEnum):
    """Also written to the interaction's detail, for the page to name."""

    TCVN3 = "TCVN3"
    VNI = "VNI"
    VIQR = "VIQR"
    VNI_KEYS = "VNI 1–9"


@dataclass(frozen=True)
class Recognised:
    """What a text says, and how it had been written."""

    text: str
    scheme: Scheme


FEWEST = 2  # words that become Vietnamese
RIGHT = 0.8  # of the words that would change
OF_ALL = 1 / 3  # of all words that have letters: `gå til` is Norwegian


def recognised(text: str) -> Recognised | None:
    """The text in Unicode, if it is surely one of these; None where it stays as it is."""
    words = text.split()
    if len(words) < FEWEST or len(text) > LONGEST:
        return None
    if max(text) > "\xff":  # Unicode: no letter of an 8-bit encoding
        return None
    in_ascii = [scheme for scheme, marks in _SURE.items() if marks.search(text)]
    schemes = in_ascii if text.isascii() else _EIGHT_BIT
    found = [(score, scheme) for scheme in schemes if (score := _score(words, scheme)) > 0]
    if not found:
        return None
    _best, scheme = max(found)
    return Recognised(_converted(text, scheme), scheme)


LONGEST = 40_000  # characters: as many as 255 parts hold


# ── is it? ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def _score(words: list[str], scheme: Scheme) -> int:
    """How many words become Vietnamese by this scheme; 0: it isn't written so."""
    read = _READ[scheme]
    changed = [(word, new) for at, word in enumerate(words) if (new := read(word, at + 1 == len(words))) != word]
    right = [(word, new) for word, new in changed if _is_vietnamese(new)]
    of_letters = sum(any(map(str.isalpha, word)) for word in words)
    if len(right) < FEWEST or len(right) < RIGHT * len(changed) or len(right) < OF_ALL * of_letters:
        return 0
    if all(len(new) == 1 for _word, new in right):  # letters that stand alone, `Ì Ü`, say nothing
        return 0
    if scheme in _EIGHT_BIT:  # Unicode whose letters all lie in Latin-1: `Cô Hoà có ở đó không à`
        already = sum(_is_vietnamese(word) for word, _new in changed)
        is_so = already * 2 < len(right) or (already < len(right) == len(changed))
        return len(right) if is_so else 0
    return len(right) if any(_SURE[scheme].search(word) for word, _new in right) else 0


def _is_vietnamese(word: str) -> bool:
    """Whether every run of letters of it is a syllable, one of them with marks."""
    runs = _LETTERS.findall(word)
    return bool(runs) and all(map(is_syllable, runs)) and any(map(has_marks, runs))


_LETTERS = re.compile(r"[^\W\d_]+")
# what hardly stands in a text by chance: a mark of a vowel and its tone; ư and ơ together; đ before its vowel
_SURE = {
    Scheme.VIQR: re.compile(r"[aeo]\^['`?~.]|a\(['`?~.]|[uo]\+['`?~.]|u\+o\+|\bdd[aeiouy]", re.IGNORECASE),
    Scheme.VNI_KEYS: re.compile(r"[a-z][678][1-5]|[a-z][1-5][678]|u7o7|\bd9[a-z]|\bd[a-z]+9|9[1-5]\b", re.IGNORECASE),
}


def _converted(text: str, scheme: Scheme) -> str:
    """Each word as it reads; those that the scheme would make no Vietnamese of stay as they are."""
    read = _READ[scheme]
    parts = re.split(r"(\s+)", text)
    last = max(at for at, part in enumerate(parts) if part.strip())

    def new(at: int, word: str) -> str:
        changed = read(word, at == last)
        return changed if changed == word or scheme in _EIGHT_BIT or _is_vietnamese(changed) else word

    return unicodedata.normalize(
        "NFC", "".join(new(at, part) if part.strip() else part for at, part in enumerate(parts))
    )


# ── 8-bit encodings ──────────────────────────────────────────────────────────────────────────────────────────────────

_TCVN3 = dict(
    zip(
        "¡¢£¤¥¦§¨©ª«¬\xad®µ¶·¸¹»¼½¾ÆÇÈÉÊËÌÎÏÐÑÒÓÔÕÖ×ØÜÝÞßáâãäåæçèéêëìíîïñòóôõö÷øùúûüýþ",
        "ĂÂÊÔƠƯĐăâêôơưđàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ",
        strict=True,
    )
)
_VNI_TONES = {"ù": "\u0301", "ø": "\u0300", "û": "\u0309", "õ": "\u0303", "ï": "\u0323"}
_VNI_HATS = {
    "â": "\u0302",
    "á": "\u0302\u0301",
    "à": "\u0302\u0300",
    "å": "\u0302\u0309",
    "ã": "\u0302\u0303",
    "ä": "\u0302\u0323",
}
_VNI_BREVES = {
    "ê": "\u0306",
    "é": "\u0306\u0301",
    "è": "\u0306\u0300",
    "ú": "\u0306\u0309",
    "ü": "\u0306\u0303",
    "ë": "\u0306\u0323",
}
_VNI_LETTERS = {"ñ": "đ", "ô": "ơ", "ö": "ư", "í": "í", "ì": "ì", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "î": "ỵ"}


def _vni_table() -> dict[str, str]:
    """A letter and its mark → the letter with it, small and capital; the marks may differ from the letter in size."""
    marks = dict.fromkeys("aeouyôö", _VNI_TONES)
    table = dict(_VNI_LETTERS)
    for base, tones in marks.items():
        table |= {base + sign: _VNI_LETTERS.get(base, base) + tone for sign, tone in tones.items()}
    for base in "aeo":
        table |= {base + sign: base + hat for sign, hat in _VNI_HATS.items()}
    table |= {"a" + sign: "a" + breve for sign, breve in _VNI_BREVES.items()}
    composed = {old: unicodedata.normalize("NFC", new) for old, new in table.items()}
    large = {old.upper(): new.upper() for old, new in composed.items()}
    mixed = {old[0].upper() + old[1:]: new.upper() for old, new in composed.items() if len(old) > 1}
    return composed | large | mixed


_VNI = _vni_table()
_VNI_READ = re.compile("|".join(sorted(map(re.escape, _VNI), key=len, reverse=True)))


def _tcvn3(word: str, _is_last: bool) -> str:
    return "".join(_TCVN3.get(char, char) for char in word)


def _vni(word: str, _is_last: bool) -> str:
    return _VNI_READ.sub(lambda found: _VNI[found.group()], word)


# ── marks as plain signs ─────────────────────────────────────────────────────────────────────────────────────────────

_VIQR = re.compile(r"([aeo]\^|a\(|[uo]\+|[aeiouy])(['`?~.])?", re.IGNORECASE)
_VIQR_SHAPES = {"^": "\u0302", "(": "\u0306", "+": "\u031b"}
_VIQR_TONES = {"'": "\u0301", "`": "\u0300", "?": "\u0309", "~": "\u0303", ".": "\u0323"}
_VIQR_D = re.compile(r"\bdd|\bDD|\bDd")
_ENDS = re.compile(r"(?<=[A-Za-z])[?.]$")


def _viqr(word: str, is_last: bool) -> str:
    """`?` and `.` that end the text are punctuation, unless their vowel has a mark already: `cho+.` is chợ, `nha.` is not."""
    end = ""
    if is_last and _ENDS.search(word):
        word, end = word[:-1], word[-1]

    def letter(found: re.Match[str]) -> str:
        vowel, tone = found.group(1), found.group(2) or ""
        shape = _VIQR_SHAPES.get(vowel[1:], "")
        return unicodedata.normalize("NFC", vowel[0] + shape + _VIQR_TONES.get(tone, ""))

    return _VIQR_D.sub(lambda found: "đ" if found.group()[0] == "d" else "Đ", _VIQR.sub(letter, word)) + end


# begins a word; a letter and a digit alone are the name of a house, a class or a licence: A5, b2
_KEYED = re.compile(r"(?<![0-9A-Za-z])(?![A-Za-z]\d(?![0-9A-Za-z]))[A-Za-z]+[1-9][A-Za-z1-9]*")
_KEY_TONES = {"1": "\u0301", "2": "\u0300", "3": "\u0309", "4": "\u0303", "5": "\u0323"}


def _vni_keys(word: str, _is_last: bool) -> str:
    return _KEYED.sub(lambda found: _by_keys(found.group()), word)


def _by_keys(typed: str) -> str:
    """A syllable whose digits stand behind their vowels or at its end: `d9u7o72ng`, `duong972`. As it was if it is none."""
    letters, tone = list(re.sub(r"\d", "", typed)), ""
    for found in re.finditer(r"\d", typed):
        before = len(re.sub(r"\d", "", typed[: found.start()]))
        if (key := found.group()) in _KEY_TONES:
            if tone:
                return typed
            tone = _KEY_TONES[key]
        elif not _shape(letters, key, before):
            return typed
    at = _where_the_tone_stands(letters) if tone else 0
    if at is None:
        return typed
    if tone:
        letters[at] = unicodedata.normalize("NFC", letters[at] + tone)
    return "".join(letters)


_KEY_SHAPES = {"6": ("aeo", "\u0302"), "7": ("uo", "\u031b"), "8": ("a", "\u0306")}


def _shape(letters: list[str], key: str, before: int) -> bool:
    """Give the last vowel before the digit that may have it its mark; both of `uo` the horn."""
    if key == "9":
        if letters[0] not in "dD":
            return False
        letters[0] = "đ" if letters[0] == "d" else "Đ"
        return True
    vowels, mark = _KEY_SHAPES.get(key, ("", ""))
    for at in range(min(before, len(letters)) - 1, -1, -1):
        if letters[at].lower() in vowels:
            letters[at] = unicodedata.normalize("NFC", letters[at] + mark)
            is_pair = key == "7" and at and letters[at].lower() == "ơ" and letters[at - 1].lower() == "u"
            if is_pair and at + 1 < len(letters):  # `uơ` ends no syllable but huơ, thuở: with something behind it is ươ
                letters[at - 1] = unicodedata.normalize("NFC", letters[at - 1] + mark)
            return True
    return False


def _where_the_tone_stands(letters: list[str]) -> int | None:
    """On the vowel with a mark of its own (the ơ of ươ), else the last before a consonant, else the first of two."""
    word = "".join(letters).lower()
    first = len(prefix) if (prefix := _not_the_vowel(word)) else 0
    vowels = [at for at, char in enumerate(word) if at >= first and char in "aăâeêioôơuưy"]
    if not vowels:
        return None
    marked = [at for at in vowels if word[at] in "ăâêôơư"]
    if marked:
        return marked[-1]
    if len(vowels) == 1:
        return vowels[0]
    return vowels[1] if vowels[-1] + 1 < len(word) or len(vowels) > 2 else vowels[0]


def _not_the_vowel(word: str) -> str:
    """The `qu` or `gi` a word begins with, whose vowel bears no tone."""
    return next(
        (each for each in ("qu", "gi") if word.startswith(each) and len(word) > 2 and word[2] in "aăâeêioôơuưy"), ""
    )


_READ: dict[Scheme, Callable[[str, bool], str]] = {
    Scheme.TCVN3: _tcvn3, Scheme.VNI: _vni, Scheme.VIQR: _viqr, Scheme.VNI_KEYS: _vni_keys,
}  # fmt: skip
_EIGHT_BIT = (Scheme.TCVN3, Scheme.VNI)
