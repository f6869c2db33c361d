"""A text split into the segments it is sent as: in GSM-7 where that loses nothing, else in UCS-2.

Sources: 3GPP TS 23.038 (alphabets), TS 23.040 §9.2.3.24.1 (concatenation, 8-bit reference), SMPP 3.4 §5.2.19.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from tongdai.language.text import unaccented

from . import gsm7
from .segments import GSM7, UCS2, UDHI

_ROOM = {GSM7: (160, 153), UCS2: (140, 134)}  # octets of a lone text, octets of a part after its six of header

Style = Literal["accents", "plain"]
Alphabet = Literal["gsm7", "latin1", "ascii"]
"""What data_coding 0 means with a carrier, the "SMSC default alphabet" of SMPP 3.4 §5.2.19."""
_Unit = tuple[int, bytes]  # a character: for how many octets it counts in a phone's segment, and what is submitted
_CODECS = {"latin1": "latin-1", "ascii": "ascii"}


@dataclass(frozen=True)
class Outgoing:
    """A text ready for the wire. `parts` hold user data, header included when `esm_class` says so."""

    data_coding: int
    esm_class: int
    parts: tuple[bytes, ...]


class TooLong(ValueError):
    """A text of more than 255 parts, the most a header can count."""


@dataclass(frozen=True)
class Measure:
    """How long a text is, whether or not it could be sent: `octets` without headers, a septet of GSM-7 in each."""

    data_coding: int
    octets: int
    parts: int


def measure(text: str, *, style: Style = "accents") -> Measure:
    """Measure a text of any length as `split` would split it."""
    coding, units = _units(unicodedata.normalize("NFC", text), style, "gsm7")
    lone, each = _ROOM[coding]
    octets = sum(size for size, _octets in units)
    return Measure(coding, octets, 1 if octets <= lone else len(_fill(units, each)))


def split(text: str, *, style: Style = "accents", reference: int = 0, alphabet: Alphabet = "gsm7") -> Outgoing:
    """Split a text into parts: GSM-7 (160, or 153 each) when it fits without loss of meaning, else UCS-2 (70, 67).

    style: what the city holds to be no loss. `accents`: only typographic signs may change; `plain`: Vietnamese marks
        may go too, which makes a text two to three times cheaper to send. Either only where the whole text then fits
        GSM-7: what has to go in UCS-2 goes as it was written.
    reference: 0–255, the same on all parts, not soon used again for this number.
    alphabet: what the carrier reads under data_coding 0. It sends GSM-7 to the phone all the same, so that parts are as
        long as ever, and what GSM-7 or the carrier's alphabet lacks goes in UCS-2.

    Never splits an escape pair of GSM-7 or a surrogate pair of UCS-2.

    Raises:
        TooLong: over 255 parts.
    """
    text = unicodedata.normalize("NFC", text)
    coding, units = _units(text, style, alphabet)
    lone, each = _ROOM[coding]
    if sum(size for size, _octets in units) <= lone:
        return Outgoing(coding, 0, (b"".join(octets for _size, octets in units),))
    parts = _fill(units, each)
    if len(parts) > 255:
        raise TooLong(f"{len(parts)} parts")
    header = bytes([5, 0, 3, reference & 0xFF, len(parts)])
    return Outgoing(coding, UDHI, tuple(header + bytes([at]) + part for at, part in enumerate(parts, 1)))


def _units(text: str, style: Style, alphabet: Alphabet) -> tuple[int, list[_Unit]]:
    tries = [text, gsm7.plainer(text)]
    if style == "plain":
        tries.append(unaccented(tries[-1]))
    for each in tries:
        if (septets := gsm7.encode(each)) is not None and (octets := _under_zero(each, septets, alphabet)) is not None:
            return GSM7, list(zip(map(len, septets), octets, strict=True))
    # a character is 2 octets, or 4 as a surrogate pair; a lone surrogate cannot come from NFC text of a database
    whole = text.encode("utf-16-be", "replace")
    if len(whole) == 2 * len(text):
        return UCS2, [(2, whole[at : at + 2]) for at in range(0, len(whole), 2)]
    return UCS2, [(len(each), each) for each in (char.encode("utf-16-be", "replace") for char in text)]


def _under_zero(text: str, septets: list[bytes], alphabet: Alphabet) -> list[bytes] | None:
    """The octets of each character as the carrier reads them under data_coding 0; None where it has no such character."""
    if alphabet == "gsm7":
        return septets
    try:
        return [char.encode(_CODECS[alphabet]) for char in text]
    except UnicodeEncodeError:
        return None


def _fill(units: Sequence[_Unit], room: int) -> list[bytes]:
    parts, left = [bytearray()], room
    for size, octets in units:
        if size > left:
            parts.append(bytearray())
            left = room
        parts[-1] += octets
        left -= size
    return [bytes(part) for part in parts]
