"""What a topic or an agency may be: the same whether it is typed on a page, read from a file or put back."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import timedelta

from django.db import models
from django.utils.translation import gettext as _

from tongdai.platform.clock import today
from tongdai.platform.typed_input import as_typed

from ..models import Agency, Topic
from ..registry import Use, agency_uses, uses_of
from .columns import Row

LIMIT_HOURS = (1, 2000)  # working hours a topic may give, both in
WAIT_DAYS_TAKEN = (1, 60)  # working days for which a reply may be waited for


def what_is_wrong(row: Row, *, was: Row | None, differs: Collection[str]) -> dict[str, str]:
    """What may not be about a row that is to be saved, by its column; empty if it may.

    `was`: the row before, None for a new one. `differs`: the columns that change: what stands unchanged is not judged anew.
    """
    wrong: dict[str, str] = {}
    if not row.name.strip():
        wrong["name"] = _("chưa có tên")
    wrong |= too_long(type(row), {name: getattr(row, name) for name in differs if name != "places"})
    for why in too_long(type(row), {"sort_key": row.sort_key, "folded": row.folded}).values():
        wrong["name"] = why
    if {"valid_from", "valid_to"} & set(differs) and row.valid_from and row.valid_to and row.valid_to < row.valid_from:
        wrong["valid_to"] = _("ngày cuối {last} trước ngày đầu {first}").format(
            last=as_typed(row.valid_to), first=as_typed(row.valid_from)
        )
    if why := _parent(row, differs=differs):
        wrong["parent"] = why
    if isinstance(row, Topic):
        wrong |= _topic(row, differs=differs)
    elif isinstance(was, Agency) and (why := _stranded(row, was)):
        wrong["valid_to" if row.valid_to != was.valid_to else "valid_from"] = why
    return wrong


def too_long(model: type[models.Model], values: Mapping[str, object]) -> dict[str, str]:
    """Which of these values are longer than what is kept of them."""
    wrong = {}
    for name, value in values.items():
        most = getattr(model._meta.get_field(name), "max_length", None)
        if most and isinstance(value, str) and len(value) > most:
            wrong[name] = _("dài quá {most} ký tự").format(most=most)
    return wrong


def is_over(row: Row) -> bool:
    """Whether it holds no more: its last day has passed."""
    return row.valid_to is not None and row.valid_to < today()


def still_resting(agency: Agency) -> list[Use]:
    """What rests on this agency and would have nobody, were it no more."""
    return [use for use in uses_of(agency_uses, [agency.pk])[agency.pk] if use.remedy]


def _parent(row: Row, *, differs: Collection[str]) -> str:
    """Nothing lies under itself; and what begins to lie under something, or begins again, does so under what holds."""
    if row.parent is None:
        return ""
    if "parent" in differs and row.pk and row.pk in _ids_above(row):
        return _("“{name}” nằm dưới chính “{row}”, nên không thể ở trên").format(name=row.parent.name, row=row.name)
    if {"parent", "valid_to"} & set(differs) and is_over(row.parent) and not is_over(row):
        assert row.parent.valid_to
        return _("“{name}” đã kết thúc ngày {day}; chọn mục khác hoặc để trống").format(
            name=row.parent.name, day=as_typed(row.parent.valid_to)
        )
    return ""


def _ids_above(row: Row) -> list[int]:
    """The rows above it as they stand in the database, each once."""
    found: list[int] = []
    above = row.parent_id
    while above is not None and above not in found:
        found.append(above)
        above = type(row)._default_manager.filter(pk=above).values_list("parent_id", flat=True).first()
    return found


def _topic(row: Topic, *, differs: Collection[str]) -> dict[str, str]:
    wrong = {}
    if not LIMIT_HOURS[0] <= row.limit_hours <= LIMIT_HOURS[1]:
        wrong["limit_hours"] = _("từ {least} đến {most} giờ làm việc").format(least=LIMIT_HOURS[0], most=LIMIT_HOURS[1])
    if not WAIT_DAYS_TAKEN[0] <= row.wait_days <= WAIT_DAYS_TAKEN[1]:
        wrong["wait_days"] = _("từ {least} đến {most} ngày làm việc").format(
            least=WAIT_DAYS_TAKEN[0], most=WAIT_DAYS_TAKEN[1]
        )
    agency = row.agency
    if "agency" in differs and agency is not None and agency.valid_to and is_over(agency) and not is_over(row):
        wrong["agency"] = _("“{name}” đã kết thúc ngày {day}; chọn cơ quan khác").format(
            name=agency.name, day=as_typed(agency.valid_to)
        )
    return wrong


def _stranded(row: Agency, was: Agency) -> str:
    """An agency that held until now goes on holding tomorrow, as long as cases or people would have nowhere to be."""
    tomorrow = today() + timedelta(days=1)
    if row.holds_on(tomorrow) or not (was.holds_on(today()) or was.holds_on(tomorrow)):
        return ""
    resting = still_resting(row)
    if not resting:
        return ""
    return _("chưa kết thúc được: còn {what}. Trước hết {remedy}; hoặc chọn một ngày cuối sau hôm nay").format(
        what=", ".join(use.words for use in resting), remedy=_(", rồi ").join(use.remedy for use in resting)
    )
