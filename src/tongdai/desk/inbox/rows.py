"""The list: cases of one view as short rows (clock, matter, place), in groups that carry the meaning."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongdai.cases import queries
from tongdai.cases.models import Case
from tongdai.cases.states import OPEN, State

from ..clocks import Clock, clock_of, clock_of_support
from ..excerpt import excerpt
from .openings import without_opening


@dataclass(frozen=True)
class Row:
    """One case in the list. `where` is the place, or the agency in charge where the view is about agencies."""

    code: str
    url: str
    matter: str
    where: str
    clock: Clock | None
    state: str
    urgent: bool
    followers: int = 0  # how many are merged into it
    helped: bool = False  # another agency has answered, and the one in charge has done nothing since


@dataclass(frozen=True)
class Group:
    kind: str  # urgent | late | soon | done | wait | merged | over
    heading: str
    rows: list[Row]


ORDER = ("urgent", "late", "soon", "done", "wait", "merged", "over")
HEADINGS: dict[str, str | Promise] = {
    "urgent": gettext_lazy("Khẩn, làm trước"),
    "late": gettext_lazy("Quá hạn"),
    "soon": gettext_lazy("Sắp đến hạn"),
    "done": gettext_lazy("Còn thời gian"),
    "wait": gettext_lazy("Chờ người dân"),
    "merged": gettext_lazy("Theo phiếu chính"),
    "over": gettext_lazy("Đã xong"),
}
INBOX_HEADINGS: dict[str, str | Promise] = {
    **HEADINGS,
    "late": gettext_lazy("Trễ hẹn phân loại"),
    "soon": gettext_lazy("Sắp hết giờ phân loại"),
}


def groups(cases: Iterable[Case], *, view: str, query: str, at: datetime) -> list[Group]:
    """Return the rows of these cases, urgent first, then late, soon, time left, waiting; within, in the order they come in.

    `query`: of the list's address, so that a case's page has the same list beside it.
    """
    headings = INBOX_HEADINGS if view == "inbox" else HEADINGS
    rows = sorted((_row(case, view=view, query=query, at=at) for case in cases), key=lambda pair: ORDER.index(pair[0]))
    return [
        Group(kind, str(headings[kind]), [row for _kind, row in pairs])
        for kind, pairs in groupby(rows, key=lambda pair: pair[0])
    ]


def _row(case: Case, *, view: str, query: str, at: datetime) -> tuple[str, Row]:
    ticking = clock_of(case, at=at)
    if (due_at := getattr(case, "support_due", None)) is not None:
        ticking = clock_of_support(asked_at=getattr(case, "support_asked", due_at), due_at=due_at, at=at)
    kind = _kind(case, ticking)
    row = Row(
        code=case.code,
        url=f"{reverse('desk:case', args=[case.code])}?{query}",
        matter=excerpt(without_opening(case.text)) if case.text else _("Lời kể đã được xóa"),
        where=_where(case, view=view),
        clock=ticking,
        state=_("đã ghép") if case.is_merged else str(State(case.state).label),
        urgent=case.urgent,
        followers=getattr(case, "followers", 0),
        helped=case.support_answered_at is not None,
    )
    return kind, row


def _kind(case: Case, ticking: Clock | None) -> str:
    if ticking is None:
        return "merged" if case.is_merged and case.state in OPEN else "over"
    return "urgent" if case.urgent and not ticking.waits else ticking.kind


def _where(case: Case, *, view: str) -> str:
    if view in ("with_agencies", "drafted", queries.SUPPORTING) and case.lead is not None:
        return case.lead.name
    return case.place.name if case.place is not None else _("chưa rõ nơi")
