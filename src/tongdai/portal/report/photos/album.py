"""The photos of one form: those kept from an earlier try, those that came now, and why some could not be taken."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.utils.translation import gettext as _

from tongdai.platform.clock import now
from tongdai.shell.refusals import is_disk_full
from tongdai.shell.uploads import stash
from tongdai.shell.uploads.redrawing import MOST_BYTES, Drawn, PhotoRefused, redraw
from tongdai.shell.uploads.stash import Stashed

from ..form import Problem
from . import limit
from .limit import MOST_PHOTOS

MEGABYTE = 1024 * 1024


@dataclass
class Album:
    """At most six photos. `new` came with this request and stand nowhere yet; `full`: the disk had no room for some."""

    stashed: list[Stashed] = field(default_factory=list)
    new: list[Drawn] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    full: bool = False

    def __len__(self) -> int:
        return len(self.stashed) + len(self.new)

    def put_by(self) -> None:
        """Keep what came now for the next try; a full disk keeps none of it."""
        try:
            self.stashed += [stash.put(drawn) for drawn in self.new]
        except OSError as trouble:
            if not is_disk_full(trouble):
                raise
            self.full = True
        self.new = []


def album_of(request: HttpRequest) -> Album:
    """Read the photos of a form. Never raises for a bad one: the page says so, the others are kept.

    Those of a network that has sent very many just now are refused too, and not looked at (`limit`).
    """
    dropped = request.POST.get("drop", "")
    tickets = [ticket for ticket in request.POST.getlist("kept")[:MOST_PHOTOS] if ticket != dropped]
    files = [file for file in request.FILES.getlist("photos") if file.size or file.name]
    if (files or tickets) and limit.comes_too_often(request, at=now()):
        return Album(problems=[limit.problem(at=now())])
    stashed = [stash.look(ticket) for ticket in tickets]
    album = Album(stashed=[photo for photo in stashed if photo])
    if len(album.stashed) < len(tickets):
        full = _("Ảnh gửi lần trước đã quá một ngày nên không còn. Xin chọn lại.")
        album.problems.append(Problem("photos", _("Có ảnh không còn lưu ở đây"), full))
    _take(album, files)
    return album


def _take(album: Album, files: Iterable[UploadedFile[bytes]]) -> None:
    for file in files:
        if getattr(file, "no_room", False):
            album.full = True
            continue
        if len(album) >= MOST_PHOTOS:
            full = _("Mỗi phiếu có tối đa {most} ảnh. Ảnh “{name}” chưa được lấy.").format(
                most=MOST_PHOTOS, name=file.name
            )
            album.problems.append(Problem("photos", _("Nhiều ảnh quá"), full))
            continue
        try:
            if getattr(file, "too_heavy", False) or (file.size or 0) > MOST_BYTES:
                raise PhotoRefused("heavy")
            album.new.append(redraw(file))
        except PhotoRefused as refused:
            album.problems.append(_problem(file, refused.why))


def _problem(file: UploadedFile[bytes], why: str) -> Problem:
    name = file.name
    if why == "heavy":
        megabytes = max(1, round((file.size or 0) / MEGABYTE))
        full = _("Ảnh “{name}” nặng {size} MB, tối đa {most} MB. Lời kể và các ảnh khác vẫn còn.").format(
            name=name, size=megabytes, most=MOST_BYTES // MEGABYTE
        )
        return Problem("photos", _("Có ảnh nặng quá"), full)
    if why == "huge":
        full = _("Ảnh “{name}” có quá nhiều điểm ảnh, máy không mở được. Xin chụp lại hoặc thu nhỏ.").format(name=name)
        return Problem("photos", _("Có ảnh lớn quá"), full)
    if why == "heic":
        full = _(
            "Ảnh “{name}” là HEIC, máy không mở được. Trên iPhone: Cài đặt, Camera, Định dạng, chọn Tương thích nhất "
            "rồi chụp lại; hoặc chụp màn hình ảnh ấy. Lời kể và các ảnh khác vẫn còn."
        ).format(name=name)
        return Problem("photos", _("Có ảnh máy không mở được"), full)
    if why == "busy":
        full = _(
            "Máy đang nhận nhiều ảnh, ảnh “{name}” chưa được lấy. Lời kể vẫn còn: xin chọn lại ảnh rồi gửi."
        ).format(name=name)
        return Problem("photos", _("Có ảnh chưa lấy được"), full)
    full = _("Tệp “{name}” không phải ảnh JPG, PNG, WebP hay GIF, hoặc đã hỏng.").format(name=name)
    return Problem("photos", _("Có tệp không phải ảnh"), full)
