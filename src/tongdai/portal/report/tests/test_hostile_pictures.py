"""What is sent as a photo is drawn in a process of its own, within limits, or refused in words (docs/adr/0023)."""

from __future__ import annotations

import io
import json
import struct
import time
import zlib
from collections.abc import Iterator

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from tests.city import City
from tongdai.cases.models import Case
from tongdai.platform.decoders import connection, functions
from tongdai.shell.uploads import redrawing
from tongdai.shell.uploads.redrawing import Drawn, PhotoRefused, redraw

MEMORY = 400 * 2**20  # octets that a photo may take
FORM = {"text": "Nắp cống ngõ 61 Tam Bạc vỡ", "phone": "0904 123 318", "visibility": "private", "key": "k" * 22}


@pytest.fixture
def outcomes(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[connection.Outcome]]:
    """How each decoder ended, and what it took."""
    seen: list[connection.Outcome] = []

    def outcome_of(waiting: object) -> connection.Outcome:
        seen.append(real(waiting))
        return seen[-1]

    real = connection.outcome_of
    monkeypatch.setattr(functions, "outcome_of", outcome_of)
    return seen


def saved(picture: Image.Image, kind: str, **more: object) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **more)
    return out.getvalue()


def drawn(content: bytes) -> Drawn:
    made = redraw(io.BytesIO(content))
    with Image.open(io.BytesIO(made.data)) as picture:
        picture.load()
        assert (picture.format, picture.mode, picture.size) == ("JPEG", "RGB", (made.width, made.height))
    return made


def why(content: bytes) -> str:
    with pytest.raises(PhotoRefused) as refused:
        redraw(io.BytesIO(content))
    return refused.value.why


