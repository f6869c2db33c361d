"""The working calendar: hours of the week, days off, days worked to make up. A change is shown before it is made."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from tongdai.accounts.rights import SETS_CITY
from tongdai.audit.entries import record
from tongdai.audit.models import Kind
from tongdai.directory.calendar.hours import DAYS, WrongHours, read_hours, write_hours
from tongdai.directory.calendar.versions import Week, save_version, set_week, usual_week
from tongdai.directory.calendar.working_days import city_days, law_days
from tongdai.directory.models import Holiday
from tongdai.language.text import clean
from tongdai.platform.clock import now, today
from tongdai.platform.typed_input import NotADay, read_day, too_long
from tongdai.shell.saved_input import saved_input
from tongdai.shell.staff import StaffRequest, staff

from ..flash import add_message
from .effect import would_move

LONGEST_NAME = 120
NOT_RECORDED = frozenset({"csrfmiddlewaretoken", "action"})


@require_GET
@staff(*SETS_CITY)
def calendar(request: StaffRequest) -> HttpResponse:
    return _page(request)


@require_POST
@staff(*SETS_CITY)
def hours(request: StaffRequest) -> HttpResponse:
    """The week's hours of work, a line a day; an empty line is a day off."""
    typed = [request.POST.get(f"day{day}", "") for day in range(len(DAYS))]
    week: Week = {}
    wrong: dict[int, str] = {}
    for day, text in enumerate(typed):
        try:
            week[day] = read_hours(clean(text))
        except WrongHours as why:
            wrong[day] = str(why)
    if not wrong and not any(week.values()):
        wrong[0] = _("cả tuần không có giờ làm việc nào, nên không hạn nào tính được")
    if wrong:
        return _page(request, typed=typed, wrong_hours=wrong, status=422)
    worked = {day: spans for day, spans in week.items() if spans}
    if worked == {day: tuple(sorted(spans)) for day, spans in usual_week().items()}:
        return _back_with(request, _("Giờ làm việc vẫn như cũ."))
    what = "; ".join(f"{DAYS[day]} {write_hours(week[day]) or _('nghỉ')}" for day in range(len(DAYS)))
    return _change(request, lambda: set_week(worked), what=what, typed=typed)


@require_POST
@staff(*SETS_CITY)
def day(request: StaffRequest) -> HttpResponse:
    """One day off or worked, or the city's word on it taken back."""
    given = request.POST
    try:
        on = read_day(given.get("day", ""))
    except NotADay as wrong_day:
        return _page(request, day_typed=given, wrong_day=str(wrong_day), status=422)
    shown = f"{on:%-d.%-m.%Y}"
    if given.get("as") == "law":
        return _change(
            request,
            lambda: Holiday.objects.filter(day=on).delete(),
            what=_("Bỏ điều thành phố ghi riêng cho ngày %(day)s: theo luật và tuần làm việc.") % {"day": shown},
        )
    name = clean(given.get("name", ""))
    wrong = too_long(name, most=LONGEST_NAME)
    if not name:
        wrong = _("Ghi tên ngày, ví dụ “Giỗ Tổ nghỉ bù”: người dân và cán bộ sẽ hỏi vì sao.")
    if wrong:
        return _page(request, day_typed=given, wrong_name=wrong, status=422)
    worked = given.get("as") == "worked"
    words = _("%(day)s làm việc: %(name)s") if worked else _("%(day)s nghỉ: %(name)s")
    return _change(
        request,
        lambda: Holiday.objects.update_or_create(day=on, defaults={"name": name, "working": worked}),
        what=words % {"day": shown, "name": name},
        day_typed=given,
    )


def _change(request: StaffRequest, write: Callable[[], object], *, what: str, **typed: Any) -> HttpResponse:
    """First which deadlines would move; on a second press the change itself."""
    if request.POST.get("action") != "write":
        again = [(name, value) for name, value in request.POST.items() if name not in ("csrfmiddlewaretoken", "action")]
        return _page(request, what=what, effect=would_move(write), again=again, to=request.path, **typed)
    with transaction.atomic():
        write()
        save_version(at=now())
        given = {name: clean(request.POST[name])[:60] for name in request.POST if name not in NOT_RECORDED}
        record(Kind.SETTING, "calendar", what=request.POST.get("day", "")[:10], detail=given)
    return _back_with(
        request, _("Đã ghi. Hạn của các phiếu đang mở được tính lại trong vài phút; mỗi phiếu đổi hạn có ghi lại.")
    )


def _back_with(request: StaffRequest, message: str) -> HttpResponse:
    add_message(request, message)
    return HttpResponseRedirect(reverse("desk:calendar"))


def _page(request: StaffRequest, *, status: int = 200, **more: Any) -> HttpResponse:
    year = today().year
    week, saved = usual_week(), saved_input(request)
    typed = more.pop("typed", None) or [
        saved.get(f"day{day}", write_hours(week.get(day, ()))) for day in range(len(DAYS))
    ]
    wrong = more.pop("wrong_hours", {})
    shown = {
        "week": [(day, DAYS[day], typed[day], wrong.get(day, "")) for day in range(len(DAYS))],
        "wrong_hours": wrong,
        "years": [(each, city_days(each), {on for on, _name, _worked in law_days(each)}) for each in (year, year + 1)],
    }
    return render(request, "desk/calendar/calendar.html", shown | more, status=status)
