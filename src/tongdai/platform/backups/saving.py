"""Save a city into one file while it runs: the database of one moment, every stored file, and the key of its links."""

from __future__ import annotations

import contextlib
import io
import os
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.core.files.storage import default_storage
from django.db import DatabaseError
from psycopg import sql

from ..database import connection_settings
from ..home import home
from ..models import Backup
from . import dumping, registry, verifying
from .archive import DUMP, FILES, FOLDERS, KEY, Manifest, Writer
from .sealing import Seal, sealed
from .trouble import BackupTrouble, disk_in_words

Step = Callable[[str, int], None]  # what is done now, and how many steps that is


def save(file: Path, seal: Seal, *, proven: bool, step: Step = lambda _what, _steps: None) -> Backup:
    """Write `file`, readable to its owner alone; its row, which says so. `proven`: the dump was restored and counted first.

    A file of that name is replaced only once the new one is whole.

    Raises:
        BackupTrouble: what stood in the way; nothing is left half-done, and the row says it too.
    """
    row = Backup(begun_at=datetime.now(UTC), file=str(file), encrypted=not seal.is_plain)
    _record(row)
    half = file.with_name(f".{file.name}.part")
    try:
        seal.check()
        with disk_in_words(file.parent), tempfile.TemporaryDirectory(dir=_ours(home()), prefix="backup-") as folder:
            manifest = _dumped(Path(folder) / DUMP, step)
            if proven:
                step("thử khôi phục / restoring it for a trial", 1)
                verifying.restores(Path(folder) / DUMP, manifest)
                row.verified_at = datetime.now(UTC)
            _write(half, seal, Path(folder) / DUMP, manifest, step)
        half.replace(file)
    except BackupTrouble as trouble:
        row.trouble, row.verified_at = str(trouble), None
        raise
    else:
        row.finished_at, row.size = datetime.now(UTC), file.stat().st_size
        return row
    finally:
        with contextlib.suppress(OSError):  # where we may not even look, nothing of ours lies
            half.unlink(missing_ok=True)
        _record(row)


def _dumped(target: Path, step: Step) -> Manifest:
    """The database of one moment, and how many rows each table had at that moment."""
    step("cơ sở dữ liệu / database", 1)
    where = connection_settings.parameters(directly=True)
    try:
        with psycopg.connect(**where) as link:
            link.isolation_level, link.read_only = psycopg.IsolationLevel.REPEATABLE_READ, True
            snapshot = link.execute("SELECT pg_export_snapshot()").fetchone()
            manifest = Manifest(
                made_at=datetime.now(UTC).isoformat(timespec="seconds"),
                server=link.info.server_version,
                tables=verifying.rows_of(link),
                migrations=[[str(app), str(name)] for app, name in link.execute(_MIGRATIONS)],
            )
            assert snapshot is not None
            dumping.dump(target, where, server=manifest.server, snapshot=str(snapshot[0]))
    except psycopg.Error as error:
        why = str(error).strip().splitlines()[0]
        raise BackupTrouble(f"Cơ sở dữ liệu không trả lời: {why}. / The database doesn't answer.") from None
    return manifest


def _write(half: Path, seal: Seal, dump: Path, manifest: Manifest, step: Step) -> None:
    private = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(private, "wb") as raw:
        with sealed(raw, seal) as stream:
            tar = Writer(stream, manifest)
            with dump.open("rb") as content:
                tar.add(DUMP, content, dump.stat().st_size)
            key = settings.SECRET_KEY.encode()
            tar.add(KEY, io.BytesIO(key), len(key))
            _add_files(tar, step)
            tar.finish()
        raw.flush()
        os.fsync(raw.fileno())


def _add_files(tar: Writer, step: Step) -> None:
    """One that is deleted meanwhile is left out: its row went too, or says so."""
    stored = list(stored_files())
    step("tệp / files", len(stored) or 1)
    for name in stored:
        with contextlib.suppress(FileNotFoundError), default_storage.open(name, "rb") as content:
            tar.add(FILES + name, content, content.size)
    for folder in registry.FOLDERS:
        for path in sorted((home() / folder).rglob("*")):
            if path.is_file() and not path.is_symlink():
                with contextlib.suppress(FileNotFoundError), path.open("rb") as content:
                    tar.add(FOLDERS + str(path.relative_to(home())), content, os.fstat(content.fileno()).st_size)


def stored_files(below: str = "") -> Iterator[str]:
    """Every name in storage, be it a folder or another machine."""
    try:
        folders, names = default_storage.listdir(below)
    except FileNotFoundError:
        return
    for name in sorted(names):
        yield f"{below}/{name}" if below else name
    for folder in sorted(folders):
        yield from stored_files(f"{below}/{folder}" if below else folder)


def _record(row: Backup) -> None:
    """A database of an earlier edition has no place for it: a backup before an upgrade is made all the same."""
    with contextlib.suppress(DatabaseError):
        row.save()


def _ours(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


_MIGRATIONS: Any = sql.SQL("SELECT app, name FROM django_migrations ORDER BY 1, 2")
