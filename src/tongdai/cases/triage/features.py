"""A text as what the model weighs: its words, pairs and triples of them, without accents and with them.

Pieces of words (character n-grams) were tried and made it worse (docs/adr/0020): slips are learned from slips.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache

from tongdai.language import abbreviations
from tongdai.language.text import fold

_TOKEN = re.compile(r"[^\W_]+|[?]")  # a question; exclamation marks say nothing, people strew them
_DRAWN_OUT = re.compile(r"(.)\1{2,}")  # cứuuuu
_KNOWN_NUMBERS = frozenset({"111", "112", "113", "114", "115", "1022"})
WINDOW, STRIDE = 22, 11  # words
SHORT = WINDOW + 4  # words; a text as long as that is looked at whole only


def features(text: str) -> list[str]:
    """The features of a text, each as often as it stands there. Pure; some 40 µs for a text of 30 words."""
    marked = _words(text)
    plain = [_plain(word) for word in marked]
    framed = ["^", *plain, "$"]
    found = [f"w {word}" for word in plain]
    found += [f"b {a} {b}" for a, b in zip(framed, framed[1:], strict=False)]
    found += [f"t {a} {b} {c}" for a, b, c in zip(framed, framed[1:], framed[2:], strict=False)]
    if marked != plain:
        found += [f"a {word}" for word in marked]
        found += [f"A {a} {b}" for a, b in zip(marked, marked[1:], strict=False)]
    return found


def windows(text: str) -> Iterator[str]:
    """A long text in overlapping pieces, for the danger may stand in one sentence of a letter; a short one in none."""
    words = text.split()
    if len(words) > SHORT:
        for start in range(0, len(words) - WINDOW + STRIDE, STRIDE):
            yield " ".join(words[start : start + WINDOW])


def _words(text: str) -> list[str]:
    """Lower case, abbreviations written out, numbers by their length."""
    known = _abbreviations()
    out: list[str] = []
    for word in _TOKEN.findall(_DRAWN_OUT.sub(r"\1", unicodedata.normalize("NFC", text.lower()))):
        if word.isdigit() and word not in _KNOWN_NUMBERS:
            word = "0" * min(len(word), 4)
        out.extend(known.get(word) or (word,))
    return out


@cache
def _abbreviations() -> dict[str, Sequence[str]]:
    """Those of one word: `ko` → không."""
    known: dict[str, Sequence[str]] = {}
    for short, full in abbreviations.unambiguous():
        if len(short.split()) == 1:
            known.setdefault(short.lower(), full.lower().split())
    return known


_folded: dict[str, str] = {}


def _plain(word: str) -> str:
    """`fold`, remembered: the words of a language are few."""
    plain = _folded.get(word)
    if plain is None:
        if len(_folded) > 50_000:
            _folded.clear()
        plain = _folded[word] = fold(word)
    return plain
