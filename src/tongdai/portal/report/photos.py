"""A citizen's photo, drawn anew: what leaves here is a plain JPEG, without EXIF, place or anything else that came along."""

from __future__ import annotations

import hashlib
import io
import struct
from dataclasses import dataclass
from typing import IO

from PIL import Image, ImageOps, UnidentifiedImageError

MOST_PHOTOS = 6
MOST_BYTES = 10 * 1024 * 1024
MOST_PIXELS = 60_000_000  # the largest phones' cameras give 50 million; a bomb claims thousands of millions
LONGEST_SIDE = 1600  # pixels
QUALITY = 82
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP")  # JPEG reads MPO, what some phones make, too
ACCEPT = "image/jpeg,image/png,image/webp,image/gif"

_BROKEN = (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError, struct.error, IndexError, TypeError)


@dataclass(frozen=True)
class Drawn:
    """A photo as it will be kept."""

    data: bytes
    width: int
    height: int
    sha256: str
    content_type: str = "image/jpeg"


class PhotoRefused(Exception):
    """This file can't be taken. `why` is `heavy`, `huge` or `unreadable`."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def redraw(file: IO[bytes]) -> Drawn:
    """Decode, turn upright, shrink to at most 1600 pixels a side, encode.

    Raises:
        PhotoRefused: not a picture we can read, or one with too many pixels.
    """
    try:
        with Image.open(file, formats=FORMATS) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise PhotoRefused("huge")
            picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
            upright = ImageOps.exif_transpose(picture)
            upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS, reducing_gap=2.0)
            return _encoded(_opaque(upright))
    except Image.DecompressionBombError as bomb:
        raise PhotoRefused("huge") from bomb
    except _BROKEN as broken:
        raise PhotoRefused("unreadable") from broken


def _opaque(picture: Image.Image) -> Image.Image:
    """On white, for JPEG has no transparency."""
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        layer = picture.convert("RGBA")
        sheet = Image.new("RGB", layer.size, "white")
        sheet.paste(layer, mask=layer.getchannel("A"))
        return sheet
    return picture.convert("RGB")


def _encoded(picture: Image.Image) -> Drawn:
    clean = Image.new("RGB", picture.size)
    clean.paste(picture)  # a new picture has no metadata to carry along
    out = io.BytesIO()
    clean.save(out, "JPEG", quality=QUALITY, optimize=True, progressive=True)
    data = out.getvalue()
    return Drawn(data, clean.width, clean.height, hashlib.sha256(data).hexdigest())
