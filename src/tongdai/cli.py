"""The command line, `tongdai`: one command a line of docs/run.md. A room's own commands stand in its `commands.py`."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import Annotated, Any

import typer

from tongdai.accounts import commands as accounts
from tongdai.cases import commands as cases
from tongdai.cases.triage import commands as triage
from tongdai.channels.sms import commands as _sms  # noqa: F401  `tongdai run sms`
from tongdai.channels.voice import commands as voice
from tongdai.channels.voice.recordings import commands as recordings
from tongdai.directory import commands as directory
from tongdai.knowledge import commands as knowledge
from tongdai.language import translations
from tongdai.platform import commands as platform
from tongdai.platform.errors import CannotStart, SettingRefused
from tongdai.platform.processes import bootstrap
from tongdai.reports import commands as reports
from tongdai.scenarios import commands as scenarios

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)

# whose commands they are, and the name they stand under ("": at the top); the rooms' processes stand under `run`
ROOMS = (
    (platform, ""),
    (translations, "translations"),
    (directory, "places"),
    (accounts, ""),
    (knowledge, "knowledge"),
    (cases, "cases"),
    (triage, "triage"),
    (voice, "exchange"),
    (recordings, "recordings"),
    (scenarios, "scenario"),
    (reports, "report"),
)


def _print_version(wanted: bool) -> None:
    if wanted:
        from tongdai.platform.database.version import product_version

        typer.echo(f"tongdai {product_version()}")
        raise typer.Exit


Version = Annotated[
    bool, typer.Option("--version", callback=_print_version, is_eager=True, help="which version this is")
]


@app.callback()
def tongdai(version: Version = False) -> None:
    """Tổng đài 1022."""


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def django(context: typer.Context) -> None:
    """Django's own commands, for developers, with the embedded database running."""
    from django.core.management import execute_from_command_line

    from tongdai.platform.processes.bootstrap import ready

    with ready(as_owner=True):
        execute_from_command_line(["tongdai django", *context.args])


@app.command()
def demo() -> None:
    """A filled demo city with its own message centre, on DEMO_PORT (8022) of DEMO_HOST (127.0.0.1)."""
    from tongdai.scenarios import demo as story

    story.run()


def main() -> None:
    """Mount every room's commands and run the one that was asked for."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tongdai.platform.settings")
    for room, name in ROOMS:
        if name:
            app.add_typer(room.app, name=name)
        else:
            app.registered_commands += room.app.registered_commands
            app.registered_groups += room.app.registered_groups
    bootstrap.running[:] = called(typer.main.get_command(app), sys.argv[1:])
    try:
        app()
    except CannotStart as trouble:
        typer.echo(str(trouble), err=True)
        raise SystemExit(1) from None
    except SettingRefused as refused:
        typer.secho(str(refused), fg="red", err=True)
        raise SystemExit(2) from None


def called(command: Any, arguments: Sequence[str]) -> list[str]:
    """The names of the command that is called, without its arguments: `["import", "staff"]`, `["django", "migrate"]`."""
    names: list[str] = []
    for each in arguments:
        if each not in getattr(command, "commands", {}):
            return names + [each] * (names == ["django"])
        names.append(each)
        command = command.commands[each]
    return names
