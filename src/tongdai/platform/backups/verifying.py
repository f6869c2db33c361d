"""Prove a backup: restore it into a scratch database, and count what came back."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from ..database import postgres
from ..errors import CannotStart
from ..home import home, secret
from . import archive, dumping
from .archive import DUMP, FILES, Manifest
from .sealing import Keys, opened
from .trouble import BackupTrouble, disk_in_words


def verify(file: Path, keys: Keys, *, step: Callable[[str, int], None] = lambda _what, _steps: None) -> Manifest:
    """Open it, prove every member, restore the database into a scratch one; what it says of itself.

    Raises:
        BackupTrouble: it can't be opened, isn't whole, or doesn't come back as it was.
    """
    with disk_in_words(home()), tempfile.TemporaryDirectory(dir=_made(home()), prefix="verify-") as folder:
        step("mở và đọc hết / opening and reading all of it", 1)
        with archive.read(opened(file, keys, folder=Path(folder))) as saved:
            dump = Path(folder) / DUMP
            with dump.open("wb") as target:
                saved.copy(DUMP, target)
            for name in saved.names(FILES):
                saved.copy(name, _Nowhere())  # type: ignore[arg-type]
            step("khôi phục thử / restoring it for a trial", 1)
            restores(dump, saved.manifest)
            return saved.manifest


def restores(dump: Path, manifest: Manifest) -> None:
    """Whether this dump makes the same database: every table, with as many rows.

    Raises:
        BackupTrouble: it doesn't, or can't be tried here.
    """
    with scratch() as it:
        with it.connect() as link:
            version = link.info.server_version
        dumping.load(dump, _where(it), server=version)
        with it.connect() as link:
            found = rows_of(link)
    if found != manifest.tables:
        wrong = sorted(name for name in found.keys() | manifest.tables if found.get(name) != manifest.tables.get(name))
        raise BackupTrouble(
            f"Khôi phục thử không ra như cũ ở bảng: {', '.join(wrong[:5])}. Đừng tin bản này. / Restored for a trial, these tables "
            f"differ: {', '.join(wrong[:5])}. Don't rely on this backup."
        )


def rows_of(link: psycopg.Connection[Any]) -> dict[str, int]:
    """How many rows each of our tables has."""
    names = link.execute(
        "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
        " WHERE n.nspname = 'public' AND c.relkind = 'r' ORDER BY 1"
    ).fetchall()
    counted = sql.SQL("SELECT count(*) FROM {}")
    return {name: link.execute(counted.format(sql.Identifier(name))).fetchone()[0] for (name,) in names}  # type: ignore[index]


@contextmanager
def scratch() -> Iterator[postgres.Cluster]:
    """An embedded server of its own, beside the city's, gone afterwards."""
    beside = postgres.cluster()
    beside.data.parent.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(dir=beside.data.parent, prefix="scratch-"))
    run = Path(tempfile.mkdtemp(prefix="tongdai-s"))
    it = postgres.Cluster(data=folder / "data", run=run, runs_as=beside.runs_as)
    server = None
    try:
        folder.chmod(0o755)
        postgres.make(it)
        server = postgres.launch(it, quick=True)
        postgres.prepare(it)
        yield it
    except CannotStart as trouble:
        raise trouble if isinstance(trouble, BackupTrouble) else BackupTrouble(str(trouble)) from None
    finally:
        if server:
            postgres.stop(server)
        shutil.rmtree(folder, ignore_errors=True)
        shutil.rmtree(run, ignore_errors=True)


def _where(it: postgres.Cluster) -> dict[str, Any]:
    owner = postgres.OWNER
    return {"host": str(it.run), "dbname": postgres.DATABASE, "user": owner, "password": secret(f"postgres-{owner}")}


class _Nowhere:
    def write(self, octets: bytes) -> int:
        return len(octets)


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder
