"""`tongdai exchange …`: bring Asterisk in, write its configuration; `tongdai run …`: the processes of the telephone."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from tongdai.platform.commands import run
from tongdai.platform.processes import bootstrap, heartbeat

app = typer.Typer(no_args_is_help=True, help="The telephone exchange (Asterisk 22).")
prompts = typer.Typer(
    no_args_is_help=True, help="The fixed texts that callers hear, and a person's recordings of them."
)
app.add_typer(prompts, name="prompts")
out = Console(highlight=False)


@run.command()
def exchange() -> None:
    """Asterisk, in the foreground."""
    bootstrap.set_up()
    from . import run_asterisk

    run_asterisk.main()


@run.command()
def voice() -> None:
    """Who answers, rings and connects the calls."""
    bootstrap.set_up(directly=True)
    heartbeat.beat_by_thread()
    from . import switchboard

    switchboard.main()


@run.command()
def archive() -> None:
    """Who puts into storage what the exchange has recorded, and takes in what it noted alone."""
    bootstrap.set_up(directly=True)
    heartbeat.beat_by_thread()
    from . import archive as archiving

    archiving.main()


@app.command()
def install() -> None:
    """Fetch Asterisk into a folder of the project's own: no root, nothing of the system is touched."""
    import os

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tongdai.platform.settings")
    from .asterisk.exchange import exchange
    from .asterisk.install import CannotInstall
    from .asterisk.install import install as bring_in

    it = exchange()
    try:
        bring_in(it.tree, report=out.print)
    except CannotInstall as trouble:
        out.print(f"[red]{trouble}[/red]")
        raise typer.Exit(1) from None
    out.print(f"Asterisk: {it.tree}")


@app.command()
def trunk(
    name: str,
    host: Annotated[str, typer.Option(help="the carrier's host or host:port")],
    address: Annotated[
        list[str] | None, typer.Option(help="an address or network it calls from; again for each")
    ] = None,
    username: Annotated[str, typer.Option(help="what we register as; none: known by its addresses alone")] = "",
    digest: Annotated[
        bool, typer.Option(help="the carrier proves each call by the user name; we don't register")
    ] = False,
    codecs: str = "alaw,ulaw,opus",
    tls: Annotated[bool, typer.Option(help="SIP over TLS (TONGDAI_SIP_TLS_PORT)")] = False,
    srtp: Annotated[str, typer.Option(help="encrypted voice: none | optional | required (usual with --tls)")] = "",
    caller: Annotated[
        str, typer.Option(help="whose number it is told where we hand a citizen on: ours | asserted | from")
    ] = "ours",
    diversion: Annotated[
        str, typer.Option(help="how it is told that 1022 sends the call on: none | diversion | history-info | both")
    ] = "none",
) -> None:
    """Join a carrier's trunk, or change the one of this name; a password is asked for where there is a user name.

    Its calls are taken from the addresses named alone; none named: from where we send to.
    """
    from tongdai.platform.processes.bootstrap import ready

    with ready():
        from .trunks.joining import CannotJoin, join

        secret = typer.prompt("mật khẩu / password", hide_input=True) if username else ""
        try:
            new = join(
                name, host=host, addresses=address or (), username=username, secret=secret, digest=digest, codecs=codecs,
                tls=tls, srtp=srtp, shows=caller, diversion=diversion,
            )  # fmt: skip
        except CannotJoin as trouble:
            out.print(f"[red]{trouble}[/red]")
            raise typer.Exit(1) from None
        time.sleep(0.2)  # the word goes out from a thread of its own
    out.print("đã thêm / added" if new else "đã sửa / changed")


@app.command()
def configure() -> None:
    """Write the configuration anew from the database, and let a running Asterisk read it."""
    from tongdai.platform.processes.bootstrap import ready

    with ready():
        from .asterisk import configuration
        from .asterisk.exchange import exchange

        it = exchange()
        configuration.configure(it)
        out.print(it.ask("core reload").strip() or f"{it.etc}")


@prompts.command("list")
def list_texts(
    missing: Annotated[bool, typer.Option("--missing", help="only those that nobody has recorded")] = False,
) -> None:
    """Every fixed text: the name of its file, who says it (recorded, machine, none), the words."""
    from tongdai.platform.processes.bootstrap import ready

    with ready():
        from .menu.menu import usual_or_own
        from .speech.prompt_recordings import texts

        usual_or_own()
        for text in texts():
            if not missing or text.state == "none":
                out.print(f"{text.file_name}\t{text.state}\t{text.text}", soft_wrap=True, markup=False)


@prompts.command("take")
def take_in(
    source: Annotated[
        Path, typer.Argument(exists=True, help="a ZIP, or a folder, of files named as `list` names them")
    ],
    use: Annotated[bool, typer.Option("--use", help="callers hear them at once: you have heard each")] = False,
) -> None:
    """Keep recordings that a studio handed over; they are heard and used on the page of texts (/ban/loi-may/)."""
    from tongdai.platform.processes.bootstrap import ready

    with ready():
        from tongdai.platform.clock import now

        from .menu.menu import usual_or_own
        from .speech import prompt_recordings, studio_import

        usual_or_own()
        try:
            if source.is_dir():
                came = studio_import.take_in(studio_import.of_folder(source), by=None, at=now())
            else:
                with source.open("rb") as file:
                    came = studio_import.take_in(studio_import.of_archive(file), by=None, at=now())
        except studio_import.NoArchive as broken:
            out.print(f"[red]{source}: {broken.why}[/red]")
            raise typer.Exit(1) from None
        for each in came.refused:
            out.print(f"{each.name}\t{each.why}", markup=False)
        out.print(f"đã giữ / kept: {came.stored}")
        if use:
            out.print(f"đã dùng / used: {prompt_recordings.use_all_new(at=now())}")
            time.sleep(0.2)  # the word goes out from a thread of its own
    raise typer.Exit(1 if came.refused else 0)
