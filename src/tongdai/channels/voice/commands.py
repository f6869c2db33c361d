"""`tongdai exchange …`: bring Asterisk in, write its configuration."""

from __future__ import annotations

import time
from typing import Annotated

import typer
from rich.console import Console

app = typer.Typer(no_args_is_help=True, help="The telephone exchange (Asterisk 22).")
out = Console(highlight=False)


@app.command()
def install() -> None:
    """Fetch Asterisk into a folder of the project's own: no root, nothing of the system is touched."""
    import os

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tongdai.platform.settings")
    from .exchange.home import exchange
    from .exchange.install import CannotInstall
    from .exchange.install import install as bring_in

    it = exchange()
    try:
        bring_in(it.tree, say=out.print)
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
) -> None:
    """Join a carrier's trunk, or change the one of this name; a password is asked for where there is a user name.

    Its calls are taken from the addresses named alone; none named: from where we send to.
    """
    from tongdai.platform.ground import ready

    with ready():
        from .trunks import CannotJoin, join

        secret = typer.prompt("mật khẩu / password", hide_input=True) if username else ""
        try:
            new = join(
                name, host=host, addresses=address or (), username=username, secret=secret, digest=digest, codecs=codecs
            )
        except CannotJoin as trouble:
            out.print(f"[red]{trouble}[/red]")
            raise typer.Exit(1) from None
        time.sleep(0.2)  # the word goes out from a thread of its own
    out.print("đã thêm / added" if new else "đã sửa / changed")


@app.command()
def configure() -> None:
    """Write the configuration anew from the database, and let a running Asterisk read it."""
    from tongdai.platform.ground import ready

    with ready():
        from .exchange import configuration
        from .exchange.home import exchange

        it = exchange()
        configuration.configure(it)
        out.print(it.ask("core reload").strip() or f"{it.etc}")
