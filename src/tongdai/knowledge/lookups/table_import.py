"""A file into a table: kept first, then taken in by a job, batch by batch. Killed anywhere, it goes on where it stood;

citizens see the old rows until the last new one is in, and then all of the new: at once where the table fetched it by
itself, or when another than its sender has approved it (`answers.publishing`).
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _

from tongdai.accounts.models import User
from tongdai.platform import jobs
from tongdai.platform.clock import now

from ..answers import publishing, revision
from ..answers.versions import record_version
from ..importing import stored_files
from ..importing.sheets import NotATable, labels_of, rows_of
from ..models import LookupRow, LookupTable, TableImport
from . import columns as guessing
from .row_reading import ReadRow, Wards, read

TAKE_IN = "knowledge.lookups.take_in"
BATCH = 2000  # rows a transaction
MOST_PROBLEMS = 200  # that are kept to be shown


def begin(
    table: LookupTable,
    path: Path,
    *,
    as_of: date,
    by: User | None,
    at: datetime,
    columns: Sequence[dict[str, str]] = (),
) -> TableImport:
    """Keep the file and queue the job. `columns`: as the editor gave them (the table's); what

    they lack of the file's is guessed. A file that the table fetched by itself is read by the columns it has.

    Raises:
        NotATable: it is no table; nothing was kept.
    """
    names, labels = labels_of(path)
    with transaction.atomic():
        if not table.columns:
            table.columns = guessing.guess(names, labels)
            table.save(update_fields=["columns"])
        wanted = columns or table.columns
        fitted = guessing.fitted(wanted, names, labels) if by is not None else wanted
        file = stored_files.store(path, folder="tables")
        return _queue(table, file, as_of=as_of, by=by, at=at, columns=fitted)


@transaction.atomic
def import_again(
    table: LookupTable, *, by: User, at: datetime, columns: Sequence[dict[str, str]]
) -> TableImport | None:
    """The newest file once more, since its columns have been changed; None where there is no file."""
    last = TableImport.objects.filter(table=table, trouble="").order_by("-pk").first()
    return last and _queue(table, last.file, as_of=last.as_of, by=by, at=at, columns=columns)


def _queue(
    table: LookupTable, file: str, *, as_of: date, by: User | None, at: datetime, columns: Sequence[dict[str, str]]
) -> TableImport:
    newest = max([table.generation, *TableImport.objects.filter(table=table).values_list("generation", flat=True)])
    made = TableImport.objects.create(
        table=table, file=file, generation=newest + 1, as_of=as_of, columns=list(columns), by=by, started_at=at
    )
    jobs.defer(TAKE_IN, import_id=made.pk)
    return made


def take_in(import_id: int) -> None:
    """Take in what is left of it. Run twice, it changes nothing more."""
    work = TableImport.objects.select_related("table").get(pk=import_id)
    if work.ended_at is not None:
        return
    with stored_files.local(work.file) as path:
        try:
            lines, ward = itertools.islice(rows_of(path), work.done, None), Wards()
            while batch := list(itertools.islice(lines, BATCH)):
                _take_batch(work, batch, ward)
        except NotATable as wrong:
            TableImport.objects.filter(pk=work.pk).update(trouble=str(wrong)[:300], ended_at=now())
            return
    if not LookupRow.objects.filter(table_id=work.table_id, generation=work.generation).exists():
        nothing = _("Tệp không có dòng nào nạp được: không dòng nào có tên.")
        TableImport.objects.filter(pk=work.pk).update(trouble=nothing, ended_at=now())
        return
    _finish(work)


def _take_batch(work: TableImport, batch: list[tuple[int, dict[str, str]]], ward: Wards) -> None:
    """One transaction: the rows, and that they are done."""
    understood = [(number, read(cells, work.columns or work.table.columns, ward=ward)) for number, cells in batch]
    with transaction.atomic():
        LookupRow.objects.bulk_create(
            [_row(work, number, each) for number, each in understood if each is not None], ignore_conflicts=True
        )
        for number, each in understood:
            for problem in each.problems if each else ():
                if len(work.problems) < MOST_PROBLEMS:
                    work.problems.append(_("Dòng {number}: {why}").format(number=number, why=problem))
        work.done += len(batch)
        work.save(update_fields=["done", "problems"])


def _row(work: TableImport, number: int, each: ReadRow) -> LookupRow:
    return LookupRow(
        table=work.table,
        generation=work.generation,
        number=number,
        name=each.name,
        values=each.values,
        place=each.place,
        latitude=each.latitude,
        longitude=each.longitude,
        valid_from=each.valid_from,
        valid_to=each.valid_to,
    )


@transaction.atomic
def _finish(work: TableImport) -> None:
    """All of it is in. Fetched by itself: the table turns to it, and the old rows go. Sent by an editor: her draft does."""
    table, at = LookupTable.objects.select_for_update(of=("self",)).get(pk=work.table_id), now()
    if work.by is not None:
        rows = {"generation": work.generation, "as_of": work.as_of.isoformat(), "columns": work.columns}
        publishing.take_rows(table, rows, by=work.by, at=at)
    elif table.generation < work.generation:
        record_version(table, by=None, at=at)
        table.generation, table.as_of, table.updated_at = work.generation, work.as_of, at
        table.version += 1
        table.save(update_fields=["generation", "as_of", "updated_at", "version"])
        LookupRow.objects.filter(table=table, generation__lt=work.generation).delete()
        revision.advance()
    TableImport.objects.filter(pk=work.pk).update(ended_at=at)


@jobs.task(name=TAKE_IN, queue="lookups")
def _job(import_id: int) -> None:
    take_in(import_id)
