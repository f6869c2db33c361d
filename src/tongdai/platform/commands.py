"""The commands of the ground: start, look after, save and restore the house."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from . import house

app = typer.Typer()
run = typer.Typer(no_args_is_help=True, help="Run one process of the house by itself.")
app.add_typer(run, name="run")


@app.command()
def up() -> None:
    """Start the whole house: the database, web, live, worker and, where an SMSC is set, sms. Ctrl-C stops it."""
    from tongdai.platform import opening

    opening.open_house()


@app.command()
def migrate() -> None:
    """Make or update the database (`up` does it by itself)."""
    from .ground import ready

    with ready(as_owner=True):
        from .installation import install

        install()


@run.command()
def web() -> None:
    """HTTP: the portal and the desk."""
    _django()
    from django.conf import settings

    house.run_web(host=settings.HOST, port=settings.PORT)


@run.command()
def live() -> None:
    """Server-sent events: what changed, for open pages."""
    _django()
    from django.conf import settings

    house.run_live(host=settings.HOST, port=settings.LIVE_PORT)


@run.command()
def worker() -> None:
    """The jobs that follow what happened."""
    _django()
    from . import worker as work

    work.main()


@run.command()
def sms() -> None:
    """The wire to the SMSC."""
    _django()
    from django.utils.module_loading import import_string

    import_string("tongdai.channels.sms.smsc.main")()


@run.command()
def exchange() -> None:
    """Asterisk, in the foreground."""
    _django()
    from django.utils.module_loading import import_string

    import_string("tongdai.channels.voice.exchange.running.main")()


@run.command()
def voice() -> None:
    """Who answers, rings and connects the calls."""
    _django()
    from django.utils.module_loading import import_string

    import_string("tongdai.channels.voice.switchboard.main")()


@run.command()
def archive() -> None:
    """Who puts into storage what the exchange has recorded, and takes in what it noted alone."""
    _django()
    from django.utils.module_loading import import_string

    import_string("tongdai.channels.voice.archive.main")()


@app.command()
def doctor() -> None:
    """Say in plain words what is missing or wrong. Exits with 1 if something keeps the house from running."""
    from . import doctor as looks

    raise typer.Exit(looks.main())


@app.command()
def backup(file: Annotated[Path, typer.Argument(help="where to write it (.tar)")]) -> None:
    """Save the database and the files into one file, while the house runs."""
    from . import backups

    backups.save(file)


@app.command()
def restore(file: Annotated[Path, typer.Argument(help="what `backup` wrote")]) -> None:
    """Bring a saved city back into an empty home."""
    from . import backups

    backups.bring_back(file)


def _django() -> None:
    """Set Django up in this process; the database is somebody else's to run."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tongdai.platform.settings")
    import django

    from . import logs

    logs.set_up()
    django.setup()
