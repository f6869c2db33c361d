"""Vietnamese order: keys that sort as a dictionary does, whatever the server's collations."""

from __future__ import annotations

import unicodedata

from .text import clean

# Order of the alphabet (Quyết định 1989/QĐ-BGDĐT, 2018: 29 letters) and of the tones in dictionaries.
_LETTERS = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_RANK = {letter: f"{place:02d}" for place, letter in enumerate(_LETTERS, start=20)}
_TONES = {"\u0300": "1", "\u0309": "2", "\u0303": "3", "\u0301": "4", "\u0323": "5"}


def sort_key(text: str) -> str:
    """ASCII that sorts under collation "C" as a Vietnamese dictionary does: letters first, tones break ties."""
    letters, tones = [], []
    for char in unicodedata.normalize("NFC", clean(text).lower()):
        parts = unicodedata.normalize("NFD", char)
        tone = next((_TONES[mark] for mark in parts if mark in _TONES), "0")
        letter = unicodedata.normalize("NFC", "".join(mark for mark in parts if mark not in _TONES))
        if letter.isdigit():
            letters.append(f"1{letter}")
        elif letter in _RANK:
            letters.append(_RANK[letter])
        else:
            letters.append("00" if letter.isspace() else "01")
        tones.append(tone)
    return "".join(letters)[:260] + "!" + "".join(tones)[:130]
