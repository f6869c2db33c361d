"""A file of procedures an editor has sent: tried at once, taken in by a job when she says so."""

from __future__ import annotations

from pathlib import Path

from django.core.files.storage import default_storage

from tongdai.directory.snapshot import today
from tongdai.platform import jobs
from tongdai.platform.clock import now

from .. import kept_files, starting
from .imports import Outcome, load

IMPORT = "knowledge.procedures.import"
FOLDER = "procedures"


def tried(path: Path, *, whole: bool) -> tuple[str, Outcome]:
    """The name it is kept by, and what it would change.

    Raises:
        NotATable: it is no such file; nothing was kept.
    """
    outcome = load(path, at=now(), today=today(), whole=whole, dry_run=True)
    return kept_files.keep(path, folder=FOLDER), outcome


def take_in_later(name: str, *, whole: bool) -> None:
    """Queue it. The same file twice changes nothing the second time."""
    jobs.defer(IMPORT, file=name, whole=whole)


def take_in(name: str, *, whole: bool) -> None:
    """All of it or nothing; then the file goes, and a second run finds nothing to do."""
    if not default_storage.exists(name):
        return
    with kept_files.local(name) as path:
        done = load(path, at=now(), today=today(), whole=whole)
    starting.words()
    starting.aliases(done.added)
    default_storage.delete(name)


@jobs.task(name=IMPORT, queue="lookups")
def _job(file: str, whole: bool) -> None:
    take_in(file, whole=whole)
