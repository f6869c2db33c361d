"""`tongdai recordings …`: the keys that what was said is encrypted with."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console

app = typer.Typer(no_args_is_help=True, help="Recordings, encrypted where they lie.")
out = Console(highlight=False, soft_wrap=True)


@app.command()
def key(
    derived: Annotated[
        bool, typer.Option("--derived", help="the one derived from TONGDAI_SECRET_KEY, before that is changed")
    ] = False,
) -> None:
    """Print a new key for TONGDAI_RECORDING_KEYS. It is kept nowhere: put it there, and into a safe."""
    import os

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tongdai.platform.settings")
    from tongdai.platform.files.encryption import new_key, written

    if not derived:
        out.print(new_key(), markup=False)
        return
    from tongdai.platform.processes.bootstrap import ready

    with ready():
        from .encrypted_files import keys

        out.print(written(keys()[-1].secret), markup=False)


@app.command()
def rotate() -> None:
    """Encrypt anew what has an older key, or none; stopped at any moment, it goes on where it was."""
    from tongdai.platform.processes.bootstrap import ready

    with ready():
        from rich.progress import Progress

        from . import rotation

        with Progress(console=out, transient=True) as progress:
            task = progress.add_task("mã hóa / encrypting", total=rotation.old().count() or 1)
            try:
                done = rotation.rotate(step=lambda: progress.advance(task))
            except OSError as away:
                out.print(f"[red]nơi giữ tệp không trả lời / the storage doesn't answer: {away}[/red]")
                raise typer.Exit(1) from None
        out.print(f"đã mã hóa bằng khóa mới nhất / encrypted with the newest key: {done.done}")
        if done.missing:
            out.print(f"[red]thiếu khóa, xem tongdai doctor / their keys are missing: {done.missing}[/red]")
        if done.unreadable:
            out.print(f"[red]không đọc được, giữ nguyên / can't be read, left as they are: {done.unreadable}[/red]")
    raise typer.Exit(1 if done.missing or done.unreadable else 0)
