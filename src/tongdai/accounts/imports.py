"""Staff from CSV and to CSV: who they are and for whom they work.

Each new colleague gets a one-time link to set a password.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from django.db import transaction

from tongdai.directory.exports import written
from tongdai.directory.imports import (
    WrongCell,
    check_cells,
    check_room,
    chosen,
    problem_line,
    required,
    row_named,
    rows_of,
)
from tongdai.directory.models import Agency
from tongdai.directory.outcome import Outcome

from . import people
from .invitations import invite
from .models import Role, User

COLUMNS = ("username", "full_name", "role", "agency", "phone", "email")


def load_staff(path: Path, *, at: datetime, dry_run: bool = False) -> tuple[Outcome, dict[str, str]]:
    """Read the file and write it, unless it is a dry run or anything in it is wrong; (outcome, token by username).

    Raises:
        NotThisTable: not UTF-8, or a needed column is missing.
    """
    outcome: Outcome = Outcome()
    tokens: dict[str, str] = {}
    with transaction.atomic():
        for number, cells in rows_of(path, columns=COLUMNS, needed=COLUMNS[:3]):
            try:
                check_cells(cells)
                check_room(User, {name: cells.get(name, "") for name in ("username", "full_name", "phone", "email")})
                values = {
                    "full_name": required(cells, "full_name"),
                    "role": chosen(cells, "role", Role.values),
                    "agency": row_named(Agency, cells, "agency"),
                    "phone": cells.get("phone", ""),
                }
                username = required(cells, "username")
                if "email" in cells:  # not in a table from before there was this column
                    values["email"] = _email(cells["email"], username)
                try:
                    _take(username, values, outcome, tokens, at=at)
                except people.PeopleRefused as refused:
                    raise WrongCell("role", str(refused)) from refused
            except WrongCell as wrong:
                outcome.problems.append(problem_line(number, wrong))
        if dry_run or outcome.problems:
            transaction.set_rollback(True)
            tokens.clear()
    return outcome, tokens


def staff_table() -> str:
    """All who work here, in the columns `load_staff` reads; no password nor link is in it."""
    return written(COLUMNS, User.objects.select_related("agency").order_by("username"))


def _take(username: str, values: dict[str, object], outcome: Outcome, tokens: dict[str, str], *, at: datetime) -> None:
    user = User.objects.filter(username=username).first()
    if user is None:
        user = people.add(username=username, **values)  # type: ignore[arg-type]
        tokens[username] = invite(user, at=at)
        outcome.added.append(f"{username}: {user.full_name}")
        return
    differs = people.change(user, **values)
    if differs:
        outcome.changed.append(f"{username}: {values['full_name']} ({', '.join(differs)})")
    else:
        outcome.unchanged += 1


def _email(text: str, username: str) -> str:
    """Nobody else's address, in small letters; empty where there is none."""
    try:
        return people.check_email(text, username=username)
    except people.PeopleRefused as refused:
        raise WrongCell("email", str(refused)) from refused
