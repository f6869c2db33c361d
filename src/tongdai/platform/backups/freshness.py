"""How fresh the last backup is: what doctor, the log and the start say when none comes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from django.conf import settings

from ..database.installation import is_demo
from ..models import Backup, Installation
from ..monitoring.registry import Verdict

TOO_OLD = timedelta(hours=50)  # two nights have passed without one
NONE_YET = (
    "chưa có bản lưu nào: đặt TONGDAI_BACKUP_FOLDER và TONGDAI_BACKUP_RECIPIENTS / none yet: set TONGDAI_BACKUP_FOLDER and "
    "TONGDAI_BACKUP_RECIPIENTS (docs/run.md)"
)


def for_doctor(at: datetime | None = None) -> Iterator[tuple[Verdict, str, str]]:
    """The last backup: when, whether proven, what stands in the way; and whether any are made at all."""
    at, what = at or datetime.now(UTC), "bản lưu / backup"
    latest = Backup.objects.order_by("-begun_at").first()
    last = Backup.objects.filter(finished_at__isnull=False).order_by("-begun_at").first()
    if latest and latest.trouble:
        yield "wrong", what, f"lần gần nhất hỏng / the latest failed: {latest.trouble}"
    if last is None:
        if not is_demo():
            yield ("wrong" if settings.BACKUP_FOLDER and _waited(at) else "note"), what, NONE_YET
        return
    hours = int((at - last.begun_at).total_seconds() // 3600)
    age = f"{hours} giờ trước / hours ago: {last.file}"
    if hours > TOO_OLD.total_seconds() / 3600:
        yield "wrong", what, f"quá cũ / too old, {age}"
    elif not last.encrypted:
        yield "note", what, f"không mã hóa / not encrypted, {age}"
    elif not last.verified_at:
        yield "note", what, f"chưa thử khôi phục / never restored for a trial (`tongdai backup verify`), {age}"
    else:
        yield "ok", what, age


def notes_when_up() -> str:
    """What `tongdai up` says about backups when all is ready: nothing, where all is well."""
    notes = [f"{what}: {words}" for verdict, what, words in for_doctor() if verdict != "ok"]
    return "\n".join(notes)


def _waited(at: datetime) -> bool:
    made = Installation.objects.values_list("made_at", flat=True).filter(pk=1).first()
    return bool(made and at - made > TOO_OLD)
