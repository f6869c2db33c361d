"""Many recordings at once, as a studio hands them over: a ZIP, or a folder, of files named by the code of their text."""

from __future__ import annotations

import time
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO

from django.core.files.uploadedfile import SimpleUploadedFile

from tongdai.accounts.models import User

from ..models import Take
from . import prompt_recordings, recorded_sounds

MOST_FILES = 600
MOST_UNPACKED = 300 * 2**20  # octets


class NoArchive(Exception):
    """`why`: `unreadable` (no ZIP, or locked by a password) or `big` (too many files, or too large)."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True)
class Outcome:
    """One file: kept as `take`, or why not (`why`: as of voices.NoSound, or `name`, where no text is called so)."""

    name: str
    take: Take | None = None
    why: str = ""
    new: bool = True


@dataclass(frozen=True)
class Batch:
    """What came of all; `left`: how many there was no time for: sent again, those that were kept are passed over."""

    outcomes: list[Outcome]
    left: int = 0

    @property
    def stored(self) -> int:
        return sum(each.take is not None for each in self.outcomes)

    @property
    def refused(self) -> list[Outcome]:
        return [each for each in self.outcomes if each.take is None]


def of_archive(file: IO[bytes]) -> Iterator[tuple[str, bytes]]:
    """(name, content) of its files; folders within are passed over. Raises NoArchive."""
    try:
        with zipfile.ZipFile(file) as packed:
            inside = [each for each in packed.infolist() if _is_sound(each.filename)]
            if len(inside) > MOST_FILES or sum(each.file_size for each in inside) > MOST_UNPACKED:
                raise NoArchive("big")
            unpacked = 0
            for each in inside:
                with packed.open(each) as one:
                    content = one.read(recorded_sounds.BIGGEST + 1)
                unpacked += len(content)  # what it says of its sizes may be untrue
                if unpacked > MOST_UNPACKED:
                    raise NoArchive("big")
                yield Path(each.filename).name, content
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError, OSError, ValueError) as broken:
        raise NoArchive("unreadable") from broken


def of_folder(folder: Path) -> Iterator[tuple[str, bytes]]:
    for each in sorted(folder.iterdir()):
        if each.is_file() and _is_sound(each.name):
            yield each.name, each.read_bytes()


def take_in(files: Iterable[tuple[str, bytes]], *, by: User | None, at: datetime, within: float | None = None) -> Batch:
    """Keep each as a recording of its text; none comes on the line. `within`: seconds, after which the rest is left."""
    until = None if within is None else time.monotonic() + within
    known = set(Take.objects.exclude(source="").values_list("source", flat=True))
    outcomes, left = [], 0
    for name, content in files:
        if until is not None and time.monotonic() > until:
            left += 1
            continue
        outcomes.append(_one(name, content, known=known, by=by, at=at))
    return Batch(outcomes, left)


def _one(name: str, content: bytes, *, known: set[str], by: User | None, at: datetime) -> Outcome:
    code, _dot, rest = name.partition(".")
    language = rest.partition(".")[0].lower()
    try:
        prompt = prompt_recordings.prompt_of(code.lower(), language)
    except prompt_recordings.NoSuchText:
        return Outcome(name, why="name")
    file = SimpleUploadedFile("sent", content)
    source = recorded_sounds.digest_of(file)
    if source in known and (take := Take.objects.filter(prompt=prompt, source=source).first()):
        return Outcome(name, take, new=False)
    file.seek(0)
    try:
        return Outcome(name, prompt_recordings.store(prompt, file, by=by, at=at))
    except recorded_sounds.NoSound as refused:
        return Outcome(name, why=refused.why)


def _is_sound(name: str) -> bool:
    return not (name.endswith("/") or name.startswith("__MACOSX/") or Path(name).name.startswith("."))
