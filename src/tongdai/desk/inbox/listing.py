"""The list pane: which view or search was asked for, narrowed by which filters, and what it shows of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q, QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongdai.accounts.models import User
from tongdai.accounts.rights import BELONGS_TO_AGENCY
from tongdai.cases import queries
from tongdai.cases.models import Case
from tongdai.cases.search import found
from tongdai.cases.search.filters import together
from tongdai.language.text import clean
from tongdai.platform.clock import now
from tongdai.shell.staff import StaffRequest

from . import filters, saved_views, searches
from .filters import VIEW, Asked
from .rows import groups

PAGE, MOST = 100, 1000
SEARCH = "tim"
MORE, PANEL = "toi", "loc"  # how many rows; whether the filters' form is open
LABELS: dict[str, str | Promise] = {
    "inbox": gettext_lazy("Chờ phân loại"),
    "urgent": gettext_lazy("Khẩn"),
    "handed_back": gettext_lazy("Bị trả lại"),
    "soon": gettext_lazy("Sắp đến hạn"),
    "late": gettext_lazy("Quá hạn"),
    "with_agencies": gettext_lazy("Đang xử lý"),
    "to_accept": gettext_lazy("Chờ nhận"),
    "mine": gettext_lazy("Việc của tôi"),
    "in_progress": gettext_lazy("Đang xử lý"),
    queries.SUPPORTING: gettext_lazy("Phối hợp"),
    "waiting": gettext_lazy("Chờ người dân"),
    "to_mend": gettext_lazy("Dự thảo cần sửa"),
    "to_approve": gettext_lazy("Chờ duyệt"),
    "drafted": gettext_lazy("Chờ duyệt"),
    "answered": gettext_lazy("Đã trả lời"),
    "withdrawn": gettext_lazy("Người dân đã rút"),
    "merged": gettext_lazy("Đã ghép"),
    queries.ALL: gettext_lazy("Mọi phiếu"),
}
HOT = frozenset({"urgent", "late"})
EMPTY: dict[str, str | Promise] = {
    "inbox": gettext_lazy("Không còn phiếu nào chờ phân loại. Phiếu mới sẽ tự hiện ở đây."),
    "urgent": gettext_lazy(
        "Không có phiếu khẩn nào đang chờ. Có phiếu khẩn thì người trực được báo và phiếu hiện ở đây."
    ),
    "handed_back": gettext_lazy(
        "Không có phiếu nào bị cơ quan trả lại. "
        "Cơ quan báo không thuộc việc của mình thì phiếu về đây để chuyển nơi khác."
    ),
    "soon": gettext_lazy(
        "Không có phiếu nào sắp đến hạn. Phiếu vào đây khi chỉ còn một phần tư thời gian; mở “Quá hạn” xem việc đã trễ."
    ),
    "late": gettext_lazy("Không có phiếu nào quá hạn. Giữ được như vậy nhé."),
    "with_agencies": gettext_lazy("Chưa có phiếu nào ở các cơ quan. Mở “Chờ phân loại” để chuyển phiếu đi."),
    "to_accept": gettext_lazy("Không có phiếu mới chuyển đến. Phiếu mới sẽ tự hiện ở đây."),
    "mine": gettext_lazy(
        "Bạn chưa thụ lý phiếu nào. Nhận một phiếu, hoặc đồng nghiệp giao cho bạn, thì phiếu hiện ở đây."
    ),
    "in_progress": gettext_lazy("Cơ quan bạn không có phiếu nào đang xử lý. Mở “Chờ nhận” để nhận phiếu mới."),
    queries.SUPPORTING: gettext_lazy(
        "Không cơ quan nào đang nhờ cơ quan bạn phối hợp. Có nơi nhờ thì phiếu hiện ở đây."
    ),
    "waiting": gettext_lazy(
        "Không có phiếu nào chờ người dân. Hỏi người dân thêm thì phiếu sang đây, họ trả lời thì phiếu trở lại."
    ),
    "to_mend": gettext_lazy("Không có dự thảo nào bị trả lại. Người duyệt trả lại thì phiếu hiện ở đây."),
    "to_approve": gettext_lazy("Không có dự thảo nào chờ duyệt. Cán bộ trình duyệt thì phiếu hiện ở đây."),
    "drafted": gettext_lazy("Không cơ quan nào có dự thảo chờ duyệt. Cán bộ trình duyệt thì phiếu hiện ở đây."),
    "answered": gettext_lazy(
        "Chưa có phiếu nào được trả lời. Cơ quan trả lời xong thì phiếu sang đây, để xem lại câu trả lời."
    ),
    "withdrawn": gettext_lazy(
        "Chưa có phiếu nào được rút. Người dân rút phiếu thì phiếu sang đây, và không ai phải trả lời nữa."
    ),
    "merged": gettext_lazy(
        "Chưa có phiếu nào được ghép. Ghép phiếu cùng việc thì phiếu sang đây, và tách ra cũng từ đây."
    ),
    queries.ALL: gettext_lazy("Chưa có phiếu nào bạn được xem. Phiếu mới sẽ tự hiện ở đây."),
    SEARCH: gettext_lazy("Không thấy phiếu nào. Thử ít chữ hơn, gõ không dấu, hoặc mã 11 số, vài số điện thoại."),
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
    shared: bool = False


@dataclass(frozen=True)
class Way:
    """A filter that one could do without, where all together leave nothing: to how many cases that leads."""

    words: str
    url: str
    count: int
    more: bool


@dataclass
class Listing:
    """A view, or what was searched for (`q`, under the number `search`), and the filters; `notes` say what was not meant."""

    user: User
    view: str
    asked: Asked
    q: str = ""
    search: str = ""
    notes: list[str] = field(default_factory=list)

    @property
    def query(self) -> str:
        """The query by which a page has this list beside it."""
        return self.asked.query(self.head) or f"{VIEW}="

    @property
    def head(self) -> dict[str, str]:
        """What the address of another page says of it."""
        return {VIEW: self.view, searches.NUMBER: self.search}

    @property
    def url(self) -> str:
        """The address of the list alone."""
        return self._at("desk:search" if self.view == SEARCH else "desk:inbox", self.asked.query(self.own))

    @property
    def rows_url(self) -> str:
        return self._at("desk:search_rows" if self.view == SEARCH else "desk:rows", self.asked.query(self.own))

    @property
    def form_url(self) -> str:
        """Where the filters' form is sent, which names the rest."""
        return reverse("desk:search" if self.view == SEARCH else "desk:inbox")

    def url_of(self, rest: str) -> str:
        return self._at("desk:search" if self.view == SEARCH else "desk:inbox", rest)

    def with_more(self, **more: str) -> str:
        """The query of this list with something beside the filters: the form open, more rows."""
        return self.asked.query({**self.own, **more})

    def cases(self, *, without: Sequence[str] = (), view: str = "") -> QuerySet[Case]:
        """Return its cases, in order; `without`: some of the filters; `view`: another view."""
        at, left_out = now(), {filters.FIELDS[name][0] for name in without}
        conditions = self.asked.filter.conditions(at=at)
        narrowed: Q = together(cond for part, cond in conditions.items() if part not in left_out)
        if self.view != SEARCH:
            return queries.inbox(self.user, view or self.view, narrowed=narrowed)
        if self.q or not conditions:
            return found(self.user, self.q, narrowed=narrowed)
        return queries.inbox(self.user, queries.ALL, narrowed=narrowed)

    def ways(self) -> list[Way]:
        """What to loosen, where nothing was found: each filter, and the view, with what is found without it."""
        tries: list[tuple[str, str, QuerySet[Case]]] = [
            (
                _("Bỏ “{label}: {words}”").format(label=chip.label, words=chip.words),
                self.url_of(chip.rest),
                self.cases(without=[chip.name]),
            )
            for chip in self.asked.chips(**self.own)
        ]
        if tries and self.view not in (SEARCH, queries.ALL):
            elsewhere = self.asked.query({VIEW: queries.ALL})
            tries.append((_("Tìm trong mọi phiếu"), self.url_of(elsewhere), self.cases(view=queries.ALL)))
        numbers = queries.numbers_of([cases for _words, _url, cases in tries], most=PAGE)
        return [
            Way(words, url, count, more=count >= PAGE)
            for (words, url, _cases), count in zip(tries, numbers, strict=True)
            if count
        ]

    @property
    def own(self) -> dict[str, str]:
        """What its own address says before the filters."""
        return {searches.NUMBER: self.search} if self.view == SEARCH else {VIEW: self.view}

    @staticmethod
    def _at(name: str, query: str) -> str:
        return f"{reverse(name)}?{query}" if query else reverse(name)


