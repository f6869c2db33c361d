"""The room: a board on the wall that is true to the second, who talks with whom, and how the day went."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from tongdai.accounts.rights import SEES_ROOM
from tongdai.channels.voice import figures as voice
from tongdai.channels.voice import repairs
from tongdai.channels.voice.models import Agent, Call
from tongdai.directory.models import City
from tongdai.platform.clock import CITY_TZ, now, today
from tongdai.platform.typed import NotADay, read_day
from tongdai.shell.staff import StaffRequest, staff

TOO_LONG = 40  # seconds anybody may wait
SHOWN_WAITING = 8
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
    """The whole board, for 1920×1080."""
    city = City.objects.filter(pk=1).first()
    return render(request, "desk/room/wallboard.html", _now() | {"city": city})


@require_GET
@staff(*SEES_ROOM)
def figures(request: StaffRequest) -> HttpResponse:
    """The figures once more: asked for each second."""
    return render(request, "desk/room/_figures.html", _now())


def _now() -> dict[str, Any]:
    at = now()
    room = voice.room(since=today(), at=at)
    return {
        "at": at.astimezone(CITY_TZ),
        "room": room,
        "waiting": room.waiting[:SHOWN_WAITING],
        "too_long": TOO_LONG,
        "late": room.longest > TOO_LONG,
        "states": [(Agent.State(state).label, icon, look, room.by_state.get(state, 0)) for state, icon, look in STATES],
        "people": sum(room.by_state.values()),
    }


@require_GET
@staff(*SEES_ROOM)
def history(request: StaffRequest) -> HttpResponse:
    """A day by half hour and by agent, and the talks that go on now, to be listened to."""
    day, wrong, asked = today(), "", request.GET.get("ngay", "")
    try:
        day = datetime.combine(read_day(asked), time(), CITY_TZ) if asked else day
    except NotADay as why:
        wrong = str(why)
    until = day + timedelta(days=1)
    shown = {
        "day": day,
        "wrong": wrong,
        "before": day - timedelta(days=1),
        "after": until if until <= now() else None,
        "half_hours": voice.by_half_hour(since=day, until=until),
        "agents": voice.by_agent(since=day, until=until),
        "repairs": repairs.lately(since=now() - timedelta(days=1)),
        "talks": Call.objects.filter(state=Call.State.TALKING).select_related("agent", "queue").order_by("answered_at"),
    }
    return render(request, "desk/room/history.html", shown, status=422 if wrong else 200)
