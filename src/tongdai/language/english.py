"""Whether somebody writes English: by the words of it that unaccented Vietnamese doesn't have."""

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
_OF_A_CITY = frozenset({
    "blocked", "blocks", "bridge", "broken", "builders", "certificate", "cleaned", "collected", "construction",
    "corner", "cracked", "damaged", "dangerous", "dirty", "drain", "drains", "drainage", "driver", "dumped", "electricity",
    "entrance", "every", "fallen", "fixed", "flooded", "flooding", "garbage", "illegal", "junction", "ladder", "lamp",
    "lamppost", "lamps", "landlord", "lane", "leak", "leaking", "licence", "license", "lights", "litter", "loud",
    "manhole", "marriage", "missing", "mosquitoes", "neighbour", "neighbor", "neighbours", "noise", "noisy", "opposite",
    "outage", "overflowing", "parked", "pavement", "pothole", "potholes", "register", "repair", "residence", "rubbish",
    "school", "sewage", "sewer", "sidewalk", "smelly", "stolen", "stray", "streetlamp", "streetlight", "streetlights",
    "traffic", "trash", "tree", "trees", "ward", "wires", "yesterday", "since", "tonight", "document", "documents",
    "papers", "apply", "replied", "problem", "another", "works", "working", "minutes", "hours", "days", "weeks",
})  # fmt: skip
"""What people report and ask for, in words that are no Vietnamese syllable and aren't said in Vietnamese either."""
_ONLY_VIETNAMESE = frozenset({
    "ai", "anh", "bao", "bi", "cac", "cai", "cho", "chua", "chung", "co", "con", "cua", "da", "dang", "den", "duoc",
    "duong", "em", "gi", "giup", "hom", "khong", "ko", "lai", "lam", "may", "mot", "nay", "ngoai", "nguoi", "nha", "nhe",
    "nhieu", "nuoc", "qua", "rac", "roi", "sao", "thi", "toi", "truoc", "va", "voi", "vui", "xin",
})  # fmt: skip
_PLACING = frozenset({"at", "in", "on", "behind", "beside", "outside", "inside", "no"})  # some are syllables, too
ENOUGH = 0.4  # of all words


def is_english(text: str) -> bool:
    """True for at least two small words that make two fifths of the text, or for a word of the city's matters in English.

    `Pothole at 12 Le Loi, Ngo Quyen` has names of places and hardly a small word; it has no Vietnamese one beside them.
    A text with a Vietnamese accent is none.
    """
    words = _WORD.findall(text.lower())
    if not text.isascii() and any("À" <= sign <= "ỹ" for sign in text):
        return False
    known = sum(word in _SMALL_WORDS for word in words)
    if known >= 2 and known >= ENOUGH * len(words):
        return True
    named = sum(word in _OF_A_CITY for word in words)
    beside = known + sum(word in _PLACING for word in words)
    return named >= 1 and named + beside >= 2 and not _ONLY_VIETNAMESE.intersection(words)
