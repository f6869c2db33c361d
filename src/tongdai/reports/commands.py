"""`tongdai report …`: the figures on paper, as data, as a page."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

app = typer.Typer(no_args_is_help=True, help="The city's figures.")
out = Console(highlight=False)


@app.callback()
def report() -> None:
    """The city's figures."""


@app.command()
def trial(
    first: Annotated[str, typer.Option("--from", help="first day, 21.1.2022 or 2022-01-21")] = "2022-01-21",
    last: Annotated[str, typer.Option("--to", help="last day")] = "2022-03-22",
    json_file: Annotated[Path | None, typer.Option("--json", help="write the figures as JSON")] = None,
    html_file: Annotated[Path | None, typer.Option("--html", help="write the sheet as one HTML file")] = None,
) -> None:
    """Write the summary of the COVID-19 trial: totals of every case, tables of those that may be listed."""
    from tongdai.platform.processes.bootstrap import ready
    from tongdai.platform.typed_input import NotADay, read_day

    from .period import Period

    try:
        period = Period(read_day(first), read_day(last))
    except NotADay:
        out.print("Ngày viết như 21.1.2022, ngày đầu trước ngày cuối. / Days as 2022-01-21, the first before the last.")
        raise typer.Exit(2) from None
    with ready():
        from tongdai.channels.voice.figures import calls_between

        from . import on_duty, ready_answers, terminal
        from .figures import count

        counted, calls = count(period), calls_between(period.start, period.end)
        if json_file:
            figures = counted.as_json() | {
                "calls": dict(zip(("offered", "answered", "abandoned"), calls, strict=True)),
                "ready_answers": ready_answers.count(period).as_json(),
                "on_duty": on_duty.count(period).as_json(),
            }
            json_file.write_text(json.dumps(figures, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
        if html_file:
            html_file.write_text(_page(period), encoding="utf-8")
        terminal.show(counted, calls, on_duty.count(period), on=out)


def _page(period: Any) -> str:
    """Return the sheet with its style inside: a file to send on."""
    from django.conf import settings
    from django.template.loader import render_to_string
    from django.utils.translation import override

    from tongdai.platform.clock import now

    from .sheet import sheet

    manifest = json.loads((settings.PACKAGE / "static" / "dist" / "manifest.json").read_text())
    style = (settings.PACKAGE / "static" / "dist" / manifest["report.css"]["file"]).read_text()
    with override("vi"):
        title = f"Tổng hợp đợt thí điểm COVID-19, {period}"
        shown = sheet(period, listed=None, printed_at=now(), title=title)
        return render_to_string("reports/alone.html", shown | {"style": style})
