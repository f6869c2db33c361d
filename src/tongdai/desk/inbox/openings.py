"""Where the matter begins: greetings and what somebody says of themselves are left out of a row, for a row has few words.

What they are is data, `openings.txt`. In doubt the words stay: a greeting too many is better than a matter that lost its
beginning. Only rows ask here; a case's page, its search and its history keep every word.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from tongdai.language.text import fold

PHRASES = Path(__file__).with_name("openings.txt")
LEAST_WORDS = 2  # of what is left: else nothing was said but a greeting, or it was no greeting
MOST_STEPS = 12
MOST_NAMES = 5
_STOPS = ' \t\n,.:;!?-–"“”…)'
_ENDS_A_WORD = r"(?=[\s,.:;!?()\-–\"“”/]|$)"
_ENDS_A_CLAUSE = re.compile(r"\s*(?:[,.:;!\n)–]|-\s|$)")
_WORD = re.compile(r"[^\s,.:;!?()\"“”–]+")


def without_opening(text: str) -> str:
    """Return the text from where its matter begins, with a capital letter; the text itself where nothing goes before it."""
    rest, introduced = text.strip(), False
    for _ in range(MOST_STEPS):
        end, introduces = _opening(rest, introduced=introduced)
        shorter = rest[end:].lstrip(_STOPS)
        if not end or len(_WORD.findall(shorter)) < LEAST_WORDS:
            break
        rest, introduced = shorter, introduced or introduces
    if rest == text.strip():
        return text
    return rest[:1].upper() + rest[1:]


def _opening(text: str, *, introduced: bool) -> tuple[int, bool]:
    """Where the one part of an opening ends that the text begins with, or 0; and whether it says who speaks."""
    if end := _greeting(text):
        return end, False
    if end := _phrase("saying", text):
        return _run(text, end, "about"), False
    if end := _phrase("myself", text):
        return _name(text, end), True
    if (end := _phrase("people", text)) and _ENDS_A_CLAUSE.match(text, end):
        return end, True
    if introduced and (end := _phrase("living", text)):
        return _places(text, end), True
    return 0, False


def _greeting(text: str) -> int:
    """Where a greeting ends, with those it is for; 0 where it is none: `Chào cờ ở trường`."""
    called = _phrase("calls", text)
    begun = called or _phrase("greetings", text)
    if not begun:
        return 0
    known = _run(text, begun, "addressed", signs=" ,:")
    whole = _run(text, known, "address_forms")
    if not _ENDS_A_CLAUSE.match(text, whole):
        place = _place(text, whole)  # `UBND phường Hồng Bàng`
        return place or (known if known > begun else called)
    more = _run(text, whole, "addressed", signs=" ,")
    return max(whole, more)


def _run(text: str, end: int, kind: str, *, signs: str = " ") -> int:
    """Where the last of such phrases ends that follow each other from here; here, if none does."""
    while found := _phrase(kind, text, _past(text, end, signs)):
        end = found
    return end


def _name(text: str, end: int) -> int:
    """Where the name ends that somebody gives; 0 where it is none: `tôi là người bán hàng ở chợ` says what it is about."""
    at, names = _past(text, end, " :"), 0
    small = bool(_phrase("families", text, at)) and not text[at].isupper()
    while names < MOST_NAMES and (found := _WORD.match(text, at)) and (small or found[0][0].isupper()):
        names, end = names + 1, found.end()
        at = _past(text, end, " ")
    return end if names and _ENDS_A_CLAUSE.match(text, end) else 0


def _places(text: str, end: int) -> int:
    """Where an address ends, over the commas in it; 0 where its clause says anything else, which may be the matter."""
    end = _place(text, end)
    while end and text[end : end + 1] == "," and _phrase("address", text, _past(text, end, " ,")):
        further = _place(text, end + 1)
        if not further:
            break
        end = further
    return end


def _place(text: str, end: int) -> int:
    """The same of one clause."""
    at, words = _past(text, end, " :"), 0
    while found := _WORD.match(text, at):
        if not (found[0][0].isupper() or found[0][0].isdigit()) and not _phrase("address", text, at):
            return 0
        end = _phrase("address", text, at) or found.end()
        words += 1
        at = _past(text, end, " ")
    return end if words and _ENDS_A_CLAUSE.match(text, end) and text[end:].strip(_STOPS) else 0


def _past(text: str, at: int, signs: str) -> int:
    while at < len(text) and text[at] in signs:
        at += 1
    return at


def _phrase(kind: str, text: str, at: int = 0) -> int:
    """Where the longest phrase of this kind ends that stands here; 0 where none does."""
    found = _patterns()[kind].match(text, at)
    return found.end() if found else 0


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    """One pattern for all of a kind, the longest phrases first."""
    found: dict[str, list[str]] = {}
    kind = ""
    for line in PHRASES.read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            kind = line.strip("[]")
        elif line.strip() and not line.startswith("#"):
            found.setdefault(kind, []).append(line.strip())
    return {
        kind: re.compile(f"(?:{'|'.join(map(_pattern, sorted(phrases, key=len, reverse=True)))}){_ENDS_A_WORD}", re.I)
        for kind, phrases in found.items()
    }


def _pattern(phrase: str) -> str:
    """Each letter as it is, or without its accents, as many write; never with others: `nhà` is no `nha`, `cờ` no `cô`."""
    return "".join(
        r"\s+" if letter == " " else f"[{letter}{fold(letter)}]" if fold(letter) != letter else re.escape(letter)
        for letter in phrase
    )
