"""Look a stranger's PDF over: our part, called in a process of its own (platform.decoders); see `documents`.

It is not drawn anew, as photos are: no library here writes PDF. What can be said of it without one is said, and what can't
be (that no reader has a hole) isn't: whoever opens it gets it as a file to download, never as a page of ours.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from typing import BinaryIO

from tongdai.platform.decoders.content import BEGINNING, kind_of
from tongdai.platform.decoders.server import Refusal

END = 2048  # octets in which a PDF's end must stand (ISO 32000-1, 7.5.5)
MOST_INFLATED = 64 * 2**20  # octets, of all its compressed objects together
# Names under which a PDF runs something or carries another file (ISO 32000-1, 12.6.4, 7.11.4, 13.7)
ACTIVE = (b"/JavaScript", b"/Launch", b"/EmbeddedFile", b"/RichMedia")
_ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")  # a name may be written so, and mean the same (7.3.5)
_OBJECTS = re.compile(rb"/ObjStm\b[^>]{0,400}>>\s{0,4}stream\r?\n")  # where names may stand compressed (7.5.7)


def check(given: BinaryIO, made: BinaryIO) -> None:
    """Say nothing where it may be kept.

    Raises:
        Refusal: `unreadable` (no PDF, or a broken one), `locked` (it asks for a password), `active` (it runs something or
            carries another file), `huge` (what it unpacks to is no document any more).
    """
    beginning = given.read(BEGINNING)
    given.seek(0)
    data = given.read()
    if not kind_of(beginning, among=["pdf"]) or b"startxref" not in data[-END:] or b"%%EOF" not in data[-END:]:
        raise Refusal("unreadable")
    found = [_plain(part) for part in (data, *_unpacked(data))]
    if any(b"/Encrypt" in part for part in found):
        raise Refusal("locked")
    if any(name in part for part in found for name in ACTIVE):
        raise Refusal("active")
    if not any(b"/Catalog" in part for part in found) or not any(b"/Pages" in part for part in found):
        raise Refusal("unreadable")
    made.write(b"ok")


def _plain(part: bytes) -> bytes:
    return _ESCAPED.sub(lambda found: bytes([int(found[1], 16)]), part)


def _unpacked(data: bytes) -> Iterator[bytes]:
    """Each stream of objects, unpacked; one that can't be is left to the reader that can't either."""
    room = MOST_INFLATED
    for found in _OBJECTS.finditer(data):
        inflater = zlib.decompressobj()
        try:
            part = inflater.decompress(data[found.end() : data.find(b"endstream", found.end())], room)
        except zlib.error:
            continue
        room -= len(part)
        if room <= 0:
            raise Refusal("huge")
        yield part
