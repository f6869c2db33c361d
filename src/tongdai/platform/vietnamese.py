"""Vietnamese as text: cleaned, folded, sorted and told as people do, whatever the server's collations."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from .clock import CITY_TZ

# Order of the alphabet (Quyết định 1989/QĐ-BGDĐT, 2018: 29 letters) and of the tones in dictionaries.
_LETTERS = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_RANK = {letter: f"{place:02d}" for place, letter in enumerate(_LETTERS, start=20)}
_TONES = {"\u0300": "1", "\u0309": "2", "\u0303": "3", "\u0301": "4", "\u0323": "5"}
_DROPPED = re.compile(r"[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


def clean(text: str) -> str:
    """NFC, without controls, direction marks and zero-width signs; line breaks stay, ends are trimmed.

    ZERO WIDTH JOINER goes too: an emoji family falls into its members, and nothing hides in a name.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = text.encode("utf-8", "replace").decode("utf-8")
    return _DROPPED.sub("", unicodedata.normalize("NFC", text)).strip()


def fold(text: str) -> str:
    """Lower case without accents, đ as d: `Đèn đường Lê Lợi` → `den duong le loi`."""
    decomposed = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return "".join(char for char in decomposed if not unicodedata.combining(char))


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


def weekday(moment: datetime) -> str:
    """`thứ Sáu`, `Chủ nhật`; tied by a no-break space."""
    names = (
        _("thứ\u00a0Hai"),
        _("thứ\u00a0Ba"),
        _("thứ\u00a0Tư"),
        _("thứ\u00a0Năm"),
        _("thứ\u00a0Sáu"),
        _("thứ\u00a0Bảy"),
        _("Chủ\u00a0nhật"),
    )
    return names[timezone.localtime(moment, CITY_TZ).weekday()]


def hour_in_words(moment: datetime) -> str:
    """`17 giờ`, `07 giờ 42`."""
    local = timezone.localtime(moment, CITY_TZ)
    if local.minute:
        return _("{hour:02d}\u00a0giờ\u00a0{minute:02d}").format(hour=local.hour, minute=local.minute)
    return _("{hour}\u00a0giờ").format(hour=local.hour)


def in_words(moment: datetime) -> str:
    """`17 giờ thứ Sáu, 4.3.2022`: hour, weekday and date in the city's zone, as a clerk would say it."""
    local = timezone.localtime(moment, CITY_TZ)
    return _("{hour} {weekday}, {day}.{month}.{year}").format(
        hour=hour_in_words(moment), weekday=weekday(moment), day=local.day, month=local.month, year=local.year
    )
