"""Taking files off the wire: never more of one than the limit, so that a 50 MB photo costs 10 MB and the text beside it is kept.

A disk that is full costs the photo, never the words.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from tempfile import SpooledTemporaryFile
from typing import Any, Concatenate, ParamSpec

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest, HttpResponse

from tongdai.platform.web.body_limits import takes

from .redrawing import MOST_BYTES

IN_MEMORY = 2 * 1024 * 1024  # bytes of one file; past that on disk
MOST_FILES = 12  # in one form; more than that nobody sends by mistake
MEGABYTES = 128  # of one form: as many files, and such as are too heavy but told so each by name

P = ParamSpec("P")


class CappedUploads(FileUploadHandler):
    """Keeps the first 10 MB of each file and drops the rest; `too_heavy` on the file says so, `no_room` that the disk is full."""

    def __init__(self, request: Any = None) -> None:
        super().__init__(request)
        self.files = 0

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.files += 1
        self.taken, self.too_heavy, self.no_room = 0, self.files > MOST_FILES, False
        self.content: SpooledTemporaryFile[bytes] = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self.taken += len(raw_data)
        self.too_heavy = self.too_heavy or self.taken > MOST_BYTES
        if self.too_heavy or self.no_room:
            return
        try:
            self.content.write(raw_data)
        except OSError:
            self.no_room = True

    def file_complete(self, file_size: int) -> UploadedFile[bytes]:
        self.no_room = self.no_room or not _from_the_start(self.content)
        whole = UploadedFile(self.content, self.file_name, self.content_type, file_size, self.charset)
        whole.too_heavy, whole.no_room = self.too_heavy, self.no_room  # type: ignore[attr-defined]
        return whole


def _from_the_start(file: SpooledTemporaryFile[bytes]) -> bool:
    """Whether what was written could be written out, too."""
    try:
        file.seek(0)
    except OSError:
        return False
    return True


def takes_files(view: Callable[Concatenate[HttpRequest, P], HttpResponse]) -> Callable[..., HttpResponse]:
    """Mark a view that takes several files at once: larger bodies, and of each file no more than may be kept."""

    @takes(megabytes=MEGABYTES)
    @wraps(view)
    def taking(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if request.method == "POST" and request.content_type == "multipart/form-data":  # else it has been read by then
            request.upload_handlers = [CappedUploads(request)]
        return view(request, *args, **kwargs)

    return taking
