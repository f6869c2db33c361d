"""`tongdai cases …`: the lifecycle of a case, printed."""

from __future__ import annotations

import os

import typer
from rich.console import Console
from rich.table import Table

app = typer.Typer(no_args_is_help=True, help="Cases and what may be done with them.")


@app.callback()
def cases() -> None:
    """Cases and what may be done with them."""


@app.command()
def lifecycle() -> None:
    """Print who may do what with a case, in which state and where it leads; needs no database."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tongdai.platform.settings")
    import django

    django.setup()
    from .lifecycle import as_table

    table = Table("action", "from", "to", "who may", "citizen told")
    for row in as_table():
        table.add_row(*row)
    Console(highlight=False, width=None if os.isatty(1) else 200).print(table)
