"""Draft → approved → published. What is published stands until the new words are; whoever writes doesn't approve.

Two editors on one page: the second is told, and keeps what she typed. A file for a table that citizens see is part of
the table's draft: its rows are taken in unseen, and shown when the draft is published.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from copy import copy
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from tongdai.accounts.models import User
from tongdai.platform import jobs

from ..models import Article, DeadLink, Draft, EditedAnswer, LookupRow, LookupTable, Procedure, State
from . import aliases, plain_text, revision, versions

LOOK_AT_LINKS = "knowledge.links.look_at"  # whether the links of a draft lead anywhere
NO_COLUMNS = frozenset({"aliases", "came_onto"})  # in a draft, and no columns of the row
_DAY = re.compile(r"đến (?:hết )?(?:ngày )?(\d{1,2})[./](\d{1,2})[./](20\d\d)")


class ChangedMeanwhile(Exception):
    """Somebody else saved this answer since it was opened. `by`: who; the message is for the person."""

    def __init__(self, by: str) -> None:
        super().__init__(_("{who} vừa lưu mục này sau khi bạn mở.").format(who=by))
        self.by = by


class PublishingRefused(Exception):
    """Whoever wrote it can't approve it; or there is nothing to approve or publish. The message is for the person."""


def draft_of(row: EditedAnswer) -> Draft | None:
    return Draft.objects.of(row.answer_key).select_related("by", "approved_by").first()


def content_of(draft: Draft, row: EditedAnswer) -> dict[str, Any]:
    """What it is to say. Where a file has changed the row since the draft was written, what its writer left alone is the

    file's, not what she had before her.
    """
    content = dict(draft.content)
    then = versions.versions_of(row).filter(version=draft.based_on).first() if draft.based_on != row.version else None
    if not isinstance(row, Procedure) or then is None:
        return content
    settled = [each for each in then.content["troubles"] if each not in content.get("troubles", [])]
    if "troubles" in content:
        content["troubles"] = [each for each in row.troubles if each not in settled]
    left_alone = {
        name for name in plain_text.FIELDS if name in content and plain_text.same(content[name], then.content[name])
    }
    return {name: value for name, value in content.items() if name not in left_alone}


@transaction.atomic
def read_official(row: EditedAnswer, name: str, *, by: User, at: datetime, seen: str) -> Draft:
    """A draft in which the official text stands in place of the plain one. Raises PublishingRefused, ChangedMeanwhile."""
    row = _locked(row)
    if not isinstance(row, Procedure) or not plain_text.is_plain(row, name) or not row.plain[name].get("official"):
        raise PublishingRefused(_("Phần này không có lời chính thức để đọc lại."))
    draft = draft_of(row)
    content = content_of(draft, row) if draft else {}
    return save_draft(row, content | {name: row.plain[name]["official"]}, by=by, at=at, seen=seen)


@transaction.atomic
def still_right(row: EditedAnswer, *, by: User, at: datetime, seen: str) -> None:
    """The plain text has been read beside what the source says now, and stands. Raises ChangedMeanwhile."""
    row = _locked(row)
    _check_unchanged(row, draft_of(row), seen)
    if isinstance(row, Procedure) and plain_text.to_review(row):
        versions.record_version(row, by=by, at=at)
        plain_text.still_right(row)
        row.version += 1
        row.save(update_fields=["plain", "official_changed_at", "version"])


@transaction.atomic
def save_draft(row: EditedAnswer, content: Mapping[str, Any], *, by: User, at: datetime, seen: str) -> Draft:
    """Keep what was written. `seen`: `mark_of` the answer as the editor opened it; or before the rows of her own file came

    in, which stay then.

    Raises:
        ChangedMeanwhile: it has been saved or published by another since.
    """
    row = _locked(row)
    draft = draft_of(row)
    if draft and draft.by_id == by.pk and seen in draft.content.get("came_onto", []):
        content = dict(content) | {"generation": draft.content["generation"]}
    else:
        _check_unchanged(row, draft, seen)
    return _save_draft(row, draft, content, by=by, at=at)


@transaction.atomic
def take_rows(table: LookupTable, rows: Mapping[str, Any], *, by: User, at: datetime) -> Draft:
    """The rows of a file that `by` sent for the table are in: its draft says so from now on (`rows`: generation, as_of,

    columns), and waits to be approved, whoever had approved it before. What a column is called stays as she says by now.
    """
    row = _locked(table)
    draft = draft_of(row)
    content = draft.content if draft else versions.content_of(row)
    labels = {column["name"]: column["label"] for column in content["columns"]}
    columns = [column | {"label": labels.get(column["name"], column["label"])} for column in rows["columns"]]
    before = [mark for mark in content.get("came_onto", []) if draft and draft.by_id == by.pk]
    content_with_rows = dict(rows) | {"columns": columns, "came_onto": [*before, mark_of(row, draft)]}
    return _save_draft(row, draft, content | content_with_rows, by=by, at=at)


def _save_draft(row: EditedAnswer, draft: Draft | None, content: Mapping[str, Any], *, by: User, at: datetime) -> Draft:
    if draft is None:
        draft = Draft(kind=row.KIND, row=row.pk, number=0)
    draft.content, draft.by, draft.approved_by, draft.updated_at = dict(content), by, None, at
    draft.based_on = row.version  # she has just seen it
    draft.number += 1
    draft.save()
    if isinstance(row, LookupTable) and row.state == State.DRAFT:  # nobody sees it yet: its file can be tried at once
        _write_content(row, draft.content)
        row.save()
    _look_at_links(row)
    return draft