def read(request: StaffRequest, *, view: str = "") -> Listing:
    """Return the list that an address asks for; `view`: whatever it says.

    Raises:
        Http404: nobody has such a view.
    """
    user, asked = request.user, filters.read(request.GET)
    named = view or request.GET.get("khung", "")
    notes = list(asked.wrong.values())
    if named == SEARCH:
        q = clean(searches.words(request))
        number = request.GET.get("lan", "")
        if number and not q:
            notes.append(
                _("Chữ đã tìm không đi theo đường dẫn, để không lộ tên và số. Hãy gõ lại vào ô tìm phiếu ở trên.")
            )
        return Listing(user, SEARCH, asked, q, number if q else "", notes)
    own = queries.views_of(user)
    if named and named not in own:
        if named not in LABELS:
            raise Http404(named)
        notes.append(
            _("Vai trò của bạn không có danh sách “{view}”. Đây là mọi phiếu bạn được xem, cùng bộ lọc ấy.").format(
                view=LABELS[named]
            )
        )
        named = queries.ALL
    return Listing(user, named or next(iter(own)), asked, notes=notes)


def beside(request: StaffRequest) -> Listing:
    """Return the list that a case's page was opened from; where its address names none that is known, the first."""
    known = request.GET.get("khung", "")
    return read(request, view="" if known in (*LABELS, SEARCH) else next(iter(queries.views_of(request.user))))


