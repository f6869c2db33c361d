"""The first words of a matter, to know it by: a case has no title, its citizen's first sentence serves."""

from __future__ import annotations

import re


def excerpt(text: str, *, most: int = 90) -> str:
    """The first sentence, cut at a word after `most` characters; the citizen's own spelling is kept."""
    first = re.split(r"(?<=[.!?])\s+|\n", text.strip(), maxsplit=1)[0].rstrip(".")
    if len(first) < 12 and len(text) > len(first):  # "Alo.", "Kính gửi!" tell nothing
        first = " ".join(text.split())
    if len(first) <= most:
        return first
    return first[:most].rsplit(" ", 1)[0].rstrip(",;:") + "…"
