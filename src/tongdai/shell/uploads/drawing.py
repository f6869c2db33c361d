"""Draw a stranger's picture anew: Pillow's part, called in a process of its own (platform.decoders); see `redrawing`.

What Pillow loads only when it meets it (EXIF's reader, MPO) is loaded here at once: once confined, nothing can be.
"""

from __future__ import annotations

import struct
from io import BytesIO
from typing import BinaryIO

from PIL import (
    BmpImagePlugin,
    GifImagePlugin,
    Image,
    ImageOps,
    JpegImagePlugin,
    MpoImagePlugin,
    PngImagePlugin,
    TiffImagePlugin,
    UnidentifiedImageError,
    WebPImagePlugin,
)

from tongdai.platform.decoders.content import BEGINNING, kind_of
from tongdai.platform.decoders.server import Refusal

LOADED = (
    BmpImagePlugin,
    GifImagePlugin,
    JpegImagePlugin,
    MpoImagePlugin,
    PngImagePlugin,
    TiffImagePlugin,
    WebPImagePlugin,
)
Image.preinit()
# Pixels, by kind: what is decoded small may be large, and a WebP takes 17 octets a pixel. The largest phones' cameras
# give 50 million, as JPEG; a bomb claims thousands of millions.
MOST_PIXELS = {"jpeg": 60_000_000, "png": 40_000_000, "gif": 40_000_000, "bmp": 40_000_000, "webp": 20_000_000}
SIZE = struct.Struct(">II")  # width and height, before the JPEG

_BROKEN = (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError, struct.error, IndexError, TypeError)


def draw(given: BinaryIO, made: BinaryIO, *, longest_side: int, quality: int) -> None:
    """Decode, shrink, turn upright, encode: its size, then a plain JPEG.

    Raises:
        Refusal: `heic`, `huge` (too many pixels) or `unreadable`.
    """
    beginning = given.read(BEGINNING)
    kind = kind_of(beginning, among=[*MOST_PIXELS, "heic"])
    if kind in ("", "heic"):
        raise Refusal(kind or "unreadable")
    if kind == "webp" and _pixels_of_webp(beginning) > MOST_PIXELS[kind]:  # Pillow makes room before it tells the size
        raise Refusal("huge")
    given.seek(0)
    try:
        with Image.open(given, formats=[kind.upper()]) as picture:
            if picture.width * picture.height > MOST_PIXELS[kind]:
                raise Refusal("huge")
            picture.draft("RGB", (longest_side, longest_side))
            picture.thumbnail((longest_side, longest_side), Image.Resampling.LANCZOS, reducing_gap=2.0)
            _write(_opaque(ImageOps.exif_transpose(picture)), made, quality=quality)
    except Image.DecompressionBombError as bomb:
        raise Refusal("huge") from bomb
    except PermissionError:
        raise  # something more should have been loaded above: the log shall say so
    except _BROKEN as broken:
        raise Refusal("unreadable") from broken


def _pixels_of_webp(beginning: bytes) -> int:
    """As its first chunk says (RFC 9649, 2.5–2.7)."""
    chunk, data = beginning[12:16], beginning[20:]
    if chunk == b"VP8X":
        return (int.from_bytes(data[4:7], "little") + 1) * (int.from_bytes(data[7:10], "little") + 1)
    if chunk == b"VP8L":
        bits = int.from_bytes(data[1:5], "little")
        return ((bits & 0x3FFF) + 1) * ((bits >> 14 & 0x3FFF) + 1)
    return (int.from_bytes(data[6:8], "little") & 0x3FFF) * (int.from_bytes(data[8:10], "little") & 0x3FFF)


def _opaque(picture: Image.Image) -> Image.Image:
    """On white, for JPEG has no transparency."""
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        layer = picture.convert("RGBA")
        sheet = Image.new("RGB", layer.size, "white")
        sheet.paste(layer, mask=layer.getchannel("A"))
        return sheet
    return picture.convert("RGB")


def _write(picture: Image.Image, made: BinaryIO, *, quality: int) -> None:
    clean = Image.new("RGB", picture.size)
    clean.paste(picture)  # a new picture has no metadata to carry along
    out = BytesIO()
    clean.save(out, "JPEG", quality=quality, optimize=True, progressive=True)
    made.write(SIZE.pack(*clean.size) + out.getvalue())