def the_list(request: StaffRequest, *, view: str = "", opened: str = "") -> dict[str, Any]:
    """Return what the list pane shows: views with counts, filters, the rows in groups. At most six queries, however many rows."""
    listing = read(request, view=view)
    most = _most(request.GET.get("toi", ""))
    cases = list(queries.with_followers(listing.cases())[: most + 1])
    links, saved = view_links(listing)
    counted = next((link.count for link in links if link.current and link.count is not None), None)
    narrowed = bool(listing.asked.narrowing)
    if len(cases) <= most:
        total = len(cases)
    elif counted is not None and not narrowed:
        total = counted
    else:
        total = queries.number_of(listing.cases(), most=MOST)
    own, goes_on = listing.own, len(cases) > most and most < MOST
    return {
        "view": listing.view,
        "view_label": str(LABELS.get(listing.view, "")),
        "views": links,
        "saved": saved,
        "listing": listing,
        "q": listing.q,
        "groups": groups(cases[:most], view=listing.view, query=listing.query, at=now()),
        "shown": min(len(cases), most),
        "total": min(total, MOST) if counted is None or narrowed else total,
        "beyond": total > MOST and (counted is None or narrowed),
        "more_url": listing.url_of(listing.with_more(**{MORE: str(most + PAGE)})) if goes_on else "",
        "more_rows_url": f"{listing.rows_url}&{MORE}={most + PAGE}" if goes_on else "",
        "narrowed": narrowed,
        "chips": [(chip, listing.url_of(chip.rest)) for chip in listing.asked.chips(**own)],
        "bare_url": listing.url_of(listing.asked.query(own, without=filters.FIELDS)),
        "panel_url": listing.url_of(listing.with_more(**{PANEL: "1"})),
        "form_url": listing.form_url,
        "fields": _fields(listing) if request.GET.get("loc") else [],
        "own": list(own.items()),
        "ways": listing.ways() if narrowed and not cases else [],
        "is_saved": any(link.current for link in saved),
        "empty": str(EMPTY[listing.view]),
        "opened": opened or request.GET.get("mo", ""),
    }


def _fields(listing: Listing) -> list[filters.Field]:
    """The form's fields; who sees one agency's cases alone is asked for none."""
    hidden = ["co-quan"] if listing.user.role in BELONGS_TO_AGENCY else []
    return listing.asked.fields(hidden=hidden)


def _most(typed: str) -> int:
    """Return how many rows were asked for, within reason."""
    asked_for = int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 6 else PAGE
    return min(MOST, max(PAGE, asked_for))


def view_links(listing: Listing) -> tuple[list[ViewLink], list[ViewLink]]:
    """Return the views of this role and the lists saved under a name, with how many open cases stand in each."""
    user, home, at = listing.user, reverse("desk:inbox"), now()
    kept = list(saved_views.seen_by(user)) if user.is_authenticated else []
    conditions = {f"saved {each.pk}": saved_views.condition_of(user, each, at=at) for each in kept}
    counts = queries.counts(user, {name: cond for name, cond in conditions.items() if cond is not None})
    here = listing.asked.query({VIEW: listing.view}, only_meant=True) if listing.view != SEARCH else ""
    saved = [
        ViewLink(
            f"saved {each.pk}",
            each.name,
            f"{home}?{each.query}",
            counts.get(f"saved {each.pk}"),
            hot=False,
            current=each.query == here,
            shared=each.owner_id != user.pk,
        )
        for each in kept
    ]
    is_saved = any(link.current for link in saved)
    links = [
        ViewLink(
            name,
            str(LABELS[name]),
            f"{home}?{VIEW}={name}",
            counts.get(name),
            name in HOT and bool(counts.get(name)),
            name == listing.view and not is_saved,
        )
        for name in queries.views_of(user)
    ]
    return links, saved
