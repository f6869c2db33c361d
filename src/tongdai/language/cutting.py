"""The beginning of a text that is too long: never in the midst of a word, a number with its unit, a bracket or a quoted name."""

from __future__ import annotations

import re

MARK = "…"
NEAR = (
    0.6  # of the text: a bracket that opens before that is closed, for what stands in it is most of what was to be said
)
_PAIRS = {"(": ")", "[": "]", "“": "”", "«": "»"}
_UNITS = (
    r"đồng|vnđ|vnd|đ|usd|%|ngày|giờ|tháng|năm|tuần|phút|bản|bộ|người|tuổi|triệu|nghìn|tỷ|lần|tờ|trang|km|mét|m2|cấp|"
    r"days?|working|hours?|months?|years?|dong|copies|copy|originals?|minutes?"
)
_NUMBER_BEFORE_ITS_UNIT = re.compile(r"\s+\(?\d[\d.,/]*(?:\s+\([^()]*\))?$")
_A_UNIT = re.compile(rf"\s*(?:{_UNITS})(?!\w)|\s*\d", re.IGNORECASE)
_NUMBER_OF_A_NAME = re.compile(r"\s+(?:mẫu(?: số)?|số|điều|khoản|điểm|form|no\.)$", re.IGNORECASE)
_LOOSE_END = " ,;:–-"


def beginning(text: str, most: int) -> str:
    """The text where it isn't longer than so many characters, else as many of its words as are, and a mark that more follows."""
    if len(text) <= most:
        return text
    at = most
    while at > 0:
        at = text.rfind(" ", 0, at)
        begun = closed(text, at) if at > 0 else ""
        told = f"{begun.rstrip(_LOOSE_END)}{MARK}{closers(begun)}"
        if begun and len(told) <= most:
            return told
    return text[: most - 1] + MARK


def closed(text: str, at: int) -> str:
    """The text up to there, or up to the nearest place before it where no bracket, quoted name or number stands half."""
    begun = text[:at].rstrip()
    while begun:
        shorter = _before_what_is_open(begun)
        if _A_UNIT.match(text[len(shorter) :]):
            shorter = _NUMBER_BEFORE_ITS_UNIT.sub("", shorter)
        shorter = _NUMBER_OF_A_NAME.sub("", shorter)
        if shorter == begun:
            break
        begun = shorter.rstrip(_LOOSE_END)
    return begun or text[:at].rstrip()


def closers(text: str) -> str:
    """What closes the brackets and quotations that the text leaves open."""
    return "".join(mark for mark, _place in reversed(_open_in(text)))


def _before_what_is_open(text: str) -> str:
    """Without a bracket or a quotation that has begun near the end and not ended."""
    near = [place for _mark, place in _open_in(text) if place > NEAR * len(text)]
    return text[: near[0]].rstrip(_LOOSE_END) if near else text


def _open_in(text: str) -> list[tuple[str, int]]:
    """(what closes it, where it begins) of each that is open at the end; a plain quotation mark opens and closes in turn."""
    found: list[tuple[str, int]] = []
    for place, char in enumerate(text):
        if found and char == found[-1][0]:
            found.pop()
        elif char in _PAIRS:
            found.append((_PAIRS[char], place))
        elif char == '"':
            found.append(('"', place))
    return found
