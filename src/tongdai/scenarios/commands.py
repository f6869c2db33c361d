"""`tongdai scenario …`: stories to try the product with, in databases marked demo."""

from __future__ import annotations

import time
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

app = typer.Typer(no_args_is_help=True, help="Play a story in a database marked demo.")
out = Console(highlight=False)


@app.callback()
def scenario() -> None:
    """Stories to try the product with."""


@app.command("covid-trial")
def covid_trial(
    fast: Annotated[
        bool, typer.Option("--fast", help="load it by the actions, the clock turned (the default)")
    ] = False,
    through_channels: Annotated[
        int, typer.Option("--through-channels", help="send so many through SMPP and HTTP, in a fresh database")
    ] = 0,
    seed: Annotated[int, typer.Option(help="another seed is another trial with the same four facts")] = 2022,
) -> None:
    """The COVID-19 trial of Hải Phòng, 21.1–31.3.2022."""
    if through_channels:
        from .covid_trial import fresh_home

        fresh_home.play(through_channels, seed=seed)
    else:
        from tongdai.platform.processes.bootstrap import ready

        with ready(as_owner=True):
            from tongdai.platform.database.installation import install

            if not install(demo=True).demo:
                out.print("Đây là cơ sở dữ liệu của một thành phố thật. / This is a real city's database, not a demo.")
                raise typer.Exit(1)
            load_trial(seed=seed)


def load_trial(*, seed: int = 2022) -> None:
    """Build the city and play the trial, with a bar; nothing where it is there already."""
    from django.db import connection

    from .covid_trial import city, play, stream

    if play.is_played():
        out.print("Đợt thí điểm đã có sẵn. / The trial is here already.")
        return
    started = time.monotonic()
    built = city.build()
    submissions = stream.stream(seed=seed, wards=built.wards)
    with _bar() as bar:
        step = bar.add_task("thí điểm / trial", total=len(submissions) * 6)
        play.play(submissions, city=built, seed=seed, progress=lambda done: bar.update(step, completed=done))
        bar.update(step, completed=len(submissions) * 6)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    out.print(f"{len(submissions)} phiếu / cases, {time.monotonic() - started:.0f} s")


def _bar() -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f}%"),
        TimeElapsedColumn(),
        console=out,
    )
