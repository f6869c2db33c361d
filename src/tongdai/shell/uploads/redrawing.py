"""A photo that was sent, drawn anew: what leaves here is a plain JPEG, without EXIF, place or anything else that came along."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from io import BytesIO
from typing import IO

import structlog

from tongdai.platform.decoders import connection, functions
from tongdai.platform.decoders.confinement import Limits

log = structlog.get_logger(__name__)

MOST_BYTES = 10 * 1024 * 1024
LONGEST_SIDE = 1600  # pixels
QUALITY = 82
ACCEPT = "image/jpeg,image/png,image/webp,image/gif"

DRAW = "tongdai.shell.uploads.drawing:draw"
LIMITS = Limits(cpu=20, wall=30, memory=400 * 2**20, output=16 * 2**20)
POOL = connection.Pool(at_once=2, patience=20)  # of one web process: never more than twice LIMITS.memory in it
_ONE_POINT = b"GIF89a\1\0\1\0\x80\0\0\0\0\0\xff\xff\xff,\0\0\0\0\1\0\1\0\0\2\2D\1\0;"
_SIZE = 8  # octets before the JPEG: its width and height (drawing.SIZE)


@dataclass(frozen=True)
class Drawn:
    """A photo as it will be kept; a document, too, which has no size in pixels."""

    data: bytes
    width: int
    height: int
    sha256: str
    content_type: str = "image/jpeg"


class PhotoRefused(Exception):
    """This file can't be taken. `why` is `heavy`, `huge`, `heic`, `unreadable`, or `busy`: later it can."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def redraw(file: IO[bytes]) -> Drawn:
    """Decode, turn upright, shrink to at most 1600 pixels a side, encode: in a process of its own.

    Raises:
        PhotoRefused: not a picture we can read, or one with too many pixels.
    """
    try:
        made = functions.call(DRAW, file.read(), limits=LIMITS, pool=POOL, longest_side=LONGEST_SIDE, quality=QUALITY)
    except functions.Refusal as refused:
        raise PhotoRefused(str(refused)) from refused
    except connection.Unavailable as later:
        log.warning("photos.not_drawn", why=str(later))
        raise PhotoRefused("busy") from later
    except connection.OverLimit as over:
        raise PhotoRefused("huge") from over
    except connection.CannotRead as broken:
        raise PhotoRefused("unreadable") from broken
    return _checked(made[:_SIZE], made[_SIZE:])


def warm_up() -> None:
    """Have Pillow loaded before the first photo comes: by a picture of one point."""
    try:
        redraw(BytesIO(_ONE_POINT))
    except PhotoRefused as refused:
        log.error("photos.not_drawn_here", why=refused.why)


def _checked(size: bytes, data: bytes) -> Drawn:
    """What came out of a process that a stranger's file may have taken over is looked at before it is kept."""
    width, height = int.from_bytes(size[:4]), int.from_bytes(size[4:])
    if not data.startswith(b"\xff\xd8\xff") or not (1 <= width <= LONGEST_SIDE and 1 <= height <= LONGEST_SIDE):
        raise PhotoRefused("unreadable")
    return Drawn(data, width, height, hashlib.sha256(data).hexdigest())
