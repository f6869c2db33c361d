"""Draft → approved → published. What is published stands until the new words are; whoever writes doesn't approve.

Two editors on one page: the second is told, and keeps what she typed. A file for a table that citizens see is part of
the table's draft: its rows are taken in unseen, and shown when the draft is published.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from tongdai.accounts.models import User
from tongdai.platform import jobs

from ..models import Article, DeadLink, Draft, Kept, LookupRow, LookupTable, Procedure, State
from . import aliases, revision, versions

LOOK_AT_LINKS = "knowledge.links.look_at"  # whether the links of a draft lead anywhere
BESIDE = frozenset({"aliases", "came_onto"})  # in a draft, and no columns of the row
_DAY = re.compile(r"đến (?:hết )?(?:ngày )?(\d{1,2})[./](\d{1,2})[./](20\d\d)")


class ChangedMeanwhile(Exception):
    """Somebody else saved this answer since it was opened. `by`: who; the message is for the person."""

    def __init__(self, by: str) -> None:
        super().__init__(_("{who} vừa lưu mục này sau khi bạn mở.").format(who=by))
        self.by = by


class NotYours(Exception):
    """Whoever wrote it can't approve it; or there is nothing to approve or publish. The message is for the person."""


def draft_of(row: Kept) -> Draft | None:
    return Draft.objects.select_related("by", "approved_by").filter(kind=versions.kind_of(row), row=row.pk).first()


@transaction.atomic
def save_draft(row: Kept, content: Mapping[str, Any], *, by: User, at: datetime, seen: str) -> Draft:
    """Keep what was written. `seen`: `mark_of` the answer as the editor opened it; or before the rows of her own file came

    in, which stay then.

    Raises:
        ChangedMeanwhile: it has been saved or published by another since.
    """
    row = _locked(row)
    held = draft_of(row)
    if held and held.by_id == by.pk and seen in held.content.get("came_onto", []):
        content = dict(content) | {"generation": held.content["generation"]}
    else:
        _check_seen(row, held, seen)
    return _keep_draft(row, held, content, by=by, at=at)


@transaction.atomic
def rows_are_in(table: LookupTable, told: Mapping[str, Any], *, by: User, at: datetime) -> Draft:
    """The rows of a file that `by` sent for the table are in: its draft says so from now on (`told`: generation, as_of,

    columns), and waits to be approved, whoever had approved it before. What a column is called stays as she says by now.
    """
    row = _locked(table)
    held = draft_of(row)
    said = held.content if held else versions.content_of(row)
    labels = {column["name"]: column["label"] for column in said["columns"]}
    columns = [column | {"label": labels.get(column["name"], column["label"])} for column in told["columns"]]
    before = [mark for mark in said.get("came_onto", []) if held and held.by_id == by.pk]
    now_said = dict(told) | {"columns": columns, "came_onto": [*before, mark_of(row, held)]}
    return _keep_draft(row, held, said | now_said, by=by, at=at)


def _keep_draft(row: Kept, held: Draft | None, content: Mapping[str, Any], *, by: User, at: datetime) -> Draft:
    if held is None:
        held = Draft(kind=versions.kind_of(row), row=row.pk, based_on=row.version, number=0)
    held.content, held.by, held.approved_by, held.updated_at = dict(content), by, None, at
    held.number += 1
    held.save()
    if isinstance(row, LookupTable) and row.state == State.DRAFT:  # nobody sees it yet: its file can be tried at once
        _say(row, held.content)
        row.save()
    jobs.defer(LOOK_AT_LINKS, kind=held.kind, row=held.row)
    return held


def mark_of(row: Kept, held: Draft | None) -> str:
    """Names the state an editor sees: the row's version and the draft's."""
    return f"{row.version}.{held.number if held else 0}"


@transaction.atomic
def approve(row: Kept, *, by: User, seen: str) -> Draft:
    """Raises NotYours; or ChangedMeanwhile, where it says something else by now than what `by` has read."""
    row = _locked(row)
    held = draft_of(row)
    if held is None:
        raise NotYours(_("Chưa có bản nháp nào để duyệt."))
    _check_seen(row, held, seen)
    if held.by_id == by.pk:
        raise NotYours(_("Người viết không tự duyệt: nhờ người khác đọc lại."))
    _check_whole(row, held.content)
    held.approved_by = by
    held.save(update_fields=["approved_by"])
    return held


@transaction.atomic
def publish(row: Kept, *, by: User, at: datetime) -> None:
    """The approved words become what citizens read; what stood there is kept. Raises NotYours."""
    row = _locked(row)
    held = draft_of(row)
    if held is None or held.approved_by is None:
        raise NotYours(_("Bản nháp chưa được duyệt."))
    _check_whole(row, held.content)
    versions.keep(row, by=held.by, at=at)
    _say(row, held.content)
    if isinstance(row, LookupTable) and not (row.source and row.rows.filter(generation=row.generation).exists()):
        raise NotYours(_("Chưa công khai được: bảng cần nguồn và ít nhất một tệp đã nạp xong."))
    _save(row, State.PUBLISHED, at=at)
    if "aliases" in held.content:
        aliases.set_aliases(row, held.content["aliases"])
    if isinstance(row, LookupTable):
        LookupRow.objects.filter(table=row, generation__lt=row.generation).delete()
    held.delete()


