"""`tongdai doctor`: what is missing or wrong, in plain words, in both languages, with what to do about it."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table

from ..database import postgres
from ..errors import CannotStart
from ..home import home
from ..network import addresses
from ..processes import supervisor
from . import registry
from .registry import Verdict

MARKS = {
    "ok": "[green]✓ ổn / fine[/green]",
    "note": "[yellow]• để ý / note[/yellow]",
    "wrong": "[red]✗ hỏng / wrong[/red]",
}


@dataclass(frozen=True)
class Finding:
    """One thing looked at; `wrong` keeps the house from running, `note` is worth knowing."""

    verdict: Verdict
    what: str
    words: str


def main() -> int:
    """Look at everything and print it; 1 if something is wrong."""
    table = Table(show_header=False, box=None, pad_edge=False)
    worst = 0
    for finding in look():
        worst |= finding.verdict == "wrong"
        table.add_row(MARKS[finding.verdict], finding.what, finding.words)
    Console(highlight=False).print(table)
    return int(worst)


def look() -> Iterator[Finding]:
    """Everything, what all stands on first: what stands on something broken is not looked at."""
    foundation = [*_home(), *_database_binaries()]
    yield from foundation
    if any(finding.verdict == "wrong" for finding in foundation):
        return
    yield from _front_end()
    yield from _decoders()
    yield from _database()
    yield from _pooler()
    yield from _storage()
    yield from _addresses()
    yield from _rooms()


def _home() -> Iterator[Finding]:
    folder = home()
    above = next(step for step in [folder, *folder.parents] if step.exists())
    if not os.access(above, os.W_OK):
        yield Finding("wrong", "TONGDAI_HOME", f"Không ghi được vào {above}. / {above} is not writable.")
        return
    free = shutil.disk_usage(above).free // 2**20
    verdict: Verdict = "ok" if free > 1024 else "note" if free > 200 else "wrong"
    yield Finding(verdict, "TONGDAI_HOME", f"{folder} (còn / free {free} MB)")


def _database_binaries() -> Iterator[Finding]:
    if os.environ.get("DATABASE_URL"):
        yield Finding("ok", "PostgreSQL", "máy chủ riêng / a server of its own (DATABASE_URL)")
        return
    try:
        it = postgres.cluster()
    except (CannotStart, OSError) as trouble:
        yield Finding("wrong", "PostgreSQL", str(trouble))
        return
    elsewhere = home() not in it.data.parents
    why = " (người dùng của CSDL không vào được thư mục nhà / its user can't enter the home)" if elsewhere else ""
    yield Finding("note" if elsewhere else "ok", "PostgreSQL", f"kèm sẵn / embedded: {it.data}{why}")


def _front_end() -> Iterator[Finding]:
    from django.conf import settings

    built = (settings.PACKAGE / "static" / "dist" / "manifest.json").exists()
    words = "đã dựng / built" if built else "chưa dựng: chạy `make install` / not built: run `make install`"
    yield Finding("ok" if built else "wrong", "giao diện / front end", words)
    compiled = any(settings.PACKAGE.rglob("*.mo"))
    words = (
        "tiếng Anh đã dịch / English is compiled" if compiled else "chỉ có tiếng Việt / only Vietnamese: make install"
    )
    yield Finding("ok" if compiled else "note", "bản dịch / translations", words)


HOLES = {
    "files": "đọc được tệp khác (hạt nhân không có Landlock) / other files can be read: the kernel has no Landlock",
    "network": "ra được mạng (không có seccomp) / the network is open to it: no seccomp",
    "processes": "chạy được chương trình khác (không có seccomp) / it can start programs: no seccomp",
}


def _decoders() -> Iterator[Finding]:
    """Whether what reads strangers' files can do nothing else (docs/adr/0023): tried, not guessed."""
    from ..decoders import connection, functions
    from ..decoders.confinement import Limits

    what = "đọc tệp người ta gửi / reading what people send"
    try:
        could = json.loads(functions.call("tongdai.platform.decoders.probe:look", b"", limits=Limits()))
    except connection.CannotRead as trouble:
        yield Finding(
            "wrong", what,
            f"không bỏ được quyền root, nên ảnh, tiếng và tệp Excel không được đọc; chạy dưới người dùng thường. / root "
            f"can't be put down, so no photo, sound or workbook is read; run as an ordinary user ({trouble})",
        )  # fmt: skip
        return
    holes = [words for name, words in HOLES.items() if could[name]]
    for words in holes:
        yield Finding("note", what, words)
    if not holes:
        yield Finding("ok", what, "tách riêng: không mạng, không tệp khác, không root / apart: no network, files, root")


