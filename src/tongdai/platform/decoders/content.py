"""What a file is: by how it begins, never by its name or by what its sender calls it."""

from __future__ import annotations

from collections.abc import Collection

BEGINNING = 64  # octets that are enough to tell

_MARKS = (  # kind, where the mark stands, the mark
    ("jpeg", 0, b"\xff\xd8\xff"),
    ("png", 0, b"\x89PNG\r\n\x1a\n"),
    ("gif", 0, b"GIF87a"),
    ("gif", 0, b"GIF89a"),
    ("webp", 8, b"WEBPVP8"),
    ("bmp", 0, b"BM"),
    ("heic", 4, b"ftyphe"),
    ("heic", 4, b"ftypmif1"),
    ("mp4", 4, b"ftyp"),
    ("webm", 0, b"\x1a\x45\xdf\xa3"),
    ("wav", 8, b"WAVE"),
    ("flac", 0, b"fLaC"),
    ("opus", 28, b"OpusHead"),
    ("ogg", 28, b"\x01vorbis"),
    ("mp3", 0, b"ID3"),
    ("pdf", 0, b"%PDF-"),
    ("xlsx", 0, b"PK\x03\x04"),
    ("xls", 0, b"\xd0\xcf\x11\xe0"),
)
_IN = {"webp": b"RIFF", "wav": b"RIFF", "opus": b"OggS", "ogg": b"OggS"}  # the container such a mark stands in
_MP3_LAYER = {0xFB, 0xFA, 0xF3, 0xF2, 0xE3, 0xE2}  # layer III of MPEG 1, 2 and 2.5, with and without a checksum


def kind_of(beginning: bytes, *, among: Collection[str]) -> str:
    """The one of these kinds that it is (`jpeg`, `wav`, …); empty: none of them."""
    for kind, at, mark in _MARKS:
        if kind in among and beginning[at:].startswith(mark) and beginning.startswith(_IN.get(kind, b"")):
            return kind
    if "mp3" in among and len(beginning) > 3 and beginning[0] == 0xFF and beginning[1] in _MP3_LAYER:
        return "mp3"
    return ""
