"""A program that reads a stranger's file, run in an empty folder where it can do nothing else.

with programs.folder() as folder:
    given = programs.put(folder / "given.wav", chunks)  # we name the file
    programs.run(["/usr/bin/sox", "-t", "wav", given, folder / "made.wav"], folder=folder, limits=LIMITS)
    with programs.opened(folder / "made.wav") as made:
        sound = made.read()
"""

from __future__ import annotations

import os
import pwd
import select
import stat
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from io import BufferedReader
from pathlib import Path

from ..database.postgres import enters
from .confinement import SYSTEM, USER, Limits
from .connection import CannotRead, OverLimit, Pool, check, outcome_of, submit
from .memory import content_of, memory

POOL = Pool(at_once=4, patience=60.0)
MOST_FILES = 4  # as large as one may be, all that a program writes together
LOOKS_EVERY = 0.2  # seconds: at what it has written
_USER = pwd.struct_passwd(("", "", USER, USER, "", "/", ""))


@contextmanager
def folder() -> Iterator[Path]:
    """An empty one that the program may fill; it goes with all that is in it."""
    usual = tempfile.gettempdir()
    with tempfile.TemporaryDirectory(
        prefix="tongdai-decoder-", dir=usual if _is_open(Path(usual)) else "/tmp", ignore_cleanup_errors=True
    ) as made:
        _give(Path(made))
        yield Path(made)


def put(path: Path, content: Iterable[bytes]) -> Path:
    """Write a file that the program may read."""
    with path.open("xb") as out:
        for chunk in content:
            out.write(chunk)
    _give(path)
    return path


def run(
    command: Sequence[str | Path],
    *,
    folder: Path,
    limits: Limits,
    stdin: bytes = b"",
    tree: Path | None = None,
    reads: Iterable[Path] = (),
    environment: Mapping[str, str] | None = None,
) -> bytes:
    """What it says on its output. `tree`: where it was unpacked, if it isn't the system's; `reads`: what else it reads.

    Raises:
        CannotRead: it failed, in its own words; and its kinds, see `connection`.
    """
    words, more, at = list(map(str, command)), dict(environment or {}), folder
    if tree is not None and not _is_open(tree):  # below a home of mode 700: from within, the way there needs no rights
        at, words = tree, [each.replace(f"{tree}/", "") for each in words]
        more = {name: value.replace(f"{tree}/", "") for name, value in more.items()}
    request = {
        "command": words,
        "folder": str(at),
        "reads": [*SYSTEM, *map(str, [*([tree] if tree else []), *reads])],
        "writes": [str(folder), "/dev/null"],
        "environment": {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "HOME": str(folder), "TMPDIR": str(folder)}
        | more,
    }
    with POOL.place(), memory(stdin) as source, memory() as made, memory() as errors:
        with submit(request, limits=limits, files=[source.fileno(), made.fileno(), errors.fileno()]) as waiting:
            while not select.select([waiting], [], [], LOOKS_EVERY)[0]:
                if _written(folder) > MOST_FILES * limits.output:
                    raise OverLimit  # and what is closed here ends it
            outcome = outcome_of(waiting)
        check(outcome, content_of(errors))
        return content_of(made)


@contextmanager
def opened(path: Path) -> Iterator[BufferedReader]:
    """What it has written there. A link it left in place of a file is not followed.

    Raises:
        CannotRead: there is none.
    """
    try:
        number = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as none:
        raise CannotRead(f"{path.name}: {none.strerror}") from none
    with open(number, "rb") as file:
        found = os.fstat(number)
        if not stat.S_ISREG(found.st_mode) or found.st_uid != _owner():
            raise CannotRead(f"{path.name}: no file of its own")
        yield file


def _owner() -> int:
    return USER if os.geteuid() == 0 else os.geteuid()


def _give(path: Path) -> None:
    if os.geteuid() == 0:
        os.chown(path, USER, USER)


def _is_open(path: Path) -> bool:
    """Whether the program's user can come there."""
    return os.geteuid() != 0 or enters(path, _USER)


def _written(folder: Path) -> int:
    try:
        return sum(each.stat(follow_symlinks=False).st_blocks * 512 for each in os.scandir(folder))
    except FileNotFoundError:  # a file went just now
        return 0
