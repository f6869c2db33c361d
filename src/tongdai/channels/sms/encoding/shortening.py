"""Cut an answer that is too long for a text where a reader would stop: after a sentence, an item, or at least a word."""

from __future__ import annotations

import re
from collections.abc import Callable

from tongdai.language import cutting

ENDS_IN_THE_LAST = 1 / 3  # of what fits: a sentence's end that lies further back would cost too much
_ENDS = re.compile(r"(?<=[.!?…])\s+|(?<=;)\s+|\s+(?=\d{1,2}\) )")
_LABEL_AT_THE_END = re.compile(r"(?:^|(?<=[.!?;…]))\s*[^.!?;:]{1,40}:\s*$")
_NUMBER_AT_THE_END = re.compile(r"\s+(?:\d{1,2}\)|\(|[-–•])\s*$")


def shortened(text: str, *, fits: Callable[[str], bool]) -> str:
    """The longest beginning of the text that fits, cut where it may end; the text itself where it fits whole.

    An end is that of a sentence or of an item of a list where one lies in the last third, else that of a word. A label
    whose value would be cut away goes with it, and so does a bracket, a quoted name or a number that would stand half. What
    doesn't end by itself ends with `…`.
    """
    text = text.strip()
    if fits(text):
        return text
    words = [found.start() for found in re.finditer(r"\s+", text)]
    low, high = 0, len(words)  # how many words fit, for the more there are the longer it is
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if fits(_at_most(text[: words[middle - 1]])) else (low, middle - 1)
    if low == 0:
        return "…"
    room = words[low - 1]
    ends = [found.start() for found in _ENDS.finditer(text[: room + 1].rstrip() + " ")]
    stops = [end for end in ends if room * (1 - ENDS_IN_THE_LAST) <= end <= room]
    for end in (*reversed(stops), room):
        told = _ended(cutting.closed(text, end))
        if end == room or len(told) >= end - len("…") - 3:  # nothing was open there
            break
    return told


def _at_most(text: str) -> str:
    """What a text that ends here takes at most."""
    return f"{text}…{cutting.closers(text)}"


def _ended(text: str) -> str:
    """Without a label or an item's number that nothing follows, and with a mark that more was to come."""
    bare = text
    while (shorter := _NUMBER_AT_THE_END.sub("", _LABEL_AT_THE_END.sub("", bare)).rstrip()) != bare.rstrip():
        bare = shorter
    bare = (bare or text).rstrip()
    whole = bare[-1:] in {".", "!", "?", "…"}
    return (bare if whole else bare.rstrip(" ,;:–-") + "…") + cutting.closers(bare)
