"""Procedures from a file: first what would change, then all of the file or nothing. The same file again changes nothing.

What an editor wrote or the product ships is never replaced: the source's text is kept beside it (`answers/plain_text.py`),
and where that has changed, the outcome and the editors' list say what is to be looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from ...answers import revision
from ...answers.plain_text import FIELDS, SHIPPED, Writer, is_plain, plain_fields, put, take_official, to_review
from ...answers.versions import record_version
from ...models import Procedure, State
from ..sheets import NotATable
from .files import records_of
from .record import Record
from .twins import pair_up

Progress = Callable[[Iterable[Any]], Iterable[Any]]
IMPORTED = (*FIELDS, "troubles")
NEVER_BLANKED = frozenset({"summary", "place"})  # the portal has none, or few: what another file said there stays
SHIPPED_DIGEST = "shipped"  # of a row that no source has spoken of yet


@dataclass
class Outcome:
    """What a file does, or would do. `changed`: code → the fields that differ; `repealed`: codes the file no longer has;

    `beside`: code → the fields whose official text, kept beside plain text, is another than before; `standing`: code → the
    fields of which plain text is read in place of what the file says; `to_review`: code → those of them whose official text
    has changed since an editor looked; `troubled`: code → the parts an editor must settle; `names`: code → what each of
    all these is called; `there`: how many imported ones held before.
    """

    added: list[str] = field(default_factory=list)
    changed: dict[str, list[str]] = field(default_factory=dict)
    unchanged: int = 0
    repealed: list[str] = field(default_factory=list)
    troubled: dict[str, list[str]] = field(default_factory=dict)
    beside: dict[str, list[str]] = field(default_factory=dict)
    standing: dict[str, list[str]] = field(default_factory=dict)
    to_review: dict[str, list[str]] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)
    there: int = 0

    @property
    def changes_something(self) -> bool:
        return bool(self.added or self.changed or self.repealed or self.beside)

    @property
    def texts_standing(self) -> int:
        """How many plain texts are read in place of what the file says."""
        return sum(map(len, self.standing.values()))

    @property
    def texts_to_review(self) -> int:
        """How many of them an editor is to look at."""
        return sum(map(len, self.to_review.values()))

    @property
    def must_be_confirmed(self) -> bool:
        """Whether it repeals so much that it may be the wrong file: more than a third, or beside lines nobody could read."""
        return len(self.repealed) * 3 > self.there or bool(self.repealed and self.problems)


def load(
    path: Path, *, at: datetime, today: date, dry_run: bool = False, whole: bool = False, shipped: bool = False,
    progress: Progress = iter,
) -> Outcome:  # fmt: skip
    """Take the file in. `whole`: it is all there is, so a published procedure that it lacks has been repealed.

    `shipped`: its words are the plain text that the product ships, and not what a source says.
    Lines that can't be read are named in `problems`; the others are taken all the same.

    Raises:
        NotATable: it is no such file, or one that is all there is holds nothing; the message is for the person.
    """
    outcome = Outcome()
    with transaction.atomic():
        known = {each.code: each for each in Procedure.objects.select_for_update(of=("self",))}
        outcome.there = sum(1 for each in known.values() if each.valid_to is None and each.digest)
        seen: set[str] = set()
        new: list[Procedure] = []
        for number, record in progress(records_of(path, today=today)):
            if isinstance(record, str):
                outcome.problems.append(_("Dòng {number}: {why}").format(number=number, why=record))
            elif record.code in seen:
                outcome.problems.append(
                    _("Dòng {number}: mã {code} đã có ở trên").format(number=number, code=record.code)
                )
            else:
                seen.add(record.code)
                if shipped:
                    record.plain = {name: Writer.STARTER.value for name in SHIPPED if getattr(record, name)}
                new += _take(record, known.get(record.code), outcome, at=at, shipped=shipped)
        Procedure.objects.bulk_create(new, batch_size=500)
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


def _take(record: Record, row: Procedure | None, outcome: Outcome, *, at: datetime, shipped: bool) -> list[Procedure]:
    """Bring the row up to the record, or give the one to be added."""
    digest = SHIPPED_DIGEST if shipped or (record.plain and not record.beside) else record.digest()
    if row is None:
        row = Procedure(code=record.code, digest=digest, updated_at=at)
        _write(record, row, at=at, shipped=shipped)
        row.state = State.DRAFT if _held_back(record, row) else State.PUBLISHED
        outcome.added.append(record.code)
        outcome.names[record.code] = record.name
        _note(record, row, outcome)
        return [row]
    same_file = row.digest == digest != SHIPPED_DIGEST and row.valid_to is None
    if same_file or (shipped and row.valid_to is not None):
        outcome.unchanged += 1
        _note(record, row, outcome)
        return []
    before = {name: getattr(row, name) for name in IMPORTED}
    plain = deepcopy(row.plain)
    beside = _write(record, row, at=at, shipped=shipped)
    differs = [name for name in IMPORTED if getattr(row, name) != before[name]]
    if row.valid_to is not None:
        differs.append("valid_to")  # it had been repealed and is back
    row.digest, row.valid_to = row.digest if digest == SHIPPED_DIGEST else digest, None
    if differs or set(beside) & set(to_review(row)):  # whoever is writing on it is told
        record_version(row, by=None, at=at)
        row.updated_at = at
        row.version += 1
        if row.state == State.PUBLISHED and _held_back(record, row):
            row.state = State.DRAFT
        row.save()
    elif row.plain != plain or row.digest == digest:
        row.save(update_fields=["digest", "plain", "official_changed_at"])
    if differs:
        outcome.changed[record.code] = differs
    if beside:
        outcome.beside[record.code] = list(beside)
    if differs or beside:
        outcome.names[record.code] = record.name
    else:
        outcome.unchanged += 1
    _note(record, row, outcome)
    return []


def _write(record: Record, row: Procedure, *, at: datetime, shipped: bool) -> dict[str, Any]:
    """The row says what the record does; gives what stands beside plain text and wasn't known yet."""
    there = row.pk is not None
    official_known = there and row.digest != SHIPPED_DIGEST
    beside: dict[str, Any] = {}
    if not shipped or not there:
        said = {name: value for name, value in record.official().items() if name in FIELDS}
        said = {name: value for name, value in said.items() if value or not there or name not in NEVER_BLANKED
                or is_plain(row, name)}  # fmt: skip
        beside = take_official(row, said, troubles=record.all_troubles(), at=at)
    for name, value in record.words().items():
        put(row, name, value, by=Writer(record.plain[name]), official_known=official_known)
    if not there and record.beside:
        take_official(row, record.beside, troubles=record.all_troubles(), at=at)
    return beside


def _held_back(record: Record, row: Procedure) -> bool:
    """Whether an editor must see it before any citizen does."""
    return record.held_back and not is_plain(row, "name")


def _note(record: Record, row: Procedure, outcome: Outcome) -> None:
    """What there is to say of this row however little has changed: its doubts, its plain text, and what is to be looked at."""
    if record.troubles and row.troubles:
        outcome.troubled[record.code] = sorted({trouble["at"] for trouble in row.troubles})
        outcome.names[record.code] = record.name
    official = record.official()
    if standing := [name for name in plain_fields(row) if name in official]:
        outcome.standing[record.code] = standing
    if due := to_review(row):
        outcome.to_review[record.code] = due
        outcome.names[record.code] = row.name


def _repeal(known: dict[str, Procedure], seen: set[str], outcome: Outcome, *, at: datetime, last_day: date) -> None:
    """What the source no longer lists held until yesterday; it stays for those who look at the past."""
    for code, row in known.items():
        if code not in seen and row.valid_to is None and row.digest:
            record_version(row, by=None, at=at)
            row.valid_to, row.updated_at = last_day, at
            row.version += 1
            row.save(update_fields=["valid_to", "updated_at", "version"])
            outcome.repealed.append(code)
            outcome.names[code] = row.name
