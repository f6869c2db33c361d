"""`tongdai places …`: the city's wards and their boundaries."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import track

app = typer.Typer(no_args_is_help=True, help="The city's places.")
out = Console(highlight=False)


@app.callback()
def places() -> None:
    """The city's places."""


@app.command()
def load(
    province: Annotated[
        str, typer.Argument(help="its code, such as 31 for Hải Phòng; `tongdai places list` shows all")
    ],
) -> None:
    """Load a province's wards of today and the former units they came from; a second time adds nothing."""
    from tongdai.platform.processes.bootstrap import ready

    with ready():
        from .places.loading import load_province

        try:
            done = load_province(province)
        except KeyError:
            out.print(f"Không có tỉnh, thành nào mang mã {province}. / No province has the code {province}.")
            raise typer.Exit(2) from None
    out.print(f"{done.added} mới / new, {done.changed} đổi / changed, {done.unchanged} giữ nguyên / unchanged")


@app.command("list")
def list_provinces() -> None:
    """The 34 provinces and cities with their codes."""
    from tongdai.platform.processes.bootstrap import ready

    with ready():
        from .places.gazetteer import provinces

        for code, name in provinces().items():
            out.print(f"{code}  {name}")


@app.command()
def boundaries(
    file: Annotated[Path, typer.Argument(help="GeoJSON with a code and a polygon for each ward", exists=True)],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="say what would change, write nothing")] = False,
) -> None:
    """Give the wards their boundaries: a point then finds its ward exactly. All of the file or nothing."""
    from tongdai.platform.processes.bootstrap import ready

    def progress(rows: Iterable[dict[str, Any]], total: int) -> Iterable[dict[str, Any]]:
        return track(rows, total=total, description="ranh giới / boundaries", console=out)

    with ready():
        from .places import boundaries as shapes

        try:
            done = shapes.load(file, dry_run=dry_run, progress=progress)
        except shapes.NotGeoJson as wrong:
            out.print(str(wrong))
            raise typer.Exit(2) from None
    for problem in done.problems:
        out.print(f"[red]{problem}[/red]")
    out.print(f"{done.added} mới / new, {done.changed} đổi / changed, {done.unchanged} giữ nguyên / unchanged")
    if done.problems:
        out.print("Chưa ghi gì: sửa các chỗ trên rồi chạy lại. / Nothing was written: mend these and run it again.")
        raise typer.Exit(1)
