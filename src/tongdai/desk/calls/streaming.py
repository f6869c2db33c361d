"""A sound, after whoever calls has checked that it may be heard; a player may ask for any part."""

from __future__ import annotations

import re
from collections.abc import Iterator

from django.core.files.base import File
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

CHUNK = 64 * 1024


def streamed(request: HttpRequest, file: File[bytes], *, content_type: str) -> HttpResponseBase:
    """The whole (200), or the part asked for (206, RFC 9110 section 14; several parts at once are answered with the whole).

    `file` is open and can be sought in; it is closed when it has been sent.
    """
    size = file.size
    first, last, status = 0, size - 1, 200
    if asked := re.fullmatch(r"bytes=([0-9]{0,18})-([0-9]{0,18})", request.headers.get("Range", "")):
        begin, end = asked.groups()
        if begin:
            first, last = int(begin), min(int(end or last), last)
        elif end:
            first = max(0, size - int(end))
        if first > last:
            file.close()
            return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
        status = 206
    response = StreamingHttpResponse(_chunks(file, first, last), status=status, content_type=content_type)
    response.headers["Accept-Ranges"] = "bytes"
    response.headers["Content-Length"] = str(last - first + 1)
    if status == 206:
        response.headers["Content-Range"] = f"bytes {first}-{last}/{size}"
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Disposition"] = "inline"
    return response


def _chunks(file: File[bytes], first: int, last: int) -> Iterator[bytes]:
    with file:
        file.seek(first)
        left = last - first + 1
        while left > 0 and (chunk := file.read(min(CHUNK, left))):
            left -= len(chunk)
            yield chunk