def mark_of(row: EditedAnswer, draft: Draft | None) -> str:
    """Names the state an editor sees: the row's version and the draft's."""
    return f"{row.version}.{draft.number if draft else 0}"


@transaction.atomic
def approve(row: EditedAnswer, *, by: User, seen: str) -> Draft:
    """Raises PublishingRefused; or ChangedMeanwhile, where it says something else by now than what `by` has read."""
    row = _locked(row)
    draft = draft_of(row)
    if draft is None:
        raise PublishingRefused(_("Chưa có bản nháp nào để duyệt."))
    _check_unchanged(row, draft, seen)
    if draft.by_id == by.pk:
        raise PublishingRefused(_("Người viết không tự duyệt: nhờ người khác đọc lại."))
    _check_whole(row, draft.content)
    draft.approved_by = by
    draft.save(update_fields=["approved_by"])
    return draft


@transaction.atomic
def publish(row: EditedAnswer, *, by: User, at: datetime) -> None:
    """The approved words become what citizens read; what stood there is kept. Raises PublishingRefused."""
    row = _locked(row)
    draft = draft_of(row)
    if draft is None or draft.approved_by is None:
        raise PublishingRefused(_("Bản nháp chưa được duyệt."))
    _check_whole(row, draft.content)
    versions.record_version(row, by=draft.by, at=at)
    before = copy(row)
    _write_content(row, content_of(draft, row))
    if isinstance(row, Procedure) and isinstance(before, Procedure):
        plain_text.written(row, before, read_at=draft.updated_at)
    if isinstance(row, LookupTable) and not (row.source and row.rows.filter(generation=row.generation).exists()):
        raise PublishingRefused(_("Chưa công khai được: bảng cần nguồn và ít nhất một tệp đã nạp xong."))
    _save_answer(row, State.PUBLISHED, at=at)
    if "aliases" in draft.content:
        aliases.set_aliases(row, draft.content["aliases"])
    if isinstance(row, LookupTable):
        LookupRow.objects.filter(table=row, generation__lt=row.generation).delete()
    draft.delete()


@transaction.atomic
def discard(row: EditedAnswer, *, by: User, seen: str, approver: bool) -> None:
    """The draft goes, what is published stands. Raises PublishingRefused: she neither wrote it nor approves; ChangedMeanwhile."""
    row = _locked(row)
    draft = draft_of(row)
    if draft is None:
        raise PublishingRefused(_("Không còn bản nháp nào."))
    if draft.by_id != by.pk and not approver:
        raise PublishingRefused(_("Bản nháp do người viết hoặc người duyệt bỏ."))
    if seen not in draft.content.get("came_onto", []):
        _check_unchanged(row, draft, seen)
    draft.delete()
    _look_at_links(row)  # its dead links are nobody's any more


@transaction.atomic
def add_alias(row: EditedAnswer, phrase: str) -> None:
    """People call it this as well, from now on; and its draft, if there is one, says so too."""
    row = _locked(row)
    aliases.add_alias(row, phrase)
    draft = draft_of(row)
    if draft is not None and phrase not in draft.content.get("aliases", [phrase]):
        draft.content["aliases"].append(phrase)
        draft.save(update_fields=["content"])


@transaction.atomic
def withdraw(row: EditedAnswer, *, by: User, at: datetime) -> None:
    """Citizens see it no more; it stays here."""
    row = _locked(row)
    versions.record_version(row, by=by, at=at)
    _save_answer(row, State.WITHDRAWN, at=at)


def warnings(row: EditedAnswer, content: Mapping[str, Any], *, today: date) -> list[str]:
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
    for link in DeadLink.objects.of(row.answer_key):
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


def _check_whole(row: EditedAnswer, content: Mapping[str, Any]) -> None:
    """Raises PublishingRefused where what a citizen would read is missing."""
    needed = {Procedure: ("name",), Article: ("question", "answer")}.get(type(row), ())
    if any(not str(content.get(part, getattr(row, part))).strip() for part in needed):
        raise PublishingRefused(
            _("Chưa có tên thủ tục: ghi tên rồi mới duyệt được.")
            if isinstance(row, Procedure)
            else _("Câu hỏi hoặc câu trả lời còn trống: viết cho đủ rồi mới duyệt được.")
        )


def _locked(row: EditedAnswer) -> EditedAnswer:
    locked: EditedAnswer = type(row)._default_manager.select_for_update(of=("self",)).get(pk=row.pk)
    return locked


def _check_unchanged(row: EditedAnswer, draft: Draft | None, seen: str) -> None:
    if seen != mark_of(row, draft):
        newest = versions.versions_of(row).first()
        raise ChangedMeanwhile(str(draft.by if draft else newest.by if newest and newest.by else _("Người khác")))


def _write_content(row: EditedAnswer, content: Mapping[str, Any]) -> None:
    """The row says what the draft does; but rows fetched since it was written are newer than its own, and stay."""
    fetched = isinstance(row, LookupTable) and content.get("generation", row.generation) < row.generation
    for name, value in content.items():
        if name not in NO_COLUMNS and not (fetched and name in {"generation", "as_of"}):
            setattr(row, name, value)


def _save_answer(row: EditedAnswer, state: State, *, at: datetime) -> None:
    row.state, row.updated_at = state, at
    row.version += 1
    row.save()
    revision.advance()


def _look_at_links(row: EditedAnswer) -> None:
    jobs.defer(LOOK_AT_LINKS, kind=row.KIND, row=row.pk)
