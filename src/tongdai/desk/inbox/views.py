"""The inbox: the views of a role with their counts, and the rows of one of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from tongdai.accounts.models import User
from tongdai.accounts.rights import HAS_CASES
from tongdai.cases import codes, queries
from tongdai.cases.search import find
from tongdai.language.text import clean
from tongdai.platform.clock import now
from tongdai.shell.staff import StaffRequest, staff

from ..navigation import first_page
from . import searches
from .rows import groups

PAGE, MOST = 100, 1000
SEARCH = "tim"
LABELS: dict[str, str | Promise] = {
    "inbox": _("Chờ phân loại"),
    "urgent": _("Khẩn"),
    "handed_back": _("Bị trả lại"),
    "soon": _("Sắp đến hạn"),
    "late": _("Quá hạn"),
    "with_agencies": _("Đang xử lý"),
    "to_accept": _("Chờ nhận"),
    "in_progress": _("Đang xử lý"),
    "waiting": _("Chờ người dân"),
    "answered": _("Đã trả lời"),
    "withdrawn": _("Người dân đã rút"),
}
HOT = frozenset({"urgent", "late"})
EMPTY: dict[str, str | Promise] = {
    "inbox": _("Không còn phiếu nào chờ phân loại. Phiếu mới sẽ tự hiện ở đây."),
    "urgent": _("Không có phiếu khẩn nào đang chờ. Có phiếu khẩn thì người trực được báo và phiếu hiện ở đây."),
    "handed_back": _(
        "Không có phiếu nào bị cơ quan trả lại. "
        "Cơ quan báo không thuộc việc của mình thì phiếu về đây để chuyển nơi khác."
    ),
    "soon": _(
        "Không có phiếu nào sắp đến hạn. Phiếu vào đây khi chỉ còn một phần tư thời gian; mở “Quá hạn” xem việc đã trễ."
    ),
    "late": _("Không có phiếu nào quá hạn. Giữ được như vậy nhé."),
    "with_agencies": _("Chưa có phiếu nào ở các cơ quan. Mở “Chờ phân loại” để chuyển phiếu đi."),
    "to_accept": _("Không có phiếu mới chuyển đến. Phiếu mới sẽ tự hiện ở đây."),
    "in_progress": _("Cơ quan bạn không có phiếu nào đang xử lý. Mở “Chờ nhận” để nhận phiếu mới."),
    "waiting": _(
        "Không có phiếu nào chờ người dân. Hỏi người dân thêm thì phiếu sang đây, họ trả lời thì phiếu trở lại."
    ),
    "answered": _("Chưa có phiếu nào được trả lời. Cơ quan trả lời xong thì phiếu sang đây, để xem lại câu trả lời."),
    "withdrawn": _("Chưa có phiếu nào được rút. Người dân rút phiếu thì phiếu sang đây, và không ai phải trả lời nữa."),
    SEARCH: _("Không thấy phiếu nào. Thử ít chữ hơn, gõ không dấu, hoặc mã 11 số, số điện thoại."),
}


@dataclass(frozen=True)
class ViewLink:
    name: str
    label: str
    url: str
    count: int | None
    hot: bool
    current: bool
    here: bool = True  # its rows are shown in this very list


@require_GET
@staff()
def inbox(request: StaffRequest) -> HttpResponse:
    """Show the list alone, with an invitation where the case would be."""
    if request.user.role not in HAS_CASES:
        first = first_page(request.user)
        if first == request.path:
            return render(request, "desk/inbox/nothing.html")
        return HttpResponseRedirect(first)
    return render(request, "desk/inbox/inbox.html", the_list(request))


@require_GET
@staff(*HAS_CASES)
def rows(request: StaffRequest) -> HttpResponse:
    """Show the list once more, with what others changed. The live island asks; the viewer's rights answer."""
    return render(request, "desk/inbox/_rows.html", {**the_list(request), "refreshed": True})


@require_GET
@staff(*HAS_CASES)
def search_rows(request: StaffRequest) -> HttpResponse:
    """Show what was found, once more."""
    return render(request, "desk/inbox/_rows.html", {**the_list(request, view=SEARCH), "refreshed": True})


@require_http_methods(["GET", "POST"])
@staff(*HAS_CASES)
def search(request: StaffRequest) -> HttpResponse:
    """Find cases by code, phone or words, which are posted. An exact code opens its case at once."""
    if request.method == "POST":
        number = searches.save(request, clean(request.POST.get("q", "")))
        return HttpResponseRedirect(f"{reverse('desk:search')}?{searches.NUMBER}={number}")
    shown = the_list(request, view=SEARCH)
    found = [row for group in shown["groups"] for row in group.rows]
    if len(found) == 1 and found[0].code == codes.read(shown["q"]):
        return HttpResponseRedirect(found[0].url)
    return render(request, "desk/inbox/inbox.html", shown)


def the_list(request: StaffRequest, *, view: str = "", opened: str = "") -> dict[str, Any]:
    """Return what the list pane shows: views with counts, the rows in groups. Four queries, however many rows."""
    user, q = request.user, clean(searches.words(request))
    view = view or request.GET.get("khung", "") or next(iter(queries.views_of(user)))
    most = _most(request.GET.get("toi", ""))
    if view == SEARCH:
        cases = find(user, q, most=PAGE)
    else:
        try:
            cases = list(queries.inbox(user, view)[: most + 1])
        except KeyError as unknown:
            raise Http404 from unknown
    links = view_links(user, current=view)
    return {
        "view": view,
        "view_label": str(LABELS.get(view, "")),
        "views": links,
        "q": q,
        "asked": request.GET.get(searches.NUMBER, "") if q else "",
        "groups": groups(cases[:most], view=view, at=now()),
        "shown": min(len(cases), most),
        "total": next((link.count for link in links if link.current and link.count is not None), len(cases[:most])),
        "more": most + PAGE if len(cases) > most and most < MOST else 0,
        "empty": str(EMPTY[view]),
        "opened": opened or request.GET.get("mo", ""),
    }


def _most(typed: str) -> int:
    """Return how many rows were asked for, within reason."""
    asked_for = int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 6 else PAGE
    return min(MOST, max(PAGE, asked_for))


def view_links(user: User, *, current: str) -> list[ViewLink]:
    """Return the views of this role, with how many open cases stand in each."""
    counts = queries.counts(user)
    home = reverse("desk:inbox")
    return [
        ViewLink(
            name,
            str(LABELS[name]),
            f"{home}?khung={name}",
            counts.get(name),
            name in HOT and bool(counts.get(name)),
            name == current,
        )
        for name in queries.views_of(user)
    ]
