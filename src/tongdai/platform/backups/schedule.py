"""Backups by themselves: when one is due, and how many stay.

Asked every ten minutes whether one is due, so that a night in which the machine was off is made up for.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import structlog
from django.conf import settings

from .. import jobs
from ..models import Backup
from . import freshness
from .saving import save
from .sealing import Seal, read_passphrase
from .trouble import BackupTrouble

log = structlog.get_logger(__name__)
EVERY = timedelta(days=1)
AFTER_TROUBLE = timedelta(hours=1)  # before it is tried again


@jobs.periodic(name="platform.backups.keep_safe", queue="backups", cron="*/10 * * * *")
def keep_safe(timestamp: int) -> None:
    """Make the backup that is due, and say in the log if the last one is too old."""
    at = datetime.now(UTC)
    if settings.BACKUP_FOLDER and is_due(at):
        make(at)
    for verdict, _what, words in freshness.for_doctor(at):
        if verdict == "wrong":
            log.error("backup.missing", why=words)


def is_due(at: datetime) -> bool:
    """Whether the last moment that was set for one has passed since the last that was begun and not given up."""
    if Backup.objects.exclude(trouble="").filter(begun_at__gt=at - AFTER_TROUBLE).exists():
        return False
    last = Backup.objects.filter(finished_at__isnull=False).order_by("-begun_at").first()
    return last is None or last.begun_at < last_moment(at)


def last_moment(at: datetime) -> datetime:
    """The latest time of day set by TONGDAI_BACKUP_AT (the city's), not after `at`."""
    hour, minute = (int(part) for part in settings.BACKUP_AT.split(":"))
    local = at.astimezone(ZoneInfo(settings.TIME_ZONE))
    moment = local.replace(hour=hour, minute=minute, second=0, microsecond=0)
    return moment if moment <= local else moment - EVERY


def make(at: datetime) -> None:
    """One backup into the folder, restored for a trial first; the oldest beyond those to be kept go.

    What stands in the way is on record, in the log and in doctor; the job itself ends, and is tried again in an hour.
    """
    folder = Path(settings.BACKUP_FOLDER)
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        seal = configured_seal()
        file = folder / f"tongdai-{at.astimezone(ZoneInfo(settings.TIME_ZONE)):%Y%m%d-%H%M%S}{seal.suffix}"
        if seal.is_plain:
            raise BackupTrouble(NO_SEAL)
        done = save(file, seal, proven=settings.BACKUP_PROVEN)
        log.info("backup.made", file=done.file, size=done.size)
        forget_the_oldest(folder)
    except (BackupTrouble, OSError) as trouble:
        if not Backup.objects.filter(begun_at__gte=at).exists():
            Backup.objects.create(begun_at=at, file=str(folder), trouble=str(trouble))
        log.error("backup.failed", why=str(trouble))


def forget_the_oldest(folder: Path) -> None:
    """Of the files this schedule made, so many stay."""
    made = sorted(path for path in folder.glob("tongdai-*-*.*") if path.suffix in (".age", ".zip"))
    for old in made[: -settings.BACKUP_KEPT]:
        old.unlink(missing_ok=True)


def configured_seal() -> Seal:
    """For whom backups are sealed here."""
    file = settings.BACKUP_PASSPHRASE_FILE
    return Seal(tuple(settings.BACKUP_RECIPIENTS), read_passphrase(Path(file)) if file else "")


NO_SEAL = (
    "Bản lưu tự động phải mã hóa: đặt TONGDAI_BACKUP_RECIPIENTS (`tongdai backup key FILE`) hoặc "
    "TONGDAI_BACKUP_PASSPHRASE_FILE. / Scheduled backups are encrypted: set TONGDAI_BACKUP_RECIPIENTS (`tongdai backup key "
    "FILE`) or TONGDAI_BACKUP_PASSPHRASE_FILE."
)
