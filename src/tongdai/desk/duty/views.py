"""Who is on duty: the roster, who is rung at this moment, and a button that tries it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tongdai.accounts.duty.roster import OnDuty, gaps, on_duty_now, read_all, read_what_can_be, turn_of
from tongdai.accounts.duty.shifts import end_shift, save_shift
from tongdai.accounts.models import DutyShift
from tongdai.accounts.rights import KEEPS_ROSTER
from tongdai.channels.duty import alarms as ringing
from tongdai.channels.duty.models import Alarm
from tongdai.channels.voice.asterisk.exchange import is_here
from tongdai.directory.calendar.working_days import CityDay, city_days
from tongdai.directory.city import the_city
from tongdai.directory.models import Place
from tongdai.people.phones import pretty
from tongdai.platform.clock import CITY_TZ, day_of, midnight, now, today
from tongdai.platform.typed_input import NotADay, read_day, read_id
from tongdai.shell.saved_input import saved_input
from tongdai.shell.staff import StaffRequest, staff

from ..flash import add_message
from .alarms import shown_to
from .forms import WEEKDAYS, OnceForm, SwapForm, WeeklyForm, span_in_words
from .table import DAY, days

SHOWN_DAYS = 14
HOLIDAYS_WITHIN = 60 * DAY
TURNS_TO_SWAP = 28 * DAY
form_or_post = require_http_methods(["GET", "POST"])


@require_GET
@staff(*KEEPS_ROSTER)
def roster(request: StaffRequest) -> HttpResponse:
    """Who is rung now, the roster of two weeks, the shifts it is made of."""
    at, since = now(), midnight()
    until = since + SHOWN_DAYS * DAY
    known = read_all(since=since, until=until)
    turns, (weekly, unread), (once, unread_once) = known.turns, _weekly(at), _once(at)
    shown = {
        "rings": ringing.can_ring(),
        "has_exchange": is_here(),
        "people": on_duty_now(at),
        "city_phone": the_city().on_duty_phone,
        "gaps": [span_in_words(*gap) for gap in gaps(at, until, turns=turns)],
        "days": days(since, count=SHOWN_DAYS, turns=turns),
        "ranks": DutyShift.Rank.labels,
        "weekly": weekly,
        "once": once,
        "holidays": _holidays(at, once),
    }
    unreadable = sorted({*known.unreadable, *unread, *unread_once})
    return render(request, "desk/duty/roster.html", shown | _alarms(request) | {"unreadable": unreadable})


@require_GET
@staff(*KEEPS_ROSTER)
def alarms(request: StaffRequest) -> HttpResponse:
    """What rings now, once more: asked when the stream says that something changed."""
    return render(request, "desk/duty/_alarms.html", _alarms(request))


@require_POST
@staff(*KEEPS_ROSTER)
def try_it(request: StaffRequest) -> HttpResponse:
    """Ring one person, to see that it works: no case, nobody after."""
    at = now()
    shift_id = request.POST.get("shift", "")
    person = _person(shift_id, at=at)
    if person is None:
        add_message(request, _("Chưa có ai để báo thử."))
    elif Alarm.objects.filter(trial=True, state=Alarm.State.RINGING).exists():
        add_message(request, _("Đang thử rồi; xem kết quả ở dưới."))
    else:
        ringing.try_it(request.user, person=person, at=at)
        name = person.name or pretty(person.phones[0])
        rings = ringing.can_ring()
        message = _("Đang gọi thử %(name)s.") if rings else _("Đang nhắn tin thử cho %(name)s. Không ai được gọi.")
        add_message(request, message % {"name": name})
    return HttpResponseRedirect(reverse("desk:duty") + "#alarms")


def _person(shift_id: str, *, at: datetime) -> OnDuty | None:
    """Of the shift asked for, or whoever is rung first now; nobody where it is no shift."""
    if shift_id:
        shift = DutyShift.objects.filter(pk=read_id(shift_id) or 0).first()
        if shift is None or not shift.phones:
            return None
        return OnDuty(shift.rank, shift.name, tuple(shift.phones), shift.user_id, shift.pk)
    return next(iter(on_duty_now(at)), None)


@form_or_post
@staff(*KEEPS_ROSTER)
def add_weekly(request: StaffRequest) -> HttpResponse:
    first: dict[str, Any] = {"valid_from": today(), "starts": "17:00", "ends": "07:30", "rank": 1}
    return _weekly_form(request, DutyShift(), first)


@form_or_post
@staff(*KEEPS_ROSTER)
def add_once(request: StaffRequest) -> HttpResponse:
    first: dict[str, Any] = {"rank": 1}
    if holiday := _day_off(request.GET.get("ngay", "")):
        begin = datetime.combine(holiday.day, datetime.min.time(), CITY_TZ)
        first |= {"from_at": begin, "to_at": begin + DAY, "reason": holiday.name}
    return _once_form(request, DutyShift(), first)


@form_or_post
@staff(*KEEPS_ROSTER)
def change(request: StaffRequest, shift_id: int) -> HttpResponse:
    shift = get_object_or_404(DutyShift, pk=shift_id)
    first: dict[str, Any] = {
        "user": shift.user_id, "name": "" if shift.user_id else shift.name, "rank": shift.rank, "kinds": shift.kinds,
        "phones": "\n".join(pretty(phone).replace("\u00a0", " ") for phone in shift.phones), "reason": shift.reason,
        "places": [str(place.pk) for place in shift.places.all()], "from_at": shift.from_at, "to_at": shift.to_at,
        "weekdays": shift.weekdays, "starts": shift.starts, "ends": shift.ends, "valid_from": shift.valid_from,
        "valid_to": shift.valid_to,
    }  # fmt: skip
    return _once_form(request, shift, first) if shift.from_at else _weekly_form(request, shift, first)


@form_or_post
@staff(*KEEPS_ROSTER)
def swap(request: StaffRequest, shift_id: int) -> HttpResponse:
    """Somebody else stands in for one turn: it goes before the shift, which stays as it is."""
    shift = get_object_or_404(DutyShift, pk=shift_id, from_at=None)
    turn, begin = turn_of(shift), midnight() - DAY
    spans = [span for n in range(TURNS_TO_SWAP.days) if (span := turn.begun_on((begin + n * DAY).date()))]
    form = SwapForm(
        request.POST or None, initial=saved_input(request), turns=[span for span in spans if span[1] > now()]
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        since, until = form.turns[given["turn"]]
        made = DutyShift(
            rank=shift.rank, user=given["user"], name=given["name"], phones=given["phones"], from_at=since, to_at=until,
            instead_of=shift, reason=given["reason"] or _("đổi ca"), kinds=shift.kinds,
        )  # fmt: skip
        save_shift(made, places=shift.places.all(), by=request.user, at=now())
        add_message(request, _("%(name)s trực thay %(other)s.") % {"name": made.name, "other": shift.name})
        return HttpResponseRedirect(reverse("desk:duty"))
    return _form_page(request, form, _("Đổi ca của %(name)s") % {"name": shift.name})


@require_POST
@staff(*KEEPS_ROSTER)
def end(request: StaffRequest, shift_id: int) -> HttpResponse:
    shift = end_shift(get_object_or_404(DutyShift, pk=shift_id), by=request.user, at=now())
    add_message(request, _("Đã kết thúc ca của %(name)s.") % {"name": shift.name})
    return HttpResponseRedirect(reverse("desk:duty"))


def _weekly_form(request: StaffRequest, shift: DutyShift, first: dict[str, Any]) -> HttpResponse:
    form = WeeklyForm(request.POST or None, initial={**first, **saved_input(request)})
    heading = _("Sửa ca trực hằng tuần") if shift.pk else _("Thêm ca trực hằng tuần")
    if request.method == "POST" and form.is_valid():
        return _save(request, shift, form, "weekdays", "starts", "ends", "valid_from", "valid_to")
    return _form_page(request, form, heading)


def _once_form(request: StaffRequest, shift: DutyShift, first: dict[str, Any]) -> HttpResponse:
    form = OnceForm(request.POST or None, initial={**first, **saved_input(request)})
    heading = _("Sửa ca trực một lần") if shift.pk else _("Thêm ca ngày lễ, trực một lần")
    if request.method == "POST" and form.is_valid():
        return _save(request, shift, form, "from_at", "to_at", "reason")
    return _form_page(request, form, heading)


def _save(request: StaffRequest, shift: DutyShift, form: forms.Form, *when: str) -> HttpResponse:
    for name in ("user", "name", "phones", "rank", "kinds", *when):
        setattr(shift, name, form.cleaned_data[name])
    save_shift(shift, places=Place.objects.filter(pk__in=form.cleaned_data["places"]), by=request.user, at=now())
    add_message(request, _("Đã lưu ca trực của %(name)s.") % {"name": shift.name})
    return HttpResponseRedirect(reverse("desk:duty"))


def _form_page(request: StaffRequest, form: forms.Form, heading: str) -> HttpResponse:
    return render(
        request, "desk/duty/shift.html", {"form": form, "heading": heading}, status=422 if form.is_bound else 200
    )


def _alarms(request: StaffRequest) -> dict[str, Any]:
    at = now()
    known = read_all(since=at, until=at)
    return {"alarms": shown_to(request.user, at=at), "unreadable": known.unreadable, "broken": known.broken}


def _weekly(at: datetime) -> tuple[list[dict[str, Any]], list[int]]:
    """Those that still hold, or will; and ids of what can't be read."""
    rows = DutyShift.objects.filter(from_at=None).exclude(valid_to__lt=day_of(at))
    return read_what_can_be(rows.prefetch_related("places"), _row)


