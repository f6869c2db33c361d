"""Draft → approved → published. What is published stands until the new words are; whoever writes doesn't approve.

Two editors on one page: the second is told, and keeps what she typed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from tongdai.accounts.models import User

from . import edition, versions
from .models import Article, Draft, Kept, Procedure, State

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
    """Keep what was written. `seen`: `mark_of` the answer as the editor opened it.

    Raises:
        ChangedMeanwhile: it has been saved or published by another since.
    """
    type(row)._default_manager.select_for_update(of=("self",)).get(pk=row.pk)
    held = draft_of(row)
    if seen != mark_of(row, held):
        newest = versions.versions_of(row).first()
        raise ChangedMeanwhile(str(held.by if held else newest.by if newest and newest.by else _("Người khác")))
    if held is None:
        return Draft.objects.create(
            kind=versions.kind_of(row), row=row.pk, content=dict(content), based_on=row.version, by=by, updated_at=at
        )
    held.content, held.by, held.approved_by, held.updated_at = dict(content), by, None, at
    held.number += 1
    held.save()
    return held


def mark_of(row: Kept, held: Draft | None) -> str:
    """Names the state an editor sees: the row's version and the draft's."""
    return f"{row.version}.{held.number if held else 0}"


@transaction.atomic
def approve(row: Kept, *, by: User) -> Draft:
    """Raises NotYours."""
    held = draft_of(row)
    if held is None:
        raise NotYours(_("Chưa có bản nháp nào để duyệt."))
    if held.by_id == by.pk:
        raise NotYours(_("Người viết không tự duyệt: nhờ người khác đọc lại."))
    held.approved_by = by
    held.save(update_fields=["approved_by"])
    return held


@transaction.atomic
def publish(row: Kept, *, by: User, at: datetime) -> None:
    """The approved words become what citizens read; what stood there is kept. Raises NotYours."""
    row = type(row)._default_manager.select_for_update(of=("self",)).get(pk=row.pk)
    held = draft_of(row)
    if held is None or held.approved_by is None:
        raise NotYours(_("Bản nháp chưa được duyệt."))
    versions.keep(row, by=held.by, at=at)
    for name, value in held.content.items():
        setattr(row, name, value)
    _save(row, State.PUBLISHED, at=at)
    held.delete()


@transaction.atomic
def withdraw(row: Kept, *, by: User, at: datetime) -> None:
    """Citizens see it no more; it stays here."""
    row = type(row)._default_manager.select_for_update(of=("self",)).get(pk=row.pk)
    versions.keep(row, by=by, at=at)
    _save(row, State.WITHDRAWN, at=at)


def warnings(row: Kept, content: Mapping[str, Any], *, today: date) -> list[str]:
    """What an editor should look at before it goes out; none of it stands in the way."""
    found = []
    if isinstance(row, Procedure | Article) and not content.get("legal_basis"):
        found.append(_("Chưa ghi căn cứ pháp lý."))
    if content.get("valid_to") and str(content["valid_to"]) < today.isoformat():
        found.append(_("Ngày hết hiệu lực đã qua."))
    if content.get("review_by") and str(content["review_by"]) < today.isoformat():
        found.append(_("Ngày rà soát đã qua."))
    past = {match[0] for match in _DAY.finditer(str(dict(content))) if _is_past(match, today)}
    found += [_("Nhắc đến một ngày đã qua: “{words}”.").format(words=words) for words in sorted(past)]
    if isinstance(row, Procedure):
        for trouble in content.get("troubles", []):
            found.append(_("Chưa gỡ chỗ ghi không rõ: {part}.").format(part=trouble["at"]))
    return found


def _is_past(found: re.Match[str], today: date) -> bool:
    try:
        return date(int(found[3]), int(found[2]), int(found[1])) < today
    except ValueError:
        return False


def _save(row: Kept, state: State, *, at: datetime) -> None:
    row.state, row.updated_at = state, at
    row.version += 1
    row.save()
    edition.turn()
