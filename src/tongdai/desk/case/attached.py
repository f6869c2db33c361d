"""The photos and documents of one form: those kept from an earlier try, those that came now, and why some could not be taken.

Whoever answers says what a photo shows by where they put it: before, or after. A document is a PDF.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core import signing
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

from tongdai.cases.actions.answer import MOST_FILES, Attached
from tongdai.cases.models import StoredFile
from tongdai.shell.refusals import is_disk_full
from tongdai.shell.uploads import documents, stash
from tongdai.shell.uploads.documents import DocumentRefused, look_over
from tongdai.shell.uploads.redrawing import MOST_BYTES, Drawn, PhotoRefused, redraw
from tongdai.shell.uploads.stash import Stashed

Kind = StoredFile.Kind
KINDS = (Kind.BEFORE, Kind.AFTER, Kind.DOCUMENT)  # the fields of the form, named so
SALT = "tongdai.desk.attached"
MEGABYTE = 1024 * 1024
KEPT = "kept"  # the field that holds what an earlier try brought


@dataclass(frozen=True)
class Stored:
    """A file that an earlier try brought; `ticket` is what the page holds of it."""

    ticket: str
    kind: Kind
    name: str
    stashed: Stashed


@dataclass
class Files:
    """What goes with the answer. `new` came with this request and stands nowhere yet; `problems`: what wasn't taken, and why."""

    stored: list[Stored] = field(default_factory=list)
    new: list[tuple[Kind, str, Drawn]] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.stored) + len(self.new)

    def put_by(self) -> None:
        """Keep what came now for the next try; a full disk keeps none of it."""
        try:
            for kind, name, drawn in self.new:
                self.stored.append(_stored(kind, name, stash.put(drawn)))
        except OSError as trouble:
            if not is_disk_full(trouble):
                raise
        self.new = []

    @contextmanager
    def written(self, *, at: datetime) -> Iterator[Sequence[Attached]]:
        """Write them where a case's files stand, before the answer that names them; they go again where it isn't given."""
        done: list[Attached] = []
        try:
            for each in self.stored:
                photo = stash.copy_to_case(each.stashed, at=at)
                done.append(Attached(photo, each.kind, _shown_name(each.kind, each.name)))
            for kind, name, drawn in self.new:
                done.append(Attached(stash.write_to_case(drawn, at=at), kind, _shown_name(kind, name)))
            yield sorted(done, key=lambda each: KINDS.index(each.kind))
        except BaseException:
            for file in done:
                default_storage.delete(file.stored.file)
            raise


def files_of(posted: QueryDict, sent: MultiValueDict[str, Any]) -> Files:
    """Read the files of a form. Never raises for a bad one: the page says so, the others are kept."""
    tickets = posted.getlist(KEPT)[:MOST_FILES]
    known = [each for each in map(_look, tickets) if each is not None]
    files = Files(stored=known)
    if len(known) < len(tickets):
        files.problems.append(_("Tệp gửi lần trước đã quá một ngày nên không còn. Xin chọn lại."))
    for kind in KINDS:
        for file in sent.getlist(kind.value):
            _take(files, kind, file)
    return files


def _take(files: Files, kind: Kind, file: UploadedFile[bytes]) -> None:
    name = file.name or ""
    if len(files) >= MOST_FILES:
        most = _("Mỗi câu trả lời có tối đa {most} tệp. “{name}” chưa được lấy.")
        files.problems.append(most.format(most=MOST_FILES, name=name))
        return
    try:
        if getattr(file, "no_room", False):
            raise PhotoRefused("full")
        if getattr(file, "too_heavy", False) or (file.size or 0) > MOST_BYTES:
            raise PhotoRefused("heavy")
        drawn = look_over(file) if kind is Kind.DOCUMENT else redraw(file)
    except (PhotoRefused, DocumentRefused) as refused:
        files.problems.append(_problem(kind, name, refused.why, size=file.size or 0))
        return
    files.new.append((kind, name, drawn))


def _problem(kind: Kind, name: str, why: str, *, size: int) -> str:
    megabytes = max(1, round(size / MEGABYTE))
    said = {
        "heavy": _("“{name}” nặng {size} MB, mỗi tệp tối đa {most} MB."),
        "full": _("Máy hết chỗ lưu, “{name}” chưa được lấy. Xin thử lại sau, hoặc gửi không kèm tệp."),
        "busy": _("Máy đang đọc nhiều tệp, “{name}” chưa được lấy. Xin chọn lại tệp ấy rồi gửi."),
        "heic": _("“{name}” là ảnh HEIC, máy không mở được. Xin đổi sang JPG, hoặc chụp màn hình ảnh ấy."),
        "locked": _("“{name}” có mật khẩu, người dân không mở được. Xin lưu lại không mật khẩu."),
        "active": _("“{name}” có mã chạy hoặc có tệp giấu bên trong. Xin in lại thành PDF thường."),
    }.get(why)
    if said is None and why == "huge" and kind is not Kind.DOCUMENT:
        said = _("“{name}” có quá nhiều điểm ảnh, máy không mở được. Xin chụp lại hoặc thu nhỏ.")
    if said is None and kind is Kind.DOCUMENT:
        said = _("“{name}” không phải tệp PDF, hoặc đã hỏng. Tài liệu khác xin lưu thành PDF.")
    if said is None:
        said = _("“{name}” không phải ảnh JPG, PNG, WebP hay GIF, hoặc đã hỏng.")
    return said.format(name=name, size=megabytes, most=MOST_BYTES // MEGABYTE)


def _shown_name(kind: Kind, name: str) -> str:
    """Only a document is shown by its name: a photo's may tell whose telephone took it."""
    return documents.name_of(name) if kind is Kind.DOCUMENT else ""


def _stored(kind: Kind, name: str, stashed: Stashed) -> Stored:
    return Stored(signing.dumps([kind.value, name, stashed.ticket], salt=SALT), kind, name, stashed)


def _look(ticket: str) -> Stored | None:
    """What stands behind a ticket; None if it is forged, or its day is over."""
    try:
        kind, name, inner = signing.loads(ticket, salt=SALT, max_age=stash.KEPT_FOR)
    except signing.BadSignature:
        return None
    stashed = stash.look(inner)
    return None if stashed is None else Stored(ticket, Kind(kind), name, stashed)
