"""A file of procedures an editor has sent: tried at once; another has it taken in by a job, or it is put aside."""

from __future__ import annotations

import dataclasses
from datetime import datetime, timedelta
from pathlib import Path

from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _

from tongdai.accounts.models import User
from tongdai.platform import jobs
from tongdai.platform.clock import now, today

from ...answers.publishing import PublishingRefused
from ...models import ProcedureImport
from .. import seed, stored_files
from ..sheets import NotATable
from .imports import Outcome, load

IMPORT, SWEEP = "knowledge.procedures.import", "knowledge.procedures.sweep"
FOLDER = "procedures"
WAITS = timedelta(days=30)  # then the city is another, and the file has to be tried again


def send(path: Path, *, name: str, whole: bool, by: User, at: datetime) -> ProcedureImport:
    """Keep the file with what it would change; nothing of it is taken in yet. `name`: what its sender calls the file.

    Raises:
        NotATable: it is no such file, or holds nothing; nothing was kept.
    """
    outcome = load(path, at=at, today=today(), whole=whole, dry_run=True)
    if not (outcome.changes_something or outcome.unchanged or outcome.problems):
        raise NotATable(_("Tệp trống, không có thủ tục nào."))
    file = stored_files.store(path, folder=FOLDER)
    stored_outcome = dataclasses.asdict(outcome) | {"file_name": name}
    return ProcedureImport.objects.create(file=file, whole=whole, outcome=stored_outcome, by=by, sent_at=at)


def outcome_of(work: ProcedureImport) -> Outcome:
    """What it would change, or has."""
    known = {each.name for each in dataclasses.fields(Outcome)}  # an earlier edition stored others
    return Outcome(**{name: value for name, value in work.outcome.items() if name in known})


def name_of(work: ProcedureImport) -> str:
    """What its sender calls the file."""
    return str(work.outcome.get("file_name", "")) or work.file.rpartition("/")[2]


@transaction.atomic
def approve(number: int, *, by: User, confirmed: bool = False) -> None:
    """Have it taken in. Twice is once. `confirmed`: she has seen how much it repeals.

    Raises:
        PublishingRefused: whoever sent it can't; it is gone; it changes nothing; or what it repeals must be confirmed.
    """
    work = ProcedureImport.objects.select_for_update(of=("self",)).filter(pk=number).first()
    if work is None:
        raise PublishingRefused(_("Tệp này đã được bỏ. Hãy gửi lại tệp."))
    if work.by_id == by.pk:
        raise PublishingRefused(_("Người gửi tệp không tự nạp: nhờ người duyệt khác xem lại."))
    outcome = outcome_of(work)
    if not outcome.changes_something:
        raise PublishingRefused(_("Tệp này không đổi gì trong kho."))
    if outcome.must_be_confirmed and not confirmed:
        raise PublishingRefused(
            _("Tệp này bãi bỏ {n} thủ tục: xem danh sách, đánh dấu đã xem rồi mới nạp được.").format(
                n=len(outcome.repealed)
            )
        )
    if work.approved_by_id is None:
        ProcedureImport.objects.filter(pk=number).update(approved_by=by)
        jobs.defer(IMPORT, number=number)


@transaction.atomic
def put_aside(number: int) -> None:
    """The file goes, and nothing has changed; one that is being taken in stays."""
    for work in ProcedureImport.objects.select_for_update(of=("self",)).filter(pk=number, approved_by=None):
        work.delete()
        transaction.on_commit(lambda name=work.file: default_storage.delete(name))  # type: ignore[misc]


def take_in(number: int) -> None:
    """All of it or nothing; then the file goes, and a second run finds nothing to do."""
    work = ProcedureImport.objects.get(pk=number)
    if work.ended_at is not None:
        return
    with stored_files.local(work.file) as path:
        done = load(path, at=now(), today=today(), whole=work.whole)
    seed.words()
    seed.aliases(done.added)
    ProcedureImport.objects.filter(pk=number).update(ended_at=now())
    default_storage.delete(work.file)


def sweep(*, at: datetime) -> None:
    """What nobody has approved for a month is put aside."""
    waiting = ProcedureImport.objects.filter(approved_by=None, sent_at__lt=at - WAITS)
    for number in waiting.values_list("pk", flat=True):
        put_aside(number)


@jobs.task(name=IMPORT, queue="procedures")
def _take_in(number: int) -> None:
    take_in(number)


@jobs.periodic(name=SWEEP, queue="procedures", cron="40 19 * * *")
def _sweep(_due: int) -> None:
    sweep(at=now())
