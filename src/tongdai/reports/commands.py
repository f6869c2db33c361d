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
    docx_file: Annotated[Path | None, typer.Option("--docx", help="write the final report as Word")] = None,
    pdf_file: Annotated[Path | None, typer.Option("--pdf", help="write it as PDF: the same Word, printed")] = None,
    xlsx_file: Annotated[Path | None, typer.Option("--xlsx", help="write the data behind its charts as Excel")] = None,
    csv_file: Annotated[Path | None, typer.Option("--csv", help="write every figure as CSV, one a line")] = None,
    template: Annotated[
        Path | None, typer.Option("--template", help="a .docx of the city's own instead of the standard one")
    ] = None,
) -> None:
    """Write the summary of the COVID-19 trial: totals of every case, tables that add up to them."""
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

        from . import on_duty, ratings, ready_answers
        from .figures import count
        from .one_moment import at_one_moment
        from .showing import terminal

        with at_one_moment():
            counted, calls = count(period), calls_between(period.start, period.end)
            urgent, ready_made = on_duty.count(period), ready_answers.count(period)
            rated = ratings.count(period)
        if json_file:
            figures = counted.as_json() | {
                "calls": calls.as_json(),
                "ready_answers": ready_made.as_json(),
                "on_duty": urgent.as_json(),
                "ratings": rated.as_json(),
            }
            json_file.write_text(json.dumps(figures, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
        if html_file:
            html_file.write_text(_page(period), encoding="utf-8")
        files = {"docx": docx_file, "pdf": pdf_file, "xlsx": xlsx_file, "csv": csv_file}
        _documents(period, {form: file for form, file in files.items() if file}, template=template)
        terminal.show(counted, calls, urgent, rated, on=out)


@app.command("template")
def template_(file: Annotated[Path, typer.Argument(help="where to write it, e.g. mau-bao-cao.docx")]) -> None:
    """Write the final report's standard template, for the city to change in Word."""
    from .document import standard

    file.write_bytes(standard.FILE.read_bytes())
    out.print(
        f"{file}: sửa bằng Word, rồi dùng --template hay TONGDAI_REPORT_TEMPLATE. / Change it in Word, then use it."
    )


def _documents(period: Any, files: dict[str, Path], *, template: Path | None) -> None:
    """Write the final report in the forms asked for; what is wrong with a template or LibreOffice is said in words."""
    if not files:
        return
    from tongdai.platform.clock import now

    from .document import csv_lines, pdf, word, workbook
    from .document.content import gather
    from .document.word import in_use

    content = gather(period, made_at=now())
    try:
        if "docx" in files or "pdf" in files:
            written = word.make(content, template=template or in_use())
            if "docx" in files:
                files["docx"].write_bytes(written)
            if "pdf" in files:
                files["pdf"].write_bytes(pdf.make(written))
        if "xlsx" in files:
            files["xlsx"].write_bytes(workbook.make(content))
        if "csv" in files:
            files["csv"].write_bytes(csv_lines.make(content))
    except (word.BrokenTemplate, pdf.NoPdf) as wrong:
        out.print(str(wrong), markup=False)
        raise typer.Exit(1) from None


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
