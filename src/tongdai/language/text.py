"""Text that people typed: cleaned of what hides in it, and folded so that accents make no difference."""

from __future__ import annotations

import re
import unicodedata

_DROPPED = re.compile(r"[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")

_MARKS = re.compile("[\u0300-\u034e\u0350-\u036f]+")  # U+034F joins letters, and is no mark
_STROKES = str.maketrans("đĐðÐƉɖ", "dDdDDd")  # letters that no mark is taken off; Đ is also typed as the Icelandic Ð


def clean(text: str) -> str:
    """NFC, without controls, direction marks and zero-width signs; line breaks stay, ends are trimmed.

    ZERO WIDTH JOINER goes too: an emoji family falls into its members, and nothing hides in a name.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = text.encode("utf-8", "replace").decode("utf-8")
    return _DROPPED.sub("", unicodedata.normalize("NFC", text)).strip()


def fold(text: str) -> str:
    """Lower case without accents, đ as d: `Đèn đường Lê Lợi` → `den duong le loi`."""
    return _without_marks(unicodedata.normalize("NFD", text.lower().replace("đ", "d")))


def unaccented(text: str) -> str:
    """The text with the marks taken off every letter, so that no word keeps one of its two: `Lề đò` is `Le do`."""
    return _without_marks(unicodedata.normalize("NFD", text.translate(_STROKES)))


def _without_marks(decomposed: str) -> str:
    """Most texts have but the marks of Latin letters, which go at once; of others each letter is looked at."""
    plain = _MARKS.sub("", decomposed)
    return plain if plain.isascii() else "".join(each for each in plain if not unicodedata.combining(each))
