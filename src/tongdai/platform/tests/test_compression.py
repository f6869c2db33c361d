"""How a page leaves: small, the same one not twice, and a personal one in a way that its length tells nothing."""

from __future__ import annotations

import gzip

import brotli
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from tongdai.platform.web.compression import CompressionMiddleware

PAGE = "Đường dây nóng của thành phố " * 200


def sent(*, accept: str, **headers: str) -> HttpResponse:
    def view(_: HttpRequest) -> HttpResponse:
        return HttpResponse(PAGE, headers=headers)

    answer = CompressionMiddleware(view)(RequestFactory().get("/", headers={"Accept-Encoding": accept}))
    assert isinstance(answer, HttpResponse)
    return answer


def test_a_public_page_is_compressed_as_the_browser_takes_it() -> None:
    best, old, none = sent(accept="gzip, deflate, br"), sent(accept="gzip"), sent(accept="br;q=0, identity")
    assert brotli.decompress(best.content).decode() == PAGE and len(best.content) < len(PAGE) / 20
    assert gzip.decompress(old.content).decode() == PAGE
    assert none.content.decode() == PAGE and "Content-Encoding" not in none.headers
    assert "Accept-Encoding" in best.headers["Vary"]


def test_the_length_of_a_personal_page_tells_nothing_of_what_is_in_it() -> None:
    lengths = {len(sent(accept="br, gzip", **{"Cache-Control": "private, no-store"}).content) for _ in range(30)}
    assert len(lengths) > 3


def test_what_is_no_text_is_left_alone() -> None:
    assert "Content-Encoding" not in sent(accept="br", **{"Content-Type": "image/jpeg"}).headers
