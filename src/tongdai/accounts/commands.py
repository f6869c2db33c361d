"""`tongdai import …` and `tongdai export …`: a city's agencies, topics, places, calendar and staff, as CSV."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

from tongdai.directory.outcome import Outcome

app = typer.Typer(no_args_is_help=True)
bring_in = typer.Typer(no_args_is_help=True, help="A city's agencies, topics, places, calendar and staff, from CSV.")
app.add_typer(bring_in, name="import")
admin = typer.Typer(no_args_is_help=True, help="Administrators, for whoever has the machine.")
app.add_typer(admin, name="admin")
out = Console(highlight=False)
File = Annotated[Path, typer.Argument(help="a CSV file, UTF-8, commas or semicolons", exists=True, dir_okay=False)]
DryRun = Annotated[bool, typer.Option("--dry-run", help="say what would change, write nothing")]


@bring_in.command()
def agencies(file: File, dry_run: DryRun = False) -> None:
    """code, name, kind, parent, places (codes parted by |), phone, valid_from, valid_to."""
    _load("agencies", file, dry_run)


@bring_in.command()
def topics(file: File, dry_run: DryRun = False) -> None:
    """code, name, limit_hours (working), wait_days, agency, by_place, urgent, confidential, proof_required, hides_sender …"""
    _load("topics", file, dry_run)


@bring_in.command()
def places(file: File, dry_run: DryRun = False) -> None:
    """code, name, level, full_name, parent, successors (parted by |), latitude, longitude, area_km2, valid_from …"""
    _load("places", file, dry_run)


@bring_in.command()
def calendar(file: File, dry_run: DryRun = False) -> None:
    """day, name, working: what differs from the law's own holidays."""
    _load("calendar", file, dry_run)


@bring_in.command()
def hours(file: File, dry_run: DryRun = False) -> None:
    """weekday (2 to 7, CN), hours (7:30-11:30, 13:00-17:00; empty: a day off)."""
    from tongdai.platform.processes.bootstrap import ready

    with ready():
        from tongdai.directory.calendar.hours import load_hours
        from tongdai.directory.imports import NotThisTable
        from tongdai.platform.clock import now

        try:
            outcome = load_hours(file, at=now(), dry_run=dry_run)
        except NotThisTable as wrong:
            _stop(str(wrong))
        _print_outcome(outcome, dry_run)


@bring_in.command()
def staff(file: File, dry_run: DryRun = False) -> None:
    """username, full_name, role, agency (code), phone, email; prints a one-time link for each new colleague."""
    from tongdai.platform.processes.bootstrap import ready

    with ready():
        from tongdai.directory.imports import NotThisTable
        from tongdai.platform.clock import now

        from .imports import load_staff
        from .invitations import link

        try:
            outcome, tokens = load_staff(file, at=now(), dry_run=dry_run)
        except NotThisTable as wrong:
            _stop(str(wrong))
        _print_outcome(outcome, dry_run)
        for username, token in tokens.items():
            out.print(f"{username}: {link(token)}", soft_wrap=True)


@admin.callback()
def administrators() -> None:
    """A group of its own, however few its commands."""


@admin.command()
def invite(
    username: Annotated[str, typer.Argument(help="who is to set a new password; without, a new administrator")] = "",
) -> None:
    """Print a one-time link, good for three days: it makes an administrator, or lets this person set a password."""
    from tongdai.platform.processes.bootstrap import ready

    with ready():
        from tongdai.platform.clock import now

        from . import invitations
        from .models import User

        if not username:
            token = invitations.issue(None, expires_at=now() + invitations.GOOD_FOR)
        elif person := User.objects.filter(username=username, is_active=True).first():
            token = invitations.invite(person, at=now())
        else:
            _stop(f"Không có ai đang làm việc với tên đăng nhập “{username}”. / Nobody at work has this user name.")
    out.print("Dùng một lần, trong ba ngày. / Good once, for three days:")
    out.print(f"  {invitations.link(token)}", soft_wrap=True)


@app.command()
def export(
    kind: Annotated[str, typer.Argument(help="agencies, topics, places, calendar, hours or staff")],
    file: Annotated[Path | None, typer.Argument(help="where to; without, it is printed")] = None,
) -> None:
    """A table of the city as CSV, in the columns `tongdai import` reads."""
    from tongdai.platform.processes.bootstrap import ready

    with ready():
        from tongdai.directory import exports
        from tongdai.directory.calendar.hours import hours_table

        from .imports import staff_table

        own = {"staff": staff_table, "hours": hours_table}
        try:
            text = own[kind]() if kind in own else exports.table(kind)
        except KeyError:
            _stop(
                f"Không có bảng “{kind}”: agencies, topics, places, calendar, hours, staff. / There is no table “{kind}”."
            )
    if file:
        file.write_text(text, encoding="utf-8")
    else:
        typer.echo(text, nl=False)


def _load(kind: str, file: Path, dry_run: bool) -> None:
    from tongdai.platform.processes.bootstrap import ready

    with ready():
        from tongdai.directory import imports

        try:
            outcome = imports.load(kind, file, dry_run=dry_run)
        except imports.NotThisTable as wrong:
            _stop(str(wrong))
        _print_outcome(outcome, dry_run)


def _print_outcome(outcome: Outcome, dry_run: bool) -> None:
    """What changed (or would), line by line; what is wrong stops it all."""
    for line in outcome.added:
        out.print(f"[green]+[/green] {escape(line)}")
    for line in outcome.changed:
        out.print(f"[yellow]~[/yellow] {escape(line)}")
    for line in outcome.problems:
        out.print(f"[red]✗ {escape(line)}[/red]")
    counts = (
        f"{len(outcome.added)} mới / new, {len(outcome.changed)} đổi / changed, {outcome.unchanged} như cũ / unchanged"
    )
    out.print(counts)
    if outcome.problems:
        _stop("Chưa ghi gì: sửa các dòng trên rồi chạy lại. / Nothing was written: mend these lines and run it again.")
    if dry_run:
        out.print("Chạy thử: chưa ghi gì. / Dry run: nothing was written.")


def _stop(sentence: str) -> None:
    out.print(f"[red]{escape(sentence)}[/red]")
    raise typer.Exit(1)
