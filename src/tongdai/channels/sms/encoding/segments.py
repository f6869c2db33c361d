"""Segments of texts as they arrive: which part of its text one is, its octets read, and the parts joined.

Sources: 3GPP TS 23.038 (alphabets, data coding), TS 23.040 §9.2.3.24.1 and .8 (concatenation, 8 and 16-bit
reference), SMPP 3.4 §5.2.19 (data_coding) and §5.3.2.22–24 (SAR).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from . import gsm7

GSM7, ASCII, LATIN1, UCS2 = 0x00, 0x01, 0x03, 0x08
UDHI = 0x40  # esm_class: a user data header stands before the text
_CHARSETS = {ASCII: "ascii", LATIN1: "latin-1", 0x06: "iso8859_5", 0x07: "iso8859_8", 0x05: "shift_jis", 0x0E: "euc_kr"}


@dataclass(frozen=True)
class Place:
    """Where a part stands in its text: the phone's reference, how many parts, which one (from 1)."""

    reference: int
    total: int
    number: int


def take_header(user_data: bytes, esm_class: int) -> tuple[Place | None, bytes]:
    """Take the header off user data: where the part stands (None: a whole text), and its text's octets.

    A header that does not hold what it says is taken as text, so that nothing a citizen wrote is cut away. A place
    that cannot be (of 0 parts, number over total) counts as a whole text.
    """
    if not esm_class & UDHI or not user_data or user_data[0] + 1 > len(user_data):
        return None, user_data
    end = user_data[0] + 1
    place, at = None, 1
    while at + 2 <= end:
        kind, size = user_data[at], user_data[at + 1]
        value = user_data[at + 2 : at + 2 + size]
        if at + 2 + size > end:
            break
        if kind == 0x00 and size == 3:
            place = Place(value[0], value[1], value[2])
        elif kind == 0x08 and size == 4:
            place = Place(value[0] << 8 | value[1], value[2], value[3])
        at += 2 + size
    return _sane(place), user_data[end:]


def sar(reference: int | None, total: int | None, number: int | None) -> Place | None:
    """Where a part stands by its SAR parameters (any missing: a whole text)."""
    if reference is None or total is None or number is None:
        return None
    return _sane(Place(reference, total, number))


def _sane(place: Place | None) -> Place | None:
    return place if place and 1 <= place.number <= place.total and place.total > 1 else None


def read(octets: bytes, data_coding: int) -> tuple[str, bool]:
    """The text of octets, in NFC, and whether every one of them could be read (else U+FFFD stands for it).

    Octets over 0x7F in a text said to be GSM-7 are read as UTF-8: several carriers relay it so.
    """
    text = _decoded(octets, _alphabet_of(data_coding))
    return unicodedata.normalize("NFC", text), "\ufffd" not in text


def join(parts: Iterable[tuple[bytes, int]]) -> tuple[str, bool]:
    """Return the text of (octets, data_coding) in order.

    Neighbours of one coding are joined as octets first: phones cut surrogate and escape pairs in two.
    """
    runs = groupby(parts, key=lambda part: part[1])
    texts = [read(b"".join(octets for octets, _ in run), coding) for coding, run in runs]
    return unicodedata.normalize("NFC", "".join(text for text, _ in texts)), all(whole for _, whole in texts)


def _alphabet_of(data_coding: int) -> int:
    """SMPP's value, or the same out of TS 23.038's groups (message classes, message waiting)."""
    if data_coding >= 0xF0:
        return 0x04 if data_coding & 0x04 else GSM7
    if data_coding >= 0xE0:
        return UCS2
    if 0x10 <= data_coding < 0x40:
        return (GSM7, 0x04, UCS2, GSM7)[data_coding >> 2 & 3]
    return data_coding if data_coding < 0x10 else GSM7


def _decoded(octets: bytes, coding: int) -> str:
    if coding == UCS2:
        return octets.decode("utf-16-be", "replace")
    if coding == ASCII and any(octet < 0x20 and octet not in b"\t\n\r" for octet in octets):
        coding = GSM7  # no letter of ASCII: several centres send GSM-7 under ASCII's number
    if coding in _CHARSETS:
        return octets.decode(_CHARSETS[coding], "replace")
    if coding == GSM7 and all(octet < 0x80 for octet in octets):
        return gsm7.decode(octets)
    return octets.decode("utf-8", "replace")