@transaction.atomic
def discard(row: Kept, *, by: User, seen: str, approver: bool) -> None:
    """The draft goes, what is published stands. Raises NotYours: she neither wrote it nor approves; ChangedMeanwhile."""
    row = _locked(row)
    held = draft_of(row)
    if held is None:
        raise NotYours(_("Không còn bản nháp nào."))
    if held.by_id != by.pk and not approver:
        raise NotYours(_("Bản nháp do người viết hoặc người duyệt bỏ."))
    if seen not in held.content.get("came_onto", []):
        _check_seen(row, held, seen)
    held.delete()
    jobs.defer(LOOK_AT_LINKS, kind=versions.kind_of(row), row=row.pk)  # its dead links are nobody's any more


@transaction.atomic
def also_called(row: Kept, phrase: str) -> None:
    """People call it this as well, from now on; and its draft, if there is one, says so too."""
    row = _locked(row)
    aliases.add_alias(row, phrase)
    held = draft_of(row)
    if held is not None and phrase not in held.content.get("aliases", [phrase]):
        held.content["aliases"].append(phrase)
        held.save(update_fields=["content"])


@transaction.atomic
def withdraw(row: Kept, *, by: User, at: datetime) -> None:
    """Citizens see it no more; it stays here."""
    row = _locked(row)
    versions.keep(row, by=by, at=at)
    _save(row, State.WITHDRAWN, at=at)


def warnings(row: Kept, content: Mapping[str, Any], *, today: date) -> list[str]:
    """What an editor should look at before it goes out; none of it stands in the way."""
    found = []
    if isinstance(row, Procedure | Article) and not content.get("legal_basis"):
        found.append(_("Chưa ghi căn cứ pháp lý."))
    if isinstance(row, Article) and row.key.startswith("case-") and row.state != State.PUBLISHED:
        found.append(_("Lấy từ một phiếu: bỏ tên người, số điện thoại và địa chỉ nhà trước khi đăng."))
    if content.get("valid_to") and str(content["valid_to"]) < today.isoformat():
        found.append(_("Ngày hết hiệu lực đã qua."))
    if content.get("review_by") and str(content["review_by"]) < today.isoformat():
        found.append(_("Ngày rà soát đã qua."))
    past = {match[0] for match in _DAY.finditer(str(dict(content))) if _is_past(match, today)}
    found += [_("Nhắc đến một ngày đã qua: “{words}”.").format(words=words) for words in sorted(past)]
    for link in DeadLink.objects.filter(kind=versions.kind_of(row), row=row.pk):
        found.append(_("Đường dẫn hỏng: {address}").format(address=link.address))
    if isinstance(row, Procedure):
        for trouble in content.get("troubles", []):
            found.append(_("Chưa gỡ chỗ ghi không rõ: {part}.").format(part=trouble["at"]))
    return found


def _is_past(found: re.Match[str], today: date) -> bool:
    try:
        return date(int(found[3]), int(found[2]), int(found[1])) < today
    except ValueError:
        return False


def _check_whole(row: Kept, said: Mapping[str, Any]) -> None:
    """Raises NotYours where what a citizen would read is missing."""
    needed = {Procedure: ("name",), Article: ("question", "answer")}.get(type(row), ())
    if any(not str(said.get(part, getattr(row, part))).strip() for part in needed):
        raise NotYours(
            _("Chưa có tên thủ tục: ghi tên rồi mới duyệt được.")
            if isinstance(row, Procedure)
            else _("Câu hỏi hoặc câu trả lời còn trống: viết cho đủ rồi mới duyệt được.")
        )


def _locked(row: Kept) -> Kept:
    held: Kept = type(row)._default_manager.select_for_update(of=("self",)).get(pk=row.pk)
    return held


def _check_seen(row: Kept, held: Draft | None, seen: str) -> None:
    if seen != mark_of(row, held):
        newest = versions.versions_of(row).first()
        raise ChangedMeanwhile(str(held.by if held else newest.by if newest and newest.by else _("Người khác")))


def _say(row: Kept, content: Mapping[str, Any]) -> None:
    """The row says what the draft does; but rows fetched since it was written are newer than its own, and stay."""
    fetched = isinstance(row, LookupTable) and content.get("generation", row.generation) < row.generation
    for name, value in content.items():
        if name not in BESIDE and not (fetched and name in {"generation", "as_of"}):
            setattr(row, name, value)


def _save(row: Kept, state: State, *, at: datetime) -> None:
    row.state, row.updated_at = state, at
    row.version += 1
    row.save()
    revision.turn()