def _row(shift: DutyShift) -> dict[str, Any]:
    names = dict(WEEKDAYS)
    every = len(shift.weekdays) == len(names)
    return {
        "shift": shift,
        "days": _("mỗi ngày") if every else ", ".join(str(names[n]) for n in sorted(shift.weekdays)),
    }


def _once(at: datetime) -> tuple[list[tuple[DutyShift, str]], list[int]]:
    rows = DutyShift.objects.filter(to_at__gt=at, from_at__isnull=False)
    return read_what_can_be(rows.select_related("instead_of").order_by("from_at", "pk"), _with_span)


def _with_span(row: DutyShift) -> tuple[DutyShift, str]:
    assert row.from_at and row.to_at
    return row, span_in_words(row.from_at, row.to_at)


def _day_off(asked: str) -> CityDay | None:
    """The day off of this date (2027-01-01), if it is one."""
    try:
        day = read_day(asked)
    except NotADay:
        return None
    return next((each for each in city_days(day.year) if each.day == day and not each.worked), None)


def _days_off(at: datetime) -> list[CityDay]:
    """The law's and the city's, for as long as one plans ahead."""
    day = day_of(at)
    both = [*city_days(day.year), *city_days(day.year + 1)]
    return [each for each in both if day <= each.day <= day + HOLIDAYS_WITHIN and not each.worked]


def _holidays(at: datetime, once: list[tuple[DutyShift, str]]) -> list[CityDay]:
    """Those ahead for which nobody has been entered."""
    ahead = _days_off(at)
    entered = [
        (row.from_at, row.to_at) for row, _span in once if row.from_at and row.to_at and row.instead_of_id is None
    ]
    noon = {each.day: datetime.combine(each.day, datetime.min.time(), CITY_TZ) + timedelta(hours=12) for each in ahead}
    return [each for each in ahead if not any(since <= noon[each.day] < until for since, until in entered)]