def png_of(width: int, height: int) -> bytes:
    """A bomb: rows of nothing, that many."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    packer = zlib.compressobj(9)
    rows = b"".join(packer.compress(bytes(1 + width // 8 + 1)) for _ in range(height)) + packer.flush()
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


# ── everything that phones send is drawn ─────────────────────────────────────────────────────────────────────────────
def every_kind() -> Iterator[tuple[str, bytes]]:
    teal = Image.new("RGB", (80, 60), "teal")
    turned = Image.Exif()
    turned[0x0112] = 6
    turned.get_ifd(0x8825)[2] = (20.0, 51.0, 30.0)
    yield "jpeg, turned", saved(teal, "JPEG", exif=turned)
    yield "jpeg, progressive", saved(teal, "JPEG", progressive=True)
    yield "jpeg, CMYK", saved(teal.convert("CMYK"), "JPEG")
    yield "jpeg, grey", saved(teal.convert("L"), "JPEG")
    yield "jpeg, two pictures", saved(teal, "MPO", save_all=True, append_images=[teal])
    for mode in ("RGB", "RGBA", "P", "L", "LA", "1"):
        yield f"png, {mode}", saved(teal.convert(mode), "PNG")
    yield "png, 16 bits", saved(teal.convert("L").convert("I;16"), "PNG")
    yield "png, turned", saved(teal, "PNG", exif=turned)
    yield "png, one colour is none", saved(teal.convert("P"), "PNG", transparency=0)
    yield "gif", saved(teal.convert("P"), "GIF")
    yield "gif, moving", saved(teal.convert("P"), "GIF", save_all=True, append_images=[Image.new("P", (80, 60), 9)])
    yield "webp", saved(teal, "WEBP")
    yield "webp, lossless", saved(teal.convert("RGBA"), "WEBP", lossless=True)
    yield "webp, turned", saved(teal, "WEBP", exif=turned)
    yield "webp, moving", saved(teal, "WEBP", save_all=True, append_images=[Image.new("RGB", (80, 60))])
    yield "bmp", saved(teal, "BMP")


@pytest.mark.parametrize(("name", "content"), [pytest.param(*each, id=each[0]) for each in every_kind()])
def test_each_kind_of_picture_is_drawn_where_no_module_can_be_loaded_any_more(name: str, content: bytes) -> None:
    made = drawn(content)
    assert (made.width, made.height) == ((60, 80) if "turned" in name else (80, 60))
    assert b"Exif" not in made.data


# ── what only looks like a picture ───────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    "content",
    [
        b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><image href="file:///etc/passwd"/></svg>',
        b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n(/etc/passwd) (r) file\n",
        b"\xc5\xd0\xd3\xc6" + bytes(60),  # EPS with a preview
        b"%PDF-1.7\n",
        saved(Image.new("RGB", (9, 9)), "TIFF"),
        saved(Image.new("RGB", (9, 9)), "ICO"),
        saved(Image.new("RGB", (9, 9)), "PPM"),
        b"#EXTM3U\nfile:///etc/passwd\n",
        b"push graphic-context\nimage over 0,0 0,0 'https://127.0.0.1/x'\n",
        b"P6 99999 99999 255\n",
        b"",
    ],
)
def test_what_pillow_or_another_program_might_read_but_no_phone_sends_is_no_photo(content: bytes) -> None:
    assert why(content) == "unreadable"


def test_a_photo_cut_short_is_unreadable() -> None:
    whole = saved(Image.effect_noise((800, 600), 90), "JPEG")
    assert why(whole[: len(whole) // 2]) == "unreadable"
    whole = saved(Image.effect_noise((800, 600), 90), "PNG")
    assert why(whole[: len(whole) // 2]) == "unreadable"


def test_what_hides_behind_a_picture_does_not_come_along() -> None:
    hidden = b"PK\x03\x04<script>alert(1)</script><?php system('id'); ?>"
    made = drawn(saved(Image.new("RGB", (80, 60), "teal"), "JPEG", comment=hidden) + hidden)
    assert hidden not in made.data and b"script" not in made.data
    gif = saved(Image.new("P", (80, 60), 3), "GIF")
    assert hidden not in drawn(gif + hidden).data


# ── bombs ────────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_a_webp_of_60_million_points_is_refused_before_there_is_room_made_for_it(
    outcomes: list[connection.Outcome],
) -> None:
    bomb = saved(Image.new("RGB", (7744, 7744), "teal"), "WEBP", lossless=True)
    assert why(bomb) == "huge"
    assert outcomes[-1].memory < 100 * 2**20 and outcomes[-1].cpu < 0.5


@pytest.mark.parametrize(
    ("kind", "mode", "size", "more"),
    [
        ("WEBP", "RGB", (5000, 4000), {"lossless": True}),
        ("PNG", "RGBA", (6300, 6300), {}),
        ("GIF", "P", (6300, 6300), {}),
        ("JPEG", "RGB", (8000, 7400), {"quality": 20, "progressive": True}),
    ],
)
def test_the_largest_that_is_taken_keeps_within_its_memory(
    outcomes: list[connection.Outcome], kind: str, mode: str, size: tuple[int, int], more: dict[str, object]
) -> None:
    made = drawn(saved(Image.new(mode, size), kind, **more))
    assert max(made.width, made.height) == 1600
    assert outcomes[-1].memory < MEMORY


@pytest.mark.parametrize("size", [(7744, 7744), (30_000, 30_000), (2, 100_000_000)])
def test_a_png_bomb_is_told_by_its_size(outcomes: list[connection.Outcome], size: tuple[int, int]) -> None:
    head = png_of(8, 8)
    bomb = head[:16] + struct.pack(">II", *size) + head[24:]
    bomb = bomb[:29] + struct.pack(">I", zlib.crc32(bomb[12:29])) + bomb[33:]
    assert why(bomb) == "huge"
    assert outcomes[-1].memory < 100 * 2**20


def test_a_header_that_lies_about_its_size_stays_within_memory(outcomes: list[connection.Outcome]) -> None:
    """A WebP whose first chunk says 8 × 8, and whose picture has 60 million points."""
    bomb = saved(Image.new("RGBA", (7744, 7744), (1, 2, 3, 4)), "WEBP", lossless=True)
    small = (7).to_bytes(3, "little")
    extended = b"VP8X" + struct.pack("<I", 10) + b"\x10\0\0\0" + small + small
    body = b"WEBP" + extended + bomb[12:]
    assert why(b"RIFF" + struct.pack("<I", len(body)) + body) == "unreadable"
    assert outcomes[-1].memory < MEMORY


def test_of_a_gif_with_ten_thousand_frames_the_first_is_drawn_at_once(outcomes: list[connection.Outcome]) -> None:
    first = saved(Image.effect_noise((60, 60), 90).convert("P"), "GIF")
    picture = first.index(b",\0\0\0\0")  # its image descriptor; what follows, but for the end, is one frame
    gif = first[:-1] + first[picture:-1] * 9_999 + b";"
    with Image.open(io.BytesIO(gif)) as whole:
        assert whole.n_frames == 10_000
    assert drawn(gif).width == 60
    assert outcomes[-1].cpu < 0.5 and outcomes[-1].memory < 100 * 2**20


def test_words_of_metadata_are_left_out_and_a_bomb_of_them_is_refused_in_its_time() -> None:
    bomb = Image.Exif()
    bomb[0x010E] = "x" * 60_000
    assert drawn(saved(Image.new("RGB", (80, 60)), "JPEG", exif=bomb)).width == 80
    text = zlib.compress(bytes(200 * 2**20), 9)
    png = saved(Image.new("RGB", (80, 60)), "PNG")
    chunk = b"zTXt" + b"k\0\0" + text
    bombed = png[:33] + struct.pack(">I", len(chunk) - 4) + chunk + struct.pack(">I", zlib.crc32(chunk)) + png[33:]
    begun = time.monotonic()
    assert why(bombed) == "unreadable"
    assert time.monotonic() - begun < 10


# ── what comes back from a decoder that was taken over ───────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    "made",
    [
        b"",
        b"\0\0\0\x09",
        struct.pack(">II", 9, 9) + b"<svg onload=alert(1)>",
        struct.pack(">II", 9, 99_999) + b"\xff\xd8\xff",
        json.dumps({"width": 9}).encode(),
    ],
)
def test_what_is_no_small_jpeg_is_not_kept(monkeypatch: pytest.MonkeyPatch, made: bytes) -> None:
    monkeypatch.setattr(functions, "call", lambda *_given, **_more: made)
    assert why(b"") == "unreadable"


# ── in words ─────────────────────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("language", "content", "said"),
    [
        ("vi", b"\0\0\0\x18ftypheic" + bytes(40), ["HEIC", "Tương thích nhất"]),
        ("en", b"\0\0\0\x18ftypheic" + bytes(40), ["HEIC", "Most Compatible"]),
        ("vi", saved(Image.new("1", (7000, 7000)), "PNG"), ["quá nhiều điểm ảnh"]),
    ],
    ids=["HEIC", "HEIC, in English", "huge"],
)
@pytest.mark.django_db
def test_why_a_photo_is_not_taken_is_told_and_the_words_stay(
    city: City, client: Client, language: str, content: bytes, said: list[str]
) -> None:
    client.cookies["language"] = language
    file = SimpleUploadedFile("anh.heic", content)
    back = client.post("/phan-anh/", FORM | {"photos": [file]})
    page = back.content.decode()
    assert back.status_code == 422 and not Case.objects.exists()
    assert all(each in page for each in said) and "anh.heic" in page and "Nắp cống" in page


@pytest.mark.django_db
def test_where_too_many_photos_come_at_once_the_words_stay_and_it_is_said(
    city: City, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(redrawing, "POOL", connection.Pool(at_once=1, patience=0.05))
    file = SimpleUploadedFile("anh.jpg", saved(Image.new("RGB", (80, 60)), "JPEG"))
    with redrawing.POOL.place():
        back = client.post("/phan-anh/", FORM | {"photos": [file]})
    page = back.content.decode()
    assert back.status_code == 422 and "anh.jpg" in page and "đang nhận nhiều ảnh" in page and "Nắp cống" in page
