"""`tongdai backup`: save (`tongdai backup FILE`), prove (`verify`), make a pair of keys (`key`)."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from typer.core import TyperGroup

from .sealing import Keys, Seal, new_identity, read_passphrase
from .trouble import disk_in_words

out = Console(highlight=False, soft_wrap=True)
aside = Console(highlight=False, soft_wrap=True, stderr=True)
Identity = Annotated[Path | None, typer.Option(help="the identity file that opens it (age)")]
PassphraseFile = Annotated[Path | None, typer.Option(help="a file whose first line is the passphrase")]


class SavesByDefault(TyperGroup):
    """`tongdai backup FILE` is `tongdai backup save FILE`."""

    def parse_args(self, ctx: typer.Context, args: list[str]) -> list[str]:  # type: ignore[override]
        if args and args[0] not in self.commands and args[0] != "--help":
            args.insert(0, "save")
        return super().parse_args(ctx, args)


app = typer.Typer(cls=SavesByDefault, no_args_is_help=True, help="Save the city, and prove what was saved.")


@app.command()
def save(
    file: Annotated[Path, typer.Argument(help="where to write it (.tar.age, .zip with a passphrase)")],
    recipient: Annotated[
        list[str] | None, typer.Option(help="age1…: who may open it, besides TONGDAI_BACKUP_RECIPIENTS")
    ] = None,
    passphrase_file: PassphraseFile = None,
    plain: Annotated[bool, typer.Option("--plain", help="not encrypted: whoever has the file has the city")] = False,
    proven: Annotated[bool, typer.Option("--prove", help="restore it into a scratch database first")] = False,
) -> None:
    """Save the database, the files and the key of the city's links into one file, while the house runs."""
    from ..processes.bootstrap import ready

    with ready(as_owner=True):
        from . import saving, schedule

        seal = schedule.configured_seal()
        if recipient or passphrase_file:
            words = read_passphrase(passphrase_file) if passphrase_file else seal.passphrase
            seal = Seal((*seal.recipients, *(recipient or [])), words)
        if plain:
            seal = Seal()
        elif seal.is_plain:
            raise typer.BadParameter(
                "bản lưu chứa dữ liệu cá nhân: đặt khóa (--recipient, TONGDAI_BACKUP_RECIPIENTS, --passphrase-file), hoặc --plain "
                "/ a backup holds personal data: give a key, or say --plain"
            )
        done = saving.save(file.absolute(), seal, proven=proven, step=print_step)
    out.print(f"Đã lưu / Saved: {file} ({done.size // 1024} KB)")


@app.command()
def verify(
    file: Annotated[Path, typer.Argument(help="what `backup` wrote")],
    identity: Identity = None,
    passphrase_file: PassphraseFile = None,
) -> None:
    """Open a backup, prove every file in it, restore its database into a scratch one and count. Touches no city."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tongdai.platform.settings")
    import django

    django.setup()
    from . import verifying

    found = verifying.verify(file, Keys(identity=identity, passphrase_file=passphrase_file), step=print_step)
    _note(file)
    out.print(
        f"Bản lưu tốt / A good backup: {found.made_at}, {sum(found.tables.values())} dòng / rows, "
        f"{len(found.digests)} tệp / files, bản / edition {found.edition}"
    )


@app.command()
def key(
    file: Annotated[Path, typer.Argument(help="where to write the identity; then keep it away from this machine")],
) -> None:
    """Make a pair of keys: an identity, which opens backups, and its recipient, which may be known."""
    identity, recipient = new_identity()
    with disk_in_words(file), os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as target:
        target.write(identity)
    typer.echo(f"TONGDAI_BACKUP_RECIPIENTS={recipient}")
    aside.print(
        f"Cất {file} ở nơi khác máy này (hai bản). Mất nó là không mở được bản lưu nào. / Keep {file} away from this machine, "
        "twice. Without it no backup opens."
    )


def print_step(what: str, _steps: int) -> None:
    """What is being done now."""
    aside.print(f"… {what}")


def _note(file: Path) -> None:
    """The row of this backup says that it was proven, where its city is up and this is its machine."""
    import contextlib
    from datetime import UTC, datetime

    from django.db import Error

    from ..models import Backup

    with contextlib.suppress(Error):
        Backup.objects.filter(file=str(file.absolute())).update(verified_at=datetime.now(UTC))
