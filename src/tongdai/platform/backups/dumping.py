"""PostgreSQL's own tools: the right edition of each, connected as we are, their complaints in words."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from ..database import postgres
from .trouble import BackupTrouble

DEBIANS = "/usr/lib/postgresql"
OURS_ALONE = ("client_encoding", "prepare_threshold", "password")
OPEN_WORDS = (None, "", "disable", "allow", "prefer")  # the tools of the wheel know no TLS


def dump(target: Path, where: dict[str, Any], *, server: int, snapshot: str) -> None:
    """The database at the moment of `snapshot`, into a file for `load`. `server`: its version, 150004.

    Raises:
        BackupTrouble: no pg_dump that fits, or it failed.
    """
    tool = find("pg_dump", server=server, where=where)
    with _connected(where) as environment, target.open("xb") as out:
        _run([tool, "--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}",
              "--dbname=service=tongdai"], environment, stdout=out)  # fmt: skip


def load(source: Path, where: dict[str, Any], *, server: int) -> None:
    """Into an empty database, wholly or not at all.

    Raises:
        BackupTrouble: no pg_restore that fits, or it failed; nothing was written.
    """
    tool = find("pg_restore", server=server, where=where)
    with _connected(where) as environment:
        _run([tool, "--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction",
              "--dbname=service=tongdai", str(source)], environment)  # fmt: skip


def find(name: str, *, server: int, where: dict[str, Any]) -> str:
    """The oldest of the tools here that is as new as the server: an older one can't read it, a newer one writes what it

    doesn't know.

    Raises:
        BackupTrouble: none is.
    """
    wanted = server // 10000
    folders = [Path(found).parent for found in (shutil.which(name),) if found]
    folders += Path(DEBIANS).glob("*/bin")
    if where.get("sslmode") in OPEN_WORDS and not where.get("sslrootcert"):
        folders.append(postgres.binaries())
    fitting = sorted((major, path) for path in {f / name for f in folders} if (major := _major(path)) >= wanted)
    if not fitting:
        raise BackupTrouble(
            f"Máy này không có {name} của PostgreSQL {wanted} hay mới hơn. Cài: apt install postgresql-client-{wanted}. / There "
            f"is no {name} of PostgreSQL {wanted} or newer here. Install it: apt install postgresql-client-{wanted}."
        )
    return str(fitting[0][1])


def _major(tool: Path) -> int:
    """Of a tool that runs; else 0."""
    try:
        printed = subprocess.run([tool, "--version"], capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return 0
    found = re.search(r"\) (\d+)", printed)
    return int(found.group(1)) if found else 0


@contextmanager
def _connected(where: dict[str, Any]) -> Iterator[dict[str, str]]:
    """Every parameter, by a service file that only we can read: a command line is seen by all."""
    with tempfile.TemporaryDirectory() as folder:
        service = Path(folder) / "service"
        service.touch(mode=0o600)
        lines = [
            f"{name}={value}" for name, value in where.items() if name not in OURS_ALONE and value not in ("", None)
        ]
        service.write_text("\n".join(["[tongdai]", *lines, ""]))
        environment = {**os.environ, "PGSERVICEFILE": str(service)}
        if where.get("password"):
            environment["PGPASSWORD"] = str(where["password"])
        yield environment


def _run(command: list[str], environment: dict[str, str], *, stdout: IO[bytes] | None = None) -> None:
    done = subprocess.run(command, env=environment, stdout=stdout, stderr=subprocess.PIPE, text=True, check=False)
    if done.returncode == 0:
        return
    lines = [
        line for line in done.stderr.splitlines() if "error:" in line or "FATAL" in line
    ] or done.stderr.splitlines()
    why = (lines[0] if lines else f"exit {done.returncode}").strip()
    name = Path(command[0]).name
    if "unsupported version" in why or "server version mismatch" in done.stderr:
        raise BackupTrouble(
            f"{name} ở đây và PostgreSQL của bản lưu khác đời: {why}. Chưa đổi gì. Cài postgresql-client cùng đời. / {name} here "
            f"and the backup's PostgreSQL are of different versions: {why}. Nothing was changed. Install the matching client."
        )
    if "No space left" in done.stderr or "could not extend" in done.stderr or "could not write" in done.stderr:
        raise BackupTrouble(
            f"Đĩa hết chỗ: {why}. Chưa đổi gì. Dọn bớt rồi làm lại. / No room on the disk: {why}. Nothing was changed. Free some "
            "and do it again."
        )
    raise BackupTrouble(f"{name} không làm được: {why}. Chưa đổi gì. / {name} failed. Nothing was changed.")
