"""`tongdai exchange …`: bring Asterisk in, write its configuration."""

from __future__ import annotations

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
def configure() -> None:
    """Write the configuration anew from the database, and let a running Asterisk read it."""
    from tongdai.platform.ground import ready

    with ready():
        from .exchange import configuration
        from .exchange.home import exchange

        it = exchange()
        configuration.configure(it)
        out.print(it.ask("core reload").strip() or f"{it.etc}")