def _database() -> Iterator[Finding]:
    import django
    from django.db import DatabaseError, connection

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tongdai.platform.settings")
    django.setup()
    if not os.environ.get("DATABASE_URL") and not postgres.cluster().pid:
        yield Finding("note", "cơ sở dữ liệu / database", "chưa chạy: `tongdai up` / not running: `tongdai up`")
        return
    from ..database.installation import up_to_date
    from ..database.roles import APPEND_ONLY
    from ..database.version import newer, unknown_migrations

    try:
        with connection.cursor() as cursor:
            cursor.execute("SHOW server_version")
            version = cursor.fetchone()[0]
            cursor.execute(
                "SELECT bool_or(has_table_privilege(current_user, oid, 'UPDATE')) FROM pg_class WHERE relname = ANY(%s)",
                [list(APPEND_ONLY)],
            )
            may_change = cursor.fetchone()[0]
        ready, strange = up_to_date(), unknown_migrations()
    except DatabaseError as error:
        yield Finding("wrong", "cơ sở dữ liệu / database", f"không trả lời / no answer: {str(error).splitlines()[0]}")
        return
    if strange:
        yield Finding("wrong", "cơ sở dữ liệu / database", newer(strange))
    elif not ready:
        yield Finding("wrong", "cơ sở dữ liệu / database", "cần cập nhật / needs migrating: `tongdai migrate`")
    else:
        yield Finding("ok", "cơ sở dữ liệu / database", f"PostgreSQL {version}")
    if may_change:
        yield Finding(
            "wrong", "quyền / rights", "tiến trình sửa được nhật ký: chạy `tongdai migrate` / events can be changed"
        )


def _pooler() -> Iterator[Finding]:
    """What stands between the processes and a server of the city's own."""
    if not os.environ.get("DATABASE_URL"):
        return
    from ..database import pooling

    try:
        pooling.check_processes()
    except CannotStart as trouble:
        yield Finding("wrong", "PgBouncer", str(trouble))


def _storage() -> Iterator[Finding]:
    """Where files lie: whether they can be written there, and whether it is the city's place and the city's key."""
    from django.core.files.base import ContentFile
    from django.core.files.storage import default_storage
    from django.db import DatabaseError

    from ..database import machine_identity
    from ..files import storage

    what, where = "tệp / files", storage.folder()
    if where and not where.exists():
        yield Finding("ok", what, f"{where} (sẽ có khi chạy / made at the first start)")
        return
    try:
        tried = default_storage.save("doctor-tried", ContentFile(b"tried"))
        with default_storage.open(tried) as file:
            file.read()
        default_storage.delete(tried)
        yield Finding("ok", what, storage.shown())
    except OSError as trouble:
        yield Finding("wrong", what, f"{storage.shown()}: không ghi và đọc được / can't be written and read: {trouble}")
        return
    try:
        for each in machine_identity.mismatches():
            yield Finding("wrong", {"key": "khóa / key", "storage": what}[each], machine_identity.WORDS[each])
    except DatabaseError:
        return  # said above


def _addresses() -> Iterator[Finding]:
    from django.conf import settings

    ours = addresses.url(settings.HOST, settings.PORT)
    if supervisor.answers(f"{ours}/readyz"):
        yield Finding("ok", "web", f"{settings.PUBLIC_URL} đang phục vụ / is serving")
    elif supervisor.answers(f"{ours}/healthz"):
        yield Finding(
            "wrong",
            "web",
            "đang chạy, nhưng chưa phục vụ được: xem các dòng ✗ khác / it runs, but can't serve: see the other ✗",
        )
    elif supervisor.is_taken(settings.HOST, settings.PORT):
        yield Finding("wrong", "web", f"cổng {settings.PORT} đã có chương trình khác / port taken: set TONGDAI_PORT")
    else:
        yield Finding("note", "web", f"chưa chạy / not running ({settings.PUBLIC_URL})")
    if settings.HTTPS and not settings.TRUSTED_PROXIES:
        yield Finding(
            "note",
            "TONGDAI_BEHIND_PROXY",
            "chưa kể tên proxy TLS, nên mọi người dùng chung một địa chỉ: đặt địa chỉ của nó, ví dụ 127.0.0.1 / "
            "the TLS proxy isn't named, so everyone counts as one address: set it, e.g. 127.0.0.1",
        )
    public = settings.HOST not in ("127.0.0.1", "localhost", "::1")
    if public and not settings.HTTPS:
        yield Finding(
            "note",
            "HTTPS",
            "mở ra mạng mà không có https: đặt sau proxy TLS / reachable without https: use a TLS proxy",
        )


def _rooms() -> Iterator[Finding]:
    """What the rooms above have to say (`registry.checks`)."""
    from django.db import DatabaseError

    for name, check in registry.checks.items():
        try:
            for verdict, what, words in check():
                yield Finding(verdict, what, words)
        except DatabaseError:
            yield Finding("note", name, "chưa xem được, CSDL chưa chạy / the database isn't running")
