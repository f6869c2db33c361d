"""Columns and changes of topics and agencies in words: who, when, what was, what is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongdai.accounts.models import User
from tongdai.directory import snapshot
from tongdai.directory.changes.columns import DAYS, Row, columns_of, written_of
from tongdai.directory.models import Agency, Change
from tongdai.platform.typed_input import as_typed

LABELS: dict[str, str | Promise] = {
    "name": gettext_lazy("Tên"),
    "kind": gettext_lazy("Loại"),
    "parent": gettext_lazy("Nằm dưới"),
    "agency": gettext_lazy("Cơ quan mặc định"),
    "by_place": gettext_lazy("Chuyển theo địa bàn"),
    "limit_hours": gettext_lazy("Thời hạn (giờ làm việc)"),
    "wait_days": gettext_lazy("Chờ người dân (ngày làm việc)"),
    "legal_basis": gettext_lazy("Căn cứ pháp lý"),
    "urgent": gettext_lazy("Khẩn"),
    "confidential": gettext_lazy("Mật"),
    "health": gettext_lazy("Có thông tin sức khỏe"),
    "anonymous_allowed": gettext_lazy("Nhận phiếu ẩn danh"),
    "proof_required": gettext_lazy("Trả lời phải kèm ảnh hoặc tài liệu"),
    "approval_required": gettext_lazy("Trả lời phải có người duyệt"),
    "hides_sender": gettext_lazy("Giấu người gửi với cơ quan xử lý"),
    "keywords": gettext_lazy("Từ khóa"),
    "places": gettext_lazy("Địa bàn phụ trách"),
    "phone": gettext_lazy("Điện thoại"),
    "handles_denunciations": gettext_lazy("Giải quyết tố cáo"),
    "valid_from": gettext_lazy("Từ ngày"),
    "valid_to": gettext_lazy("Đến hết ngày"),
}


@dataclass(frozen=True)
class Line:
    """One column of a change; nothing of what was, or of what is, where there is only the other."""

    label: str
    was: str
    now: str


@dataclass(frozen=True)
class Told:
    """A change as the page shows it. `stays`: why it can't be put back; empty if it can."""

    change: Change
    who: str
    at: datetime
    how: str
    lines: list[Line]
    stays: str

    @property
    def added(self) -> bool:
        return not self.change.before


def in_words(changes: Iterable[Change], row: Row) -> list[Told]:
    """Changes of one row; whom they name is looked up in one query, what they name in none."""
    found = list(changes)
    people = dict(User.objects.filter(pk__in={each.by for each in found if each.by}).values_list("pk", "full_name"))
    current = written_of(row)
    return [
        Told(
            each, _who(each, people), each.at, str(Change.How(each.how).label), _lines(each, row), _stays(each, current)
        )
        for each in found
    ]


def _who(change: Change, people: dict[int, str]) -> str:
    if change.by:
        return people.get(change.by, _("một cán bộ"))
    return _("người vận hành ({login})").format(login=change.login) if change.login else _("hệ thống")


def _stays(change: Change, current: dict[str, Any]) -> str:
    if not change.before:
        return _("Lúc thêm mới: không dùng nữa thì cho kết thúc.")
    if any(current[name] != value for name, value in change.after.items()):
        return _("Đã đổi lần nữa từ khi ấy.")
    return ""


def _lines(change: Change, row: Row) -> list[Line]:
    lines = []
    for name in (each for each in columns_of(row) if each in change.after):
        was, now = change.before.get(name), change.after[name]
        if name == "places":
            lines += _places(was or [], now, row)
            continue
        lines.append(Line(str(LABELS[name]), value_in_words(name, was, row), value_in_words(name, now, row)))
    return lines


def _places(was: list[str], now: list[str], row: Row) -> list[Line]:
    """Of a hundred wards those that came and those that went."""
    gone, came = [code for code in was if code not in now], [code for code in now if code not in was]
    lines = [Line(_("Bớt địa bàn"), value_in_words("places", gone, row), "")] if gone else []
    return lines + ([Line(_("Thêm địa bàn"), "", value_in_words("places", came, row))] if came else [])


def value_in_words(name: str, value: Any, row: Row) -> str:
    """What stands in a column, as it is written down, for people; a code whose row is gone stands as it is."""
    if value in (None, "", []):
        return _("không có")
    if isinstance(value, bool):
        return _("có") if value else _("không")
    if name in DAYS:
        return as_typed(value)
    if name == "kind":
        return str(dict(Agency.Kind.choices).get(value, value))
    if name == "places":
        known = snapshot.all_places().by_code
        return ", ".join(known[code].full_name if code in known else code for code in value)
    if name == "agency" or (name == "parent" and isinstance(row, Agency)):
        return next((each.name for each in snapshot.all_agencies() if each.code == value), str(value))
    if name == "parent":
        topic = snapshot.all_topics().by_code.get(value)
        return topic.name if topic else str(value)
    return str(value).replace("\n", ", ")
