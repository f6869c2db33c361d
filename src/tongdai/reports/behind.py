"""The cases behind a figure: every number of the sheet leads to the very cases it counts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.db.models import Manager, Q, QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongdai.cases.models import Case
from tongdai.directory.models import Agency, Place, Topic
from tongdai.people.models import Channel
from tongdai.platform.typed_input import NotADay, read_day

from .figures import answered_in, measures, received_in
from .period import Period, written

# name in the address → (measure of `figures.measures`, words)
MEASURES: dict[str, tuple[str, str | Promise]] = {
    "nhan": ("", gettext_lazy("Phiếu đã nhận")),
    "tra-loi": ("answered", gettext_lazy("Phiếu đã trả lời trong kỳ")),
    "dung-han": ("on_time", gettext_lazy("Phiếu trả lời đúng hạn")),
    "xet-han": ("sayable", gettext_lazy("Phiếu đã trả lời hoặc đã quá hạn")),
    "chua-den-han": ("undue", gettext_lazy("Phiếu chưa đến hạn, chưa trả lời")),
    "da-rut": ("withdrawn", gettext_lazy("Phiếu người gửi đã rút trước khi có trả lời")),
    "chua-thanh-cong": ("unsuccessful", gettext_lazy("Phiếu quá hạn chưa trả lời hoặc bị từ chối")),
    "giup-tra-cuu": ("asked", gettext_lazy("Phiếu qua cổng về giúp người mắc COVID-19 và tra cứu")),
}
ANSWERED_ON = "tra-loi-ngay"  # of a day of the chart: first answered on it, whenever received
GROUPS = {"kenh": "channel", "linh-vuc": "topic__code", "dia-ban": "place__code", "co-quan": "lead__code"}
OF_THE_CITY = frozenset(MEASURES) - {"giup-tra-cuu"} | {ANSWERED_ON}  # counted of every case, not only of the listed
NONE = "-"  # the group of those without one


class NoSuchFigure(ValueError):
    """The address names no figure of the sheet."""


@dataclass(frozen=True)
class Figure:
    """One number of a sheet: what is counted, over which days, of which groups."""

    period: Period
    measure: str = "nhan"
    groups: Mapping[str, str] = field(default_factory=dict)

    @property
    def url(self) -> str:
        days = {"tu": self.period.first.isoformat(), "den": self.period.last.isoformat()}
        return f"{reverse('reports:behind')}?{urlencode({**days, 'so': self.measure, **self.groups})}"

    def cases(self, seen: QuerySet[Case]) -> QuerySet[Case]:
        """Return the cases it counts, of those `seen`; the newest first."""
        if self.measure == ANSWERED_ON:
            found = answered_in(self.period, seen)
        else:
            name = MEASURES[self.measure][0]
            found = received_in(self.period, seen).filter(measures(self.period)[name] if name else Q())
        for group, code in self.groups.items():
            column = GROUPS[group]
            found = found.filter(**({f"{column.removesuffix('__code')}": None} if code == NONE else {column: code}))
        return found.order_by("-received_at", "-pk")

    def unlisted(self, seen: QuerySet[Case]) -> int | None:
        """Count what it counts of the whole city and is not among those `seen`; None for a group, which holds listed ones."""
        if self.groups or self.measure not in OF_THE_CITY:
            return None
        return self.cases(Case.objects.all()).count() - self.cases(seen).count()

    def words(self) -> str:
        """Say what it counts, for the head of the list."""
        if self.measure == ANSWERED_ON:
            heading = _("Phiếu được trả lời lần đầu ngày {day}").format(day=written(self.period.first))
        else:
            heading = f"{MEASURES[self.measure][1]}, {self.period}"
        return ": ".join([heading, *map(_name_of, self.groups.items())])


def read(query: Mapping[str, str]) -> Figure:
    """Return the figure that an address names.

    Raises:
        NoSuchFigure
    """
    try:
        period = Period(read_day(query.get("tu", "")), read_day(query.get("den", "")))
    except NotADay as wrong:
        raise NoSuchFigure(str(wrong)) from wrong
    measure = query.get("so", "nhan")
    if measure not in MEASURES and measure != ANSWERED_ON:
        raise NoSuchFigure(measure)
    return Figure(period, measure, {group: query[group] for group in GROUPS if query.get(group)})


def _name_of(group: tuple[str, str]) -> str:
    kind, code = group
    if kind == "kenh":
        return str(dict(Channel.choices).get(code, code))
    if code == NONE:
        return {"linh-vuc": _("chưa phân loại"), "dia-ban": _("chưa rõ nơi"), "co-quan": _("chưa chuyển")}[kind]
    rows: dict[str, Manager[Any]] = {"linh-vuc": Topic.objects, "dia-ban": Place.objects, "co-quan": Agency.objects}
    return str(rows[kind].filter(code=code).first() or code)
