"""The room: a board on the wall that is true to the second, who talks with whom, and how the day went."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from tongdai.accounts.rights import EXPORTS_ROOM, SEES_ROOM, SETS_SKILLS
from tongdai.audit.entries import record
from tongdai.audit.models import Kind
from tongdai.channels.voice import figures as voice
from tongdai.channels.voice.models import Agent, Call
from tongdai.channels.voice.records import repairs, supervision
from tongdai.directory.models import City
from tongdai.platform.clock import CITY_TZ, midnight, now
from tongdai.platform.files import spreadsheets
from tongdai.platform.typed_input import NotADay, read_day
from tongdai.shell.staff import StaffRequest, staff

from ..flash import add_message
from .exports import TABLES

MOST_DAYS = timedelta(days=366)
TOO_LONG = 40  # seconds anybody may wait
SHOWN_WAITING = 5
SHOWN_QUEUES = 6  # rows of them that have room on the wall
MOST_DOTS = 20  # that stand beside the number of agents in a state
STATES = (
    (Agent.State.TALKING, "phone-call", "on"),
    (Agent.State.RINGING, "bell", "on"),
    (Agent.State.READY, "headset", "free"),
    (Agent.State.AFTER_CALL, "pencil", "note"),
    (Agent.State.PAUSED, "coffee", "rest"),
)


@require_GET
@staff(*SEES_ROOM)
def wallboard(request: StaffRequest) -> HttpResponse:
    """The whole board, for a screen on the wall."""
    city = City.objects.filter(pk=1).first()
    return render(request, "desk/room/wallboard.html", _now() | {"city": city})


@require_GET
@staff(*SEES_ROOM)
def figures(request: StaffRequest) -> HttpResponse:
    """The figures once more: asked for each second."""
    return render(request, "desk/room/_figures.html", _now())


def _now() -> dict[str, Any]:
    at = now()
    room = voice.room(since=midnight(), at=at)
    return {
        "at": at.astimezone(CITY_TZ),
        "room": room,
        "waiting": room.waiting[:SHOWN_WAITING],
        "more_waiting": max(0, len(room.waiting) - SHOWN_WAITING),
        "total_waiting": len(room.waiting) + room.kept_places,
        "too_long": TOO_LONG,
        "late": room.longest > TOO_LONG,
        "states": [
            (Agent.State(state).label, icon, look, n := room.by_state.get(state, 0), min(n, MOST_DOTS))
            for state, icon, look in STATES
        ],
        "people": sum(room.by_state.values()),
        **_queues(list(room.by_queue)),
    }


def _queues(by_queue: list[tuple[str, int, int, int]]) -> dict[str, Any]:
    """A row a queue while there is room for them; of more the first ones, and what all the others come to."""
    shown = by_queue if len(by_queue) <= SHOWN_QUEUES else by_queue[: SHOWN_QUEUES - 1]
    others = by_queue[len(shown) :]
    return {
        "queues": shown,
        "other_queues": {
            "count": len(others),
            "offered": sum(offered for _queue, offered, _answered, _lost in others),
            "answered": sum(answered for _queue, _offered, answered, _lost in others),
            "lost": sum(lost for _queue, _offered, _answered, lost in others),
        },
    }


@require_GET
@staff(*SEES_ROOM)
def history(request: StaffRequest) -> HttpResponse:
    """A day by half hour and by agent, and the talks that go on now."""
    wrong = ""
    try:
        day = _day(request, "ngay") or midnight()
    except NotADay as why:
        day, wrong = midnight(), str(why)
    until = day + timedelta(days=1)
    shown = {
        "day": day,
        "wrong": wrong,
        "before": day - timedelta(days=1),
        "after": until if until <= now() else None,
        "half_hours": voice.by_half_hour(since=day, until=until),
        "agents": voice.by_agent(since=day, until=until),
        "unlisted": voice.unlisted(since=day, until=until),
        "unlisted_of_agents": voice.unlisted(since=day, until=until, by_agent=True),
        "repairs": repairs.lately(since=now() - timedelta(days=1)),
        "exports": request.user.role in EXPORTS_ROOM,
        "today": midnight(),
        "may_set_skills": request.user.role in SETS_SKILLS,
        "talks": supervision.open_calls(request.user)
        .filter(state=Call.State.TALKING)
        .select_related("agent", "queue")
        .order_by("answered_at"),
    }
    return render(request, "desk/room/history.html", shown, status=422 if wrong else 200)


@require_GET
@staff(*EXPORTS_ROOM)
def export(request: StaffRequest) -> HttpResponse:
    """The room's figures of some days as CSV or XLSX; the export is on record first."""
    try:
        first = _day(request, "tu") or midnight()
        last = max(first, _day(request, "den") or first)
    except NotADay as why:
        add_message(request, str(why))
        return HttpResponseRedirect(reverse("desk:room_history"))
    if last - first > MOST_DAYS:
        add_message(request, _("Mỗi lần tải được nhiều nhất một năm."))
        return HttpResponseRedirect(f"{reverse('desk:room_history')}?ngay={first:%Y-%m-%d}")
    name = request.GET.get("bang", "")
    name = name if name in TABLES else "calls"
    kind = "xlsx" if request.GET.get("dang") == "xlsx" else "csv"
    record(Kind.EXPORT, name, detail={"from": f"{first:%Y-%m-%d}", "to": f"{last:%Y-%m-%d}", "as": kind})
    table, at = TABLES[name], now()
    columns, rows = [str(each) for each in table.columns], table.rows(first, last + timedelta(days=1), at, request.user)
    content = (
        spreadsheets.as_xlsx(columns, rows, made_at=at)
        if kind == "xlsx"
        else "".join(spreadsheets.as_csv(columns, rows))
    )
    headers = {"Content-Disposition": f'attachment; filename="1022-{name}-{first:%Y%m%d}-{last:%Y%m%d}.{kind}"'}
    return HttpResponse(
        content, content_type=spreadsheets.XLSX if kind == "xlsx" else spreadsheets.CSV, headers=headers
    )


def _day(request: StaffRequest, name: str) -> datetime | None:
    """The beginning of the day that is asked for, in the city; None: none is. Raises NotADay."""
    asked = request.GET.get(name, "")
    return datetime.combine(read_day(asked), time(), CITY_TZ) if asked else None
