"""`tongdai knowledge …`: procedures in, what is in doubt, and a question asked from the command line."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import track

app = typer.Typer(no_args_is_help=True, help="Procedures, questions and answers, look-up tables.")
out = Console(highlight=False)
MOST_SHOWN = 40


@app.callback()
def knowledge() -> None:
    """Procedures, questions and answers, look-up tables."""


@app.command()
def start() -> None:
    """Everyday procedures and the words people use: what a new city begins with. Run again, it adds what is missing."""
    from tongdai.platform.processes.bootstrap import ready

    with ready():
        from tongdai.platform.clock import now, today

        from .importing import seed

        done = seed.start(at=now(), today=today())
    out.print(
        f"{len(done.added)} mới / new, {len(done.changed)} đổi / changed, {done.unchanged} giữ nguyên / unchanged"
    )


@app.command("import")
def import_procedures(
    file: Annotated[Path, typer.Argument(help="JSON lines (the portal's or ours; .gz too), CSV or XLSX", exists=True)],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="say what would change, write nothing")] = False,
    whole: Annotated[
        bool, typer.Option("--whole", help="the file is all there is: what it lacks has been repealed")
    ] = False,
) -> None:
    """Take procedures in, and say what is new, what differs, what was repealed, and what an editor must settle."""
    from tongdai.platform.processes.bootstrap import ready

    def progress(records: Iterable[Any]) -> Iterable[Any]:
        return track(records, description="thủ tục / procedures", console=out)

    with ready():
        from tongdai.platform.clock import now, today

        from .importing import seed
        from .importing.procedures import imports
        from .importing.sheets import NotATable

        try:
            done = imports.load(file, at=now(), today=today(), dry_run=dry_run, whole=whole, progress=progress)
        except NotATable as wrong:
            out.print(f"[red]{wrong}[/red]")
            raise typer.Exit(2) from None
        if not dry_run:
            seed.words()
            seed.aliases(done.added)
    for code, fields in list(done.changed.items())[:MOST_SHOWN]:
        out.print(f"  {code}: {', '.join(fields)}")
    for code, fields in list(done.to_review.items())[:MOST_SHOWN]:
        out.print(f"  {code}: {', '.join(fields)}: lời chính thức đã đổi, xem lại lời thường / law changed, look again")
    for code in done.repealed[:MOST_SHOWN]:
        out.print(f"  {code}: bãi bỏ / repealed")
    for problem in done.problems[:MOST_SHOWN]:
        out.print(f"[red]{problem}[/red]")
    out.print(
        f"{len(done.added)} mới / new, {len(done.changed)} đổi / changed, {done.unchanged} giữ nguyên / unchanged, "
        f"{len(done.repealed)} bãi bỏ / repealed, {len(done.troubled)} cần biên tập viên xem / for an editor"
    )
    if done.standing:
        out.print(
            f"{done.texts_standing} phần giữ lời thường / plain texts stand ({len(done.standing)} thủ tục / procedures), "
            f"{done.texts_to_review} cần xem lại / to be looked at ({len(done.to_review)})"
        )
    if dry_run:
        out.print("Chạy thử: chưa ghi gì. / Dry run: nothing was written.")
    if done.problems:
        raise typer.Exit(1)


@app.command()
def english(
    file: Annotated[
        Path | None, typer.Argument(help="a Vietnamese line, its English beneath it after `= `", exists=True)
    ] = None,
    missing: Annotated[bool, typer.Option("--missing", help="print the lines that have no English")] = False,
) -> None:
    """What answers say in English: what lacks it, and what the city has written."""
    from tongdai.platform.processes.bootstrap import ready

    with ready():
        from tongdai.platform.clock import today

        from .importing import english as importing

        if missing or file is None:
            for line in importing.missing(today()):
                print(line)
            return
        taken, problems = importing.write(file.read_text(encoding="utf-8").splitlines())
    for problem in problems[:MOST_SHOWN]:
        out.print(f"[red]{problem}[/red]")
    out.print(f"{taken} câu / texts")
    if problems:
        raise typer.Exit(1)


@app.command()
def troubles() -> None:
    """The procedures of which a part could not be read with certainty, and which part."""
    from tongdai.platform.processes.bootstrap import ready

    with ready():
        from .models import Procedure

        for each in Procedure.objects.exclude(troubles=[]).order_by("code"):
            parts = ", ".join(sorted({trouble["at"] for trouble in each.troubles}))
            out.print(f"{each.code}  {parts}  {each.name[:80]}")


@app.command()
def find(words: Annotated[list[str], typer.Argument(help="a question, as people type it")]) -> None:
    """Ask as a citizen would: what is understood, and the answers."""
    from tongdai.platform.processes.bootstrap import ready

    with ready():
        from .ask import ask

        reply = ask(" ".join(words))
        out.print(
            f"hiểu là / understood: {reply.search.understood}; phần / part: {reply.part or '–'}; {reply.certainty}"
        )
        for found in reply.answers:
            out.print(f"  {found.hit.score:5.1f}  {found.key}  {found.answer.title[:100]}")


@app.command()
def export(
    what: Annotated[str, typer.Argument(help="procedures, articles or aliases")],
    file: Annotated[Path, typer.Argument(help="JSON lines, written anew")],
) -> None:
    """Everything of a kind, as this command line takes it in again."""
    from tongdai.platform.processes.bootstrap import ready

    with ready():
        from .importing import exports
        from .models import Article, Procedure

        if what not in exports.KINDS:
            out.print(f"{what}? Chọn / choose: {', '.join(exports.KINDS)}")
            raise typer.Exit(2)
        lines = list(exports.lines(what, of=Procedure.objects.all(), articles_of=Article.objects.all()))
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    out.print(f"{len(lines)} dòng / lines")


@app.command()
def articles(
    file: Annotated[Path, typer.Argument(help="JSON lines with key, question, answer …", exists=True)],
) -> None:
    """Take questions and answers in; those whose key is here already stay as they are."""
    from tongdai.platform.processes.bootstrap import ready

    with ready():
        from tongdai.platform.clock import now

        from .importing import articles as ours

        try:
            added = ours.load(file.read_text(encoding="utf-8").splitlines(), at=now())
        except (ValueError, KeyError):
            out.print("[red]Không phải JSON theo dòng có key. / No JSON lines with a key.[/red]")
            raise typer.Exit(2) from None
    out.print(f"{added} mới / new")
