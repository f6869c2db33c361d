"""Topics and agencies are written here, whoever asks: a page, a file, a change put back. Each change is on record.

One transaction, one change, with what was before (`models.Change`); the audit names the row and its columns, too.
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass
from typing import Any, cast

from django.db import connection, transaction
from django.utils.translation import gettext as _

from tongdai.audit.acting import now_acting
from tongdai.audit.entries import record
from tongdai.audit.models import Kind
from tongdai.language.text import fold
from tongdai.platform.clock import now, today

from ..freshness import forget
from ..models import Agency, Change, Topic
from ..registry import agency_effects, topic_effects
from .columns import TABLES, Gone, Row, columns_of, read, table_of, written, written_of
from .history import since
from .rules import what_is_wrong

LONGEST_CODE = 60
ON_RECORD = {"topics": "topic", "agencies": "agency"}  # what the audit calls a row of the table


class Refused(Exception):
    """It isn't saved. `wrong`: why, by column; under the empty name what is no column's fault."""

    def __init__(self, wrong: Mapping[str, str]) -> None:
        super().__init__("; ".join(wrong.values()))
        self.wrong = dict(wrong)


class ChangedMeanwhile(Exception):
    """Somebody has changed the row since it was looked at: `changes`, the oldest first."""

    def __init__(self, changes: list[Change]) -> None:
        super().__init__(f"{len(changes)} changes")
        self.changes = changes


@dataclass(frozen=True)
class _Plan:
    """What a row was (None: it is new), the row with its new values, and the columns that differ."""

    was: Row | None
    row: Row
    before: dict[str, Any]
    after: dict[str, Any]
    differs: list[str]


def write(row: Row, values: Mapping[str, Any], *, how: Change.How, seen: int | None = None) -> list[str]:
    """Give a row these values; one without an id is added under its code. Returns the columns that differ: none, nothing done.

    seen: the id of the newest change that whoever asks has seen (0: none yet); None: it doesn't matter.

    Raises:
        Refused: the rules don't let it.
        ChangedMeanwhile: a newer change than `seen` is there.
    """
    with transaction.atomic():
        _one_at_a_time()
        plan = _plan(row, values, seen=seen)
        if not plan.differs and plan.was is not None:
            return []
        plan.row.save()
        if isinstance(plan.row, Agency) and "places" in values:
            plan.row.places.set(values["places"])
        _put_on_record(plan, how=how)
    row.pk = plan.row.pk
    _set(row, values)
    forget()
    return plan.differs


def check(row: Row, values: Mapping[str, Any], *, seen: int | None = None) -> list[str]:
    """Say which columns would differ, and write nothing. Raises what `write` raises."""
    return _plan(row, values, seen=seen).differs


def effects(row: Row, values: Mapping[str, Any]) -> list[str]:
    """What these values would mean, in sentences for whoever is about to save them; nothing is written."""
    was = type(row)._default_manager.select_related("parent").filter(pk=row.pk).first() if row.pk else None
    planned = copy(was) if was is not None else copy(row)
    _set(planned, values)
    said = _same_name(planned, was=was)
    if isinstance(planned, Topic):
        return said + [each for told in topic_effects.all() for each in told(cast("Topic | None", was), planned)]
    return said + [each for told in agency_effects.all() for each in told(cast("Agency | None", was), planned)]


def put_back(change: Change, *, seen: int | None = None) -> Row:
    """Give the row again what it had before this change; the putting back is a change itself, and can be put back.

    Raises:
        Refused: the row was new with it, it has changed again since, or the rules don't let it any more.
        ChangedMeanwhile: a newer change than `seen` is there.
    """
    row, values = before(change)
    write(row, values, how=Change.How.PUT_BACK, seen=seen)
    return row


def before(change: Change) -> tuple[Row, dict[str, Any]]:
    """The row of a change, and the values that it would have again.

    Raises:
        Refused: it can't be put back.
    """
    model = TABLES[change.table]
    row = model._default_manager.filter(pk=change.row).first()
    if row is None:
        raise Refused({"": _("Không còn mục này.")})
    if not change.before:
        raise Refused({"": _("Đây là lúc mục này được thêm: không trả lại được nữa. Không dùng nữa thì cho kết thúc.")})
    current = written_of(row)
    if any(current[name] != value for name, value in change.after.items()):
        raise Refused(
            {"": _("Chỗ này đã đổi lần nữa từ khi ấy. Hãy trả lại những thay đổi mới hơn trước, hoặc sửa thẳng.")}
        )
    try:
        return row, read(model, change.before)
    except Gone as gone:
        raise Refused({"": _("Mã “{code}” không còn nữa, nên chưa trả lại được.").format(code=gone)}) from gone


def code_for(name: str, model: type[Row]) -> str:
    """A code made of the name, `chieu-sang`; with a number where another row has it."""
    stem = (
        "-".join("".join(sign if sign.isalnum() else " " for sign in fold(name)).split())[: LONGEST_CODE - 4] or "muc"
    )
    taken = set(model._default_manager.filter(code__startswith=stem).values_list("code", flat=True))
    return next(code for n in range(1, len(taken) + 3) if (code := stem if n == 1 else f"{stem}-{n}") not in taken)


def _plan(row: Row, values: Mapping[str, Any], *, seen: int | None) -> _Plan:
    known = type(row)._default_manager.filter(pk=row.pk).first() if row.pk else None
    if known is not None and seen is not None and (newer := since(known, seen)):
        raise ChangedMeanwhile(newer)
    planned = copy(known if known is not None else row)
    before = written_of(known) if known is not None else {}
    after = (before or written_of(planned)) | written(values)
    differs = [name for name in columns_of(planned) if before.get(name) != after[name]]
    _set(planned, values)
    if (differs or known is None) and (wrong := _wrong(planned, was=known, differs=differs)):
        raise Refused(wrong)
    return _Plan(known, planned, before, after, differs)


def _same_name(row: Row, *, was: Row | None) -> list[str]:
    """Two that can't be told apart in a list are seldom meant: a button pressed twice, or a name that came back."""
    if was is not None and was.folded == row.folded:
        return []
    other = type(row)._default_manager.filter(folded=row.folded).exclude(pk=row.pk).on(today()).first()
    return [_("Đã có một mục tên “{name}” (mã {code}).").format(name=other.name, code=other.code)] if other else []


def _set(row: Row, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        if name != "places":
            setattr(row, name, value)
    row.clean_names()


def _wrong(row: Row, *, was: Row | None, differs: list[str]) -> dict[str, str]:
    wrong = what_is_wrong(row, was=was, differs=differs)
    if was is None and type(row)._default_manager.filter(code=row.code).exists():
        wrong["code"] = _("mã này đã có")
    return wrong


def _put_on_record(plan: _Plan, *, how: Change.How) -> None:
    actor, table = now_acting(), table_of(plan.row)
    Change.objects.create(
        table=table,
        row=plan.row.pk,
        at=now(),
        by=actor.by,
        login=actor.login[:60],
        how=how,
        before={name: plan.before[name] for name in plan.differs if plan.before},
        after={name: plan.after[name] for name in plan.differs},
    )
    if how != Change.How.FILE:  # a file is on record as one import
        act = "put_back" if how == Change.How.PUT_BACK else "changed" if plan.before else "added"
        record(Kind.SETTING, f"{ON_RECORD[table]}_{act}", what=plan.row.code, detail={"fields": plan.differs})


def _one_at_a_time() -> None:
    """Rows name one another: two changes at once could make a circle that neither sees."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('tongdai.directory', 1022))")
