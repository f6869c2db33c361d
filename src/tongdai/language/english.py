"""Whether somebody writes English: by the small words of it that unaccented Vietnamese doesn't have."""

from __future__ import annotations

import re

_WORD = re.compile(r"[a-z']+")
_SMALL_WORDS = frozenset({
    "about", "am", "ambulance", "and", "are", "baby", "been", "bleeding", "boy", "breathing", "broken", "building",
    "can't", "child", "could", "doctor", "does", "doesn't", "don't", "down", "fire", "floor", "for", "friend",
    "from", "gas", "girl", "has", "have", "he", "help", "her", "here", "his", "hospital", "hotel", "house", "how",
    "hurt", "husband", "i", "i'm", "into", "is", "isn't", "it", "it's", "just", "light", "man", "my", "near",
    "need", "needs", "not", "now", "of", "office", "our", "out", "passport", "people", "permit", "person", "please",
    "police", "road", "room", "she", "should", "smell", "smoke", "somebody", "someone", "still", "street", "stuck",
    "that", "the", "their", "there", "these", "they", "this", "trapped", "under", "very", "visa", "want", "was",
    "water", "we", "were", "what", "when", "where", "which", "who", "wife", "wire", "with", "woman", "would", "you",
    "your",
})  # fmt: skip
ENOUGH = 0.4  # of all words


def is_english(text: str) -> bool:
    """True for at least two such words that make two fifths of the text, which then has no Vietnamese accent."""
    words = _WORD.findall(text.lower())
    if not text.isascii() and any("À" <= sign <= "ỹ" for sign in text):
        return False
    known = sum(word in _SMALL_WORDS for word in words)
    return known >= 2 and known >= ENOUGH * len(words)
