"""What of the record is asked for: the filters of the page, read from its address; a telephone number never stands in one."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from urllib.parse import urlencode

from django.http import HttpRequest
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from tongdai.accounts.models import User
from tongdai.audit.entries import Wanted, mark_of
from tongdai.audit.models import Entry, Kind
from tongdai.cases import codes
from tongdai.language.text import clean
from tongdai.people.models import Contact
from tongdai.people.phones import normalise
from tongdai.platform.clock import CITY_TZ
from tongdai.platform.typed_input import NotADay, read_day, read_id

NUMBER = "audit.number"  # in the session: the telephone number that was asked for last
NOBODY = 0  # the id of no contact


@dataclass
class Asked:
    """The filters as they were typed, what they mean, and what is wrong with them, by field."""

    typed: dict[str, str]
    wanted: Wanted
    wrong: dict[str, str] = field(default_factory=dict)

    def address(self, *, after: Entry | None = None) -> str:
        """The query string of these filters; `after`: of the page that follows this entry."""
        given = {name: value for name, value in self.typed.items() if value}
        if after is not None:
            at, pk = mark_of(after)
            given |= {"sau": f"{at.isoformat()},{pk}"}
        return urlencode(given)


def read(request: HttpRequest) -> Asked:
    """`viec` a kind, `ai` a member of staff by name, `phieu` a code, `tu` and `den` days, both ends in, `sau` a page's mark;

    `nguoi=1` the number in the session.
    """
    typed = {name: clean(request.GET.get(name, ""))[:60] for name in ("viec", "ai", "phieu", "tu", "den", "nguoi")}
    asked = Asked(typed, Wanted())
    since, until = _day(asked, "tu"), _day(asked, "den")
    asked.wanted = Wanted(
        kind=typed["viec"] if typed["viec"] in Kind.values else "",
        staff=_staff(asked),
        person=_person(request) if typed["nguoi"] else None,
        case_code=_code(asked),
        since=since,
        until=until + timedelta(days=1) if until else None,
        after=_mark(request.GET.get("sau", "")),
    )
    return asked


def _staff(asked: Asked) -> int | None:
    name = asked.typed["ai"]
    if not name:
        return None
    found = User.objects.filter(username__iexact=name).values_list("pk", flat=True).first()
    if found is None:
        asked.wrong["ai"] = _("Không có ai mang tên đăng nhập này.")
    return found


def _person(request: HttpRequest) -> int:
    """The contact with the number; without one nobody's entries are shown, as for one of whom there are none to see."""
    number = request.session.get(NUMBER, "")
    return Contact.objects.filter(phone=number).values_list("pk", flat=True).first() or NOBODY


def _code(asked: Asked) -> str:
    typed = asked.typed["phieu"]
    found = codes.read(typed) if typed else None
    if typed and not found:
        asked.wrong["phieu"] = _("Mã phiếu có 11 chữ số.")
    return found or ""


def _day(asked: Asked, name: str) -> datetime | None:
    typed = asked.typed[name]
    if not typed:
        return None
    try:
        return datetime.combine(read_day(typed), time(), CITY_TZ)
    except NotADay as wrong:
        asked.wrong[name] = str(wrong)
        return None


def _mark(typed: str) -> tuple[datetime, int] | None:
    at, _comma, pk = typed.partition(",")
    try:
        moment = parse_datetime(at)
    except ValueError:
        return None
    number = read_id(pk)
    if moment is None or moment.tzinfo is None or number is None:
        return None
    return moment, number


def save_number(request: HttpRequest) -> bool:
    """The number that was typed, for the pages that follow; False where it is none."""
    number = normalise(request.POST.get("number", "")[:40])
    request.session[NUMBER] = number or ""
    return number is not None
