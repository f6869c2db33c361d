"""Segments of texts as they arrive: which part of its text one is, its octets read, and the parts joined.

Sources: 3GPP TS 23.038 (alphabets, data coding), TS 23.040 §9.2.3.24.1 and .8 (concatenation, 8 and 16-bit
reference) and .3–.4 (ports), SMPP 3.4 §5.2.19 (data_coding) and §5.3.2.22–24 (SAR).
"""

from __future__ import annotations

import codecs
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from . import gsm7, legacy

GSM7, ASCII, LATIN1, EIGHT_BIT, UCS2 = 0x00, 0x01, 0x03, 0x04, 0x08
_EIGHT_BIT_DATA = (0x02, EIGHT_BIT)
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
    place = None
    for kind, value in _elements(user_data, end):
        if kind == 0x00 and len(value) == 3:
            place = Place(value[0], value[1], value[2])
        elif kind == 0x08 and len(value) == 4:
            place = Place(value[0] << 8 | value[1], value[2], value[3])
    return _sane(place), user_data[end:]


def is_for_a_program(user_data: bytes, esm_class: int) -> bool:
    """Whether its header names a port, of 8 or 16 bits: WAP push, pictures, settings; nobody's words."""
    if not esm_class & UDHI or not user_data or user_data[0] + 1 > len(user_data):
        return False
    return any((kind, len(value)) in _PORTS for kind, value in _elements(user_data, user_data[0] + 1))


_PORTS = ((0x04, 2), (0x05, 4))


def _elements(user_data: bytes, end: int) -> Iterator[tuple[int, bytes]]:
    """The information elements of a header that ends there; one that is longer than the header ends them."""
    at = 1
    while at + 2 <= end and (behind := at + 2 + user_data[at + 1]) <= end:
        yield user_data[at], user_data[at + 2 : behind]
        at = behind


def sar(reference: int | None, total: int | None, number: int | None) -> Place | None:
    """Where a part stands by its SAR parameters (any missing: a whole text)."""
    if reference is None or total is None or number is None:
        return None
    return _sane(Place(reference, total, number))


def _sane(place: Place | None) -> Place | None:
    return place if place and 1 <= place.number <= place.total and place.total > 1 else None


@dataclass(frozen=True)
class Reading:
    """The text of octets, in NFC; `whole`: every one of them could be read, else U+FFFD stands for it.

    `scheme`: how it had been written where that was no Unicode, see `legacy`.
    """

    text: str
    whole: bool
    scheme: legacy.Scheme | None = None


def reading(parts: Iterable[tuple[bytes, int]]) -> Reading:
    """What (octets, data_coding) in order say together.

    Neighbours of one coding are joined as octets first: phones cut surrogate and escape pairs in two, and the mark of
    the octets' order stands before the first part only.
    """
    runs = groupby(parts, key=lambda part: part[1])
    text = "".join(_decoded(b"".join(octets for octets, _ in run), _alphabet_of(coding)) for coding, run in runs)
    text = unicodedata.normalize("NFC", text)
    found = legacy.recognised(text)
    return Reading(found.text if found else text, "\ufffd" not in text, found.scheme if found else None)


def read(octets: bytes, data_coding: int) -> tuple[str, bool]:
    """The text of octets, in NFC, and whether every one of them could be read.

    Octets over 0x7F in a text said to be GSM-7 are read as UTF-8: several carriers relay it so.
    """
    return join([(octets, data_coding)])


def join(parts: Iterable[tuple[bytes, int]]) -> tuple[str, bool]:
    """Likewise of (octets, data_coding) in order."""
    found = reading(parts)
    return found.text, found.whole


def text_coding(octets: bytes, data_coding: int) -> int | None:
    """The data_coding by which the octets are a text; None: they are nobody's words.

    What is called 8-bit data (SMPP 3.4 §5.2.19: 0x02, 0x04; TS 23.038: class 0xF4–0xF7 and its kin, compressed text) is a
    text all the same where it reads as one, in UTF-8 or UCS-2: several carriers relay texts so.
    """
    if _alphabet_of(data_coding) not in _EIGHT_BIT_DATA:
        return data_coding
    if _is_readable(octets.decode("utf-8", "replace")):
        return data_coding
    return UCS2 if len(octets) % 2 == 0 and _is_readable(_ucs2(octets), latin=True) else None


def _is_readable(text: str, *, latin: bool = False) -> bool:
    """Whether there is no control in it and hardly a sign that could not be read. `latin`: the letters are Latin ones."""
    good = sum(char.isprintable() and char != "\ufffd" and (not latin or ord(char) >> 8 in _LATIN) for char in text)
    controls = any(ord(char) < 0x20 and char not in "\t\n\r" for char in text)
    return bool(text) and not controls and good + text.count("\n") + text.count("\r") >= 0.8 * len(text)


def _alphabet_of(data_coding: int) -> int:
    """SMPP's value, or the same out of TS 23.038's groups (message classes, deletion, message waiting)."""
    if data_coding >= 0xF0:
        return EIGHT_BIT if data_coding & 0x04 else GSM7
    if data_coding >= 0xE0:
        return UCS2
    if 0x10 <= data_coding < 0x80:
        return EIGHT_BIT if data_coding & 0x20 else (GSM7, EIGHT_BIT, UCS2, GSM7)[data_coding >> 2 & 3]
    return data_coding if data_coding < 0x10 else GSM7


def _decoded(octets: bytes, coding: int) -> str:
    if coding == UCS2:
        return _ucs2(octets)
    if coding == ASCII and any(octet > 0x7F or (octet < 0x20 and octet not in b"\t\n\r") for octet in octets):
        coding = GSM7  # no letter of ASCII: several centres send GSM-7 or UTF-8 under ASCII's number
    if coding in _CHARSETS:
        return octets.decode(_CHARSETS[coding], "replace")
    if coding == GSM7 and all(octet < 0x80 for octet in octets):
        return gsm7.decode(octets)
    try:
        return octets.decode("utf-8")
    except UnicodeDecodeError:
        letters = octets.decode("latin-1")  # the octets of TCVN3 and VNI, as programs on computers send them
        return letters if legacy.recognised(letters) else octets.decode("utf-8", "replace")


def _ucs2(octets: bytes) -> str:
    """Big-endian, as TS 23.038 §6.2.3 has it, unless a mark of the order stands before it; each part may have its own."""
    if octets.startswith(codecs.BOM_UTF16_LE):
        return octets.decode("utf-16-le", "replace").replace(_BOM, "")
    return octets.decode("utf-16-be", "replace").removeprefix(_BOM)


_BOM = "\ufeff"
_LATIN = frozenset((0x00, 0x01, 0x02, 0x03, 0x1E, 0x20))  # high octets of Latin letters, their marks and punctuation
