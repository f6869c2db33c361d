"""Save a city into one file and bring it back: the database as pg_dump writes it, and every stored file."""

from __future__ import annotations

import os
import subprocess
import tarfile
import tempfile
from pathlib import Path
from typing import Any

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn

from . import postgres
from .ground import ready
from .home import home

out = Console(highlight=False)
DUMP, FILES = "database.dump", "files"
KEY = "secrets/key"  # signs the links citizens hold: without it every link sent would go dead


def save(file: Path) -> None:
    """Write `file` (tar), readable to its owner alone. The house may be running: pg_dump sees one moment."""
    file = file.absolute()
    with ready(as_owner=True), tempfile.TemporaryDirectory(dir=file.parent) as folder, _bar() as bar:
        step = bar.add_task("cơ sở dữ liệu / database", total=None)
        dump = Path(folder) / DUMP
        with dump.open("wb") as target:
            _run("pg_dump", "--format=custom", "--no-owner", stdout=target)
        bar.update(step, total=1, completed=1)
        stored = [path for path in (home() / FILES).rglob("*") if path.is_file()]
        step = bar.add_task("tệp / files", total=len(stored) + 1)
        half = file.with_name(file.name + ".part")
        private = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(private, "wb") as raw, tarfile.open(fileobj=raw, mode="w") as tar:
            tar.add(dump, DUMP)
            if (home() / KEY).exists():
                tar.add(home() / KEY, KEY)
            for path in stored:
                tar.add(path, str(path.relative_to(home())))
                bar.advance(step)
        half.replace(file)
        bar.advance(step)
    out.print(f"Đã lưu / Saved: {file} ({file.stat().st_size // 1024} KB)")


def bring_back(file: Path) -> None:
    """Into an empty home (or an empty `DATABASE_URL`); a city that is there is never written over."""
    file = file.absolute()
    if not tarfile.is_tarfile(file):
        raise typer.BadParameter(f"{file} không phải bản lưu của tongdai / is no backup of tongdai")
    with tarfile.open(file) as tar:
        if KEY in tar.getnames() and not (home() / KEY).exists():
            _extract(tar, [tar.getmember(KEY)], home())
    with ready(as_owner=True), tarfile.open(file) as tar, tempfile.TemporaryDirectory() as folder, _bar() as bar:
        if _has_tables():
            raise typer.BadParameter("nơi này đã có một thành phố / there is a city here already: use an empty home")
        members = tar.getmembers()
        step = bar.add_task("tệp / files", total=len(members))
        _extract(tar, [tar.getmember(DUMP)], Path(folder))
        for member in members:
            if member.name.startswith(FILES + "/"):
                _extract(tar, [member], home())
            bar.advance(step)
        step = bar.add_task("cơ sở dữ liệu / database", total=None)
        _run("pg_restore", "--no-owner", "--exit-on-error", "--single-transaction", str(Path(folder) / DUMP))
        bar.update(step, total=1, completed=1)
        from django.db import connection

        from .installation import install

        connection.close()
        install()
    out.print("Đã khôi phục / Restored. `tongdai up`")


def _extract(tar: tarfile.TarFile, members: list[tarfile.TarInfo], where: Path) -> None:
    where.mkdir(parents=True, exist_ok=True)
    tar.extractall(where, members=members, filter="data")


def _has_tables() -> bool:
    from django.db import connection

    return bool(connection.introspection.table_names())


def _run(tool: str, *arguments: str, stdout: Any = None) -> None:
    """A PostgreSQL tool, connected as the owner."""
    from django.db import connection

    where = connection.get_connection_params()
    names = {"host": "PGHOST", "port": "PGPORT", "dbname": "PGDATABASE", "user": "PGUSER", "password": "PGPASSWORD"}
    environment = {names[name]: str(value) for name, value in where.items() if name in names and value}
    command = [tool if os.environ.get("DATABASE_URL") else str(postgres.binaries() / tool), *arguments]
    if tool == "pg_restore":
        command[1:1] = ["--dbname", environment["PGDATABASE"]]
    subprocess.run(command, env={**os.environ, **environment}, stdout=stdout, check=True)


def _bar() -> Progress:
    return Progress(TextColumn("{task.description}"), BarColumn(), TextColumn("{task.percentage:>3.0f}%"), console=out)
