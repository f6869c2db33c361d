"""Procedures from a file: first what would change, then all of the file or nothing. The same file again changes nothing.

What an editor wrote by hand is replaced only where the source itself has changed since, and the outcome says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from ...answers import revision
from ...answers.versions import keep
from ...models import Procedure, State
from ..sheets import NotATable
from .files import records_of
from .record import Record
from .twins import pair_up

Progress = Callable[[Iterable[Any]], Iterable[Any]]
IMPORTED = ("name", "summary", "field", "levels", "audience", "agency", "place", "requirements", "steps", "papers", "ways",
        "result", "legal_basis", "decision", "source", "troubles")  # fmt: skip


NEVER_BLANKED = frozenset({"summary", "place"})  # the portal has none, or few: what an editor wrote there stays


@dataclass
class Outcome:
    """What a file does, or would do. `changed`: code → the fields that differ; `repealed`: codes the file no longer has;

    `troubled`: code → the parts an editor must settle; `by_hand`: changed ones that an editor had written to;
    `names`: code → what each of all these is called; `there`: how many imported ones held before.
    """

    added: list[str] = field(default_factory=list)
    changed: dict[str, list[str]] = field(default_factory=dict)
    unchanged: int = 0
    repealed: list[str] = field(default_factory=list)
    troubled: dict[str, list[str]] = field(default_factory=dict)
    by_hand: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)
    there: int = 0

    @property
    def changes_something(self) -> bool:
        return bool(self.added or self.changed or self.repealed)

    @property
    def must_be_confirmed(self) -> bool:
        """Whether it repeals so much that it may be the wrong file: more than a third, or beside lines nobody could read."""
        return len(self.repealed) * 3 > self.there or bool(self.repealed and self.problems)


def load(
    path: Path, *, at: datetime, today: date, dry_run: bool = False, whole: bool = False, progress: Progress = iter
) -> Outcome:
    """Take the file in. `whole`: it is all there is, so a published procedure that it lacks has been repealed.

    Lines that can't be read are named in `problems`; the others are taken all the same.

    Raises:
        NotATable: it is no such file, or one that is all there is holds nothing; the message is for the person.
    """
    outcome = Outcome()
    with transaction.atomic():
        known = {each.code: each for each in Procedure.objects.select_for_update(of=("self",))}
        outcome.there = sum(1 for each in known.values() if each.valid_to is None and each.digest)
        seen: set[str] = set()
        for number, record in progress(records_of(path, today=today)):
            if isinstance(record, str):
                outcome.problems.append(_("Dòng {number}: {why}").format(number=number, why=record))
            elif record.code in seen:
                outcome.problems.append(
                    _("Dòng {number}: mã {code} đã có ở trên").format(number=number, code=record.code)
                )
            else:
                seen.add(record.code)
                _take(record, known.get(record.code), outcome, at=at)
        if whole and not seen:
            raise NotATable(_("Tệp không có thủ tục nào đọc được, nên không thể là toàn bộ."))
        if whole:
            _repeal(known, seen, outcome, at=at, last_day=today - timedelta(days=1))
        if outcome.changes_something:
            pair = pair_up(Procedure.objects.on(today).exclude(state=State.WITHDRAWN).defer("steps", "papers"))
            Procedure.objects.bulk_update(pair, ["twin_of"], batch_size=500)
            revision.advance()
        if dry_run:
            transaction.set_rollback(True)
    return outcome


def _take(record: Record, row: Procedure | None, outcome: Outcome, *, at: datetime) -> None:
    if record.troubles:
        outcome.troubled[record.code] = sorted({trouble.at for trouble in record.troubles})
        outcome.names[record.code] = record.name
    digest = record.digest()
    if row is not None and row.digest == digest and row.valid_to is None:
        outcome.unchanged += 1
        return
    outcome.names[record.code] = record.name
    values = {name: value for name, value in record.values().items() if name in IMPORTED}
    state = State.DRAFT if record.held_back else State.PUBLISHED
    if row is None:
        Procedure.objects.create(code=record.code, digest=digest, state=state, updated_at=at, **values)
        outcome.added.append(record.code)
        return
    values = {name: value for name, value in values.items() if value or name not in NEVER_BLANKED}
    differs = [name for name, value in values.items() if getattr(row, name) != value]
    if row.valid_to is not None:
        differs.append("valid_to")  # it had been repealed and is back
    if not row.digest.startswith(digest) and row.version > 1:
        outcome.by_hand.append(record.code)
    keep(row, by=None, at=at)
    for name, value in values.items():
        setattr(row, name, value)
    row.digest, row.valid_to, row.updated_at = digest, None, at
    row.version += 1
    if row.state == State.PUBLISHED and record.held_back:
        row.state = State.DRAFT
    row.save()
    outcome.changed[record.code] = differs


def _repeal(known: dict[str, Procedure], seen: set[str], outcome: Outcome, *, at: datetime, last_day: date) -> None:
    """What the source no longer lists held until yesterday; it stays for those who look at the past."""
    for code, row in known.items():
        if code not in seen and row.valid_to is None and row.digest:
            keep(row, by=None, at=at)
            row.valid_to, row.updated_at = last_day, at
            row.version += 1
            row.save(update_fields=["valid_to", "updated_at", "version"])
            outcome.repealed.append(code)
            outcome.names[code] = row.name
