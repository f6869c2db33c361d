"""The command line, `tongdai`: one command a line of docs/run.md. A room's own commands stand in its `commands.py`."""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from typing import Annotated, Any

import typer

from tongdai.platform.errors import CannotStart, SettingRefused
from tongdai.platform.processes import bootstrap

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)

# module whose `app` holds a room's commands → the name they stand under ("": at the top)
ROOMS = {
    "tongdai.platform.commands": "",
    "tongdai.language.translations": "translations",
    "tongdai.directory.commands": "places",
    "tongdai.accounts.commands": "",
    "tongdai.knowledge.commands": "knowledge",
    "tongdai.cases.commands": "cases",
    "tongdai.cases.triage.commands": "triage",
    "tongdai.channels.voice.commands": "exchange",
    "tongdai.channels.voice.recordings.commands": "recordings",
    "tongdai.scenarios.commands": "scenario",
    "tongdai.reports.commands": "report",
}


def _say_edition(wanted: bool) -> None:
    if wanted:
        from tongdai.platform.database.version import edition

        typer.echo(f"tongdai {edition()}")
        raise typer.Exit


Version = Annotated[bool, typer.Option("--version", callback=_say_edition, is_eager=True, help="which edition this is")]


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
    for module, name in ROOMS.items():
        if find_spec(module) is None:
            continue
        commands = importlib.import_module(module).app
        if name:
            app.add_typer(commands, name=name)
        else:
            app.registered_commands += commands.registered_commands
            app.registered_groups += commands.registered_groups
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
