"""Pages and tables are sent compressed: Brotli where the browser takes it and the page is everybody's, else gzip."""

from __future__ import annotations

from typing import Any

import brotli
from django.http import HttpRequest, HttpResponse
from django.middleware.gzip import GZipMiddleware
from django.utils.cache import patch_vary_headers

SMALLEST, QUALITY = 600, 4  # bytes; quality 4 takes as long as gzip and leaves a sixth less
TEXT = ("text/", "application/json", "application/javascript", "image/svg+xml")


class CompressionMiddleware(GZipMiddleware):
    """Django's, which pads what it compresses so that its length tells nothing (BREACH); Brotli for public pages alone."""

    def process_response(self, request: HttpRequest, response: Any) -> Any:
        kind = response.headers.get("Content-Type", "")
        if not kind.startswith(TEXT) or response.has_header("Content-Encoding"):
            return response
        if response.streaming or _is_personal(response) or not _takes_brotli(request):
            return super().process_response(request, response)
        return _brotli(response)


def _brotli(response: HttpResponse) -> HttpResponse:
    if len(response.content) < SMALLEST:
        return response
    patch_vary_headers(response, ("Accept-Encoding",))
    response.content = brotli.compress(response.content, quality=QUALITY)
    response.headers["Content-Length"] = str(len(response.content))
    response.headers["Content-Encoding"] = "br"
    if etag := response.get("ETag"):
        response.headers["ETag"] = etag if etag.startswith("W/") else f"W/{etag}"
    return response


def _is_personal(response: Any) -> bool:
    directives = response.headers.get("Cache-Control", "")
    return "no-store" in directives or "private" in directives or bool(response.cookies)


def _takes_brotli(request: HttpRequest) -> bool:
    offered = request.headers.get("Accept-Encoding", "")
    return any(each.partition(";")[0].strip() == "br" for each in offered.split(",") if "q=0" not in each)
