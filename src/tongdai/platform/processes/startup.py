"""`tongdai up`: bring the house up, say where it is, and keep it up until told to stop."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Sequence

import typer
from rich.console import Console

from ..database import postgres
from ..errors import CannotStart
from ..home import home
from . import nursery, registry, services, supervisor
from .supervisor import Spec

out = Console(highlight=False, soft_wrap=True)  # a link is never broken in two


def start(
    *,
    demo: bool = False,
    more: Sequence[Spec] = (),
    fill: Callable[[], None] | None = None,
    greet: Callable[[], None] | None = None,
) -> None:
    """Everything, in order: alone, room on the disk, ports, database, migrations; then the processes.

    `fill` is called with the database up and migrated, before the processes start; `more` are supervised along with
    them; `greet` prints what is to be said when all are ready. Exits with 1 and a sentence when something stands in the
    way.
    """
    try:
        with services.alone():
            _bring_up(demo=demo, more=more, fill=fill, greet=greet)
    except services.AlreadyUp as holder:
        _stop(f"Nhà này đang chạy rồi (tiến trình {holder}). / This home is up already (process {holder}): {home()}")
    except CannotStart as trouble:
        _stop(str(trouble))
    except KeyboardInterrupt:
        out.print("\nĐã dừng. Lần sau tiếp tục từ đây. / Stopped. The next start goes on from here.")
        raise typer.Exit(130) from None
    except OSError as trouble:
        _stop(f"{trouble.strerror}: {trouble.filename or home()}")


def _bring_up(
    *, demo: bool, more: Sequence[Spec], fill: Callable[[], None] | None, greet: Callable[[], None] | None
) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tongdai.platform.settings")
    embedded = None if os.environ.get("DATABASE_URL") else postgres.cluster()
    server = None
    if embedded:
        postgres.make(embedded)
        server = postgres.launch(embedded)
        postgres.prepare(embedded)
    try:
        from django.conf import settings

        from .. import logs

        logs.set_up()
        for port in (settings.PORT, settings.LIVE_PORT):
            if (why := supervisor.why_not(settings.HOST, port)) is not None:
                _stop(_no_address(settings.HOST, port, why))
        from . import everything  # noqa: F401

        nursery.open_nursery_here()
        from django.db import connection

        from ..database import connection_settings, machine_identity, pooling
        from ..database.installation import install
        from .bootstrap import on_record

        connection_settings.read_again(as_owner=True)
        if os.environ.get("DATABASE_URL"):
            pooling.check_owner()
        install(demo=demo)
        machine_identity.refuse_mismatches()
        if os.environ.get("DATABASE_URL"):
            pooling.check_processes()
        with on_record():  # that it came up, and what it was filled with; not how long it stays
            if fill:
                fill()
        sentences = [sentence() for sentence in registry.notes_when_up.all()]
        connection.close()
    except BaseException:
        if server:
            postgres.stop(server)
        raise
    found = services.specs(host=settings.HOST, port=settings.PORT, live_port=settings.LIVE_PORT)
    embedded_server = [services.database(embedded, already=server)] if embedded and server else []

    def on_ready() -> None:
        out.print(f"\n[bold]Tổng đài 1022[/bold]  {settings.PUBLIC_URL}/   ·   {settings.PUBLIC_URL}/ban/")
        if embedded and home() not in embedded.data.parents:
            out.print(f"Cơ sở dữ liệu nằm ở / The database lies at {embedded.data}")
        for sentence in filter(None, sentences):
            out.print(sentence)
        if greet:
            greet()
        out.print("Ctrl-C để dừng tất cả. / Ctrl-C stops it all.\n")

    supervisor.supervise([*embedded_server, *more, *found], on_ready=on_ready)


def _no_address(host: str, port: int, why: int) -> str:
    if why == errno.EADDRINUSE:
        return (
            f"Cổng {port} đang có chương trình khác dùng. Chọn cổng khác: TONGDAI_PORT={port + 10}. / "
            f"Port {port} is taken. Choose another: TONGDAI_PORT={port + 10}."
        )
    if why == errno.EACCES:
        return (
            f"Cổng {port} chỉ root mở được. Chọn TONGDAI_PORT từ 1024 trở lên, để proxy giữ cổng 443. / "
            f"Only root may open port {port}. Choose a TONGDAI_PORT from 1024 on; a proxy holds port 443."
        )
    return (
        f"TONGDAI_HOST={host}: máy này không có địa chỉ đó. Địa chỉ có ở máy: `ip address`. / "
        f"This machine has no such address. Those it has: `ip address`."
    )


def _stop(sentence: str) -> None:
    out.print(f"[red]{sentence}[/red]")
    raise typer.Exit(1)
