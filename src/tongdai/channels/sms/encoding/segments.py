"""Texts and their pieces on the wire: cut for sending, read and joined on arrival.

Sources: 3GPP TS 23.038 (alphabets, data coding), TS 23.040 §9.2.3.24.1 and .8 (concatenation, 8 and 16-bit
reference), SMPP 3.4 §5.2.19 (data_coding) and §5.3.2.22–24 (SAR).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from . import gsm7

GSM7, ASCII, LATIN1, UCS2 = 0x00, 0x01, 0x03, 0x08
UDHI = 0x40  # esm_class: a user data header stands before the text
_ROOM = {GSM7: (160, 153), UCS2: (140, 134)}  # octets of a lone text, octets of a part after its six of header
_CHARSETS = {ASCII: "ascii", LATIN1: "latin-1", 0x06: "iso8859_5", 0x07: "iso8859_8", 0x05: "shift_jis", 0x0E: "euc_kr"}

Style = Literal["accents", "plain"]


@dataclass(frozen=True)
class Outgoing:
    """A text ready for the wire. `parts` hold user data, header included when `esm_class` says so."""

    data_coding: int
    esm_class: int
    parts: tuple[bytes, ...]


@dataclass(frozen=True)
class Place:
    """Where a piece stands in its text: the phone's reference, how many pieces, which one (from 1)."""

    reference: int
    total: int
    number: int


class TooLong(ValueError):
    """A text of more than 255 pieces, the most a header can count."""


# ── out ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


def cut(text: str, *, style: Style = "accents", reference: int = 0) -> Outgoing:
    """Cut a text into pieces: GSM-7 (160, or 153 each) when it fits without loss of meaning, else UCS-2 (70, 67).

    style: what the city holds to be no loss. `accents`: only typographic signs may change; `plain`: Vietnamese marks
        may go too, which makes a text two to three times cheaper to send.
    reference: 0–255, the same on all pieces, not soon used again for this number.

    Never cuts an escape pair of GSM-7 or a surrogate pair of UCS-2.

    Raises:
        TooLong: over 255 pieces.
    """
    text = unicodedata.normalize("NFC", text)
    coding, units = _units(text, style)
    lone, each = _ROOM[coding]
    if sum(map(len, units)) <= lone:
        return Outgoing(coding, 0, (b"".join(units),))
    pieces = _fill(units, each)
    if len(pieces) > 255:
        raise TooLong(f"{len(pieces)} pieces")
    header = bytes([5, 0, 3, reference & 0xFF, len(pieces)])
    return Outgoing(coding, UDHI, tuple(header + bytes([at]) + piece for at, piece in enumerate(pieces, 1)))


def _units(text: str, style: Style) -> tuple[int, list[bytes]]:
    tries = [text, gsm7.plainer(text)]
    if style == "plain":
        tries.append(gsm7.unaccented(tries[-1]))
    for each in tries:
        if (units := gsm7.encode(each)) is not None:
            return GSM7, units
    # a character is 2 octets, or 4 as a surrogate pair; a lone surrogate cannot come from NFC text of a database
    return UCS2, [char.encode("utf-16-be", "replace") for char in text]


def _fill(units: Sequence[bytes], room: int) -> list[bytes]:
    pieces = [bytearray()]
    for unit in units:
        if len(pieces[-1]) + len(unit) > room:
            pieces.append(bytearray())
        pieces[-1] += unit
    return [bytes(piece) for piece in pieces]


# ── in ───────────────────────────────────────────────────────────────────────────────────────────────────────────────


def part_of(user_data: bytes, esm_class: int) -> tuple[Place | None, bytes]:
    """Take the header off user data: where the piece stands (None: a whole text), and its text's octets.

    A header that does not hold what it says is taken as text, so that nothing a citizen wrote is cut away. A place
    that cannot be (of 0 pieces, number over total) counts as a whole text.
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
    """Where a piece stands by its SAR parameters (any missing: a whole text)."""
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


def join(pieces: Iterable[tuple[bytes, int]]) -> tuple[str, bool]:
    """The text of (octets, data_coding) in order. Neighbours of one coding are joined as octets first: phones cut
    surrogate and escape pairs in two."""
    runs = groupby(pieces, key=lambda piece: piece[1])
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
