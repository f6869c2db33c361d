"""The supervisor's page: who is at work and in which state, who waits, and what may be done about it."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from tongdai.accounts.models import User
from tongdai.accounts.rights import SUPERVISES
from tongdai.channels.voice import agent_hours
from tongdai.channels.voice.models import Agent, Call, Order, Queue, Step, Supervision
from tongdai.channels.voice.records import orders, supervision
from tongdai.language.text import clean
from tongdai.people.disclosures import disclose
from tongdai.platform.clock import midnight, now
from tongdai.platform.typed_input import too_long
from tongdai.shell.own_path import own_path
from tongdai.shell.staff import StaffRequest, staff

from ..phone.shown import PAUSES, shown, supervised

ID = re.compile(r"[0-9]{1,18}")
TARGET = re.compile(r"head|(queue|agent):[0-9]{1,18}")
MOST_WORDS = 120
ICONS = {
    Agent.State.READY: "headset",
    Agent.State.RINGING: "bell",
    Agent.State.TALKING: "phone-call",
    Agent.State.AFTER_CALL: "pencil",
    Agent.State.PAUSED: "coffee",
    Agent.State.OUT: "phone-off",
}


@dataclass(frozen=True)
class Row:
    """One agent. `call` only where this supervisor may know of it."""

    agent: Agent
    icon: str
    seconds: int
    reason: str
    call: Call | None
    branch: str
    talked: int  # seconds
    missed: int  # rings today
    attended: list[Supervision] = field(default_factory=list)

    @property
    def in_call(self) -> bool:
        return self.agent.state in supervision.IN_CALL


@dataclass(frozen=True)
class Waiting:
    """One who waits for a person; `may_move`: this supervisor may know of the call."""

    call: Call
    seconds: int
    branch: str
    may_move: bool


@require_GET
@staff(*SUPERVISES)
def page(request: StaffRequest) -> HttpResponse:
    """The whole page."""
    return render(request, "desk/room/supervise.html", _board(request.user, at=now()))


@require_GET
@staff(*SUPERVISES)
def board(request: StaffRequest) -> HttpResponse:
    """The lists once more: the exchange has news."""
    return render(request, "desk/room/_supervise.html", _board(request.user, at=now()))


@require_POST
@staff(*SUPERVISES)
def order(request: StaffRequest) -> HttpResponse:
    """Something is to be done with a call, or an agent to be freed: the exchange does it, or says why not."""
    kind, words = request.POST.get("kind", ""), clean(request.POST.get("words", ""))
    if wrong := too_long(words, most=MOST_WORDS):
        return _answer(request, status=422, wrong=wrong)
    if kind not in supervision.KINDS:
        return _answer(request, status=422)
    call, target = None, ""
    if kind == Order.Kind.FREE:
        target = f"agent:{_id(request, 'agent')}"
    elif kind != Order.Kind.LEAVE:
        call = supervision.open_calls(request.user).filter(pk=_id(request, "call")).first()
        if call is None:
            return _answer(request, status=409, wrong=_(orders.OVER))
    if kind == Order.Kind.MOVE:
        target = request.POST.get("target", "")
        if not TARGET.fullmatch(target):
            return _answer(request, status=422, wrong=_("Chọn nơi chuyển đến."))
    elif call is not None:
        disclose(to=request.user, what="recording", contact=call.contact, reference=f"call {call.pk}", at=now())
    orders.give(Order.Kind(kind), by=request.user, at=now(), call=call, target=target, words=words)
    return _answer(request)


@require_POST
@staff(*SUPERVISES)
def state(request: StaffRequest) -> HttpResponse:
    """Somebody is ready, paused or out from now on, for a reason they see."""
    wanted = request.POST.get("state", "")
    agent = Agent.objects.select_related("user").filter(pk=_id(request, "agent"), user__is_active=True).first()
    if agent is None or wanted not in supervision.FORCED:
        return _answer(request, status=422)
    if wanted == Agent.State.READY and not agent.online:
        return _answer(request, status=409, wrong=_("Máy của người này chưa nối với tổng đài."))
    words = clean(request.POST.get("words", ""))
    if wrong := too_long(words, most=MOST_WORDS):
        return _answer(request, status=422, wrong=wrong)
    if not supervision.force(agent, Agent.State(wanted), by=request.user, words=words):
        return _answer(
            request, status=409, wrong=_("Người này đang có cuộc gọi. Hãy chờ xong, nhận cuộc, hoặc gỡ máy.")
        )
    return _answer(request)


def _answer(request: StaffRequest, *, status: int = 200, wrong: str = "") -> HttpResponse:
    """The strip where a button of the strip was pressed, else the lists; a page without JavaScript comes whole."""
    if request.htmx and request.htmx.target == "strip":
        return render(request, "desk/phone/_strip.html", shown(request.user) | {"wrong": wrong}, status=status)
    if not request.htmx and not wrong:
        return HttpResponseRedirect(own_path(request.POST.get("back", ""), otherwise=reverse("desk:supervise")))
    template = "desk/room/_supervise.html" if request.htmx else "desk/room/supervise.html"
    return render(request, template, _board(request.user, at=now()) | {"wrong": wrong}, status=status)


def _board(user: User, *, at: datetime) -> dict[str, Any]:
    agents = _agents(user, at=at)
    waiting = _waiting(user, at=at)
    return supervised(user) | {
        "agents": [row for row in agents if row.agent.state != Agent.State.OUT],
        "out": [row for row in agents if row.agent.state == Agent.State.OUT],
        "waiting": waiting,
        "queues": list(Queue.objects.order_by("rank", "name")),
        "free": [row.agent for row in agents if row.agent.state == Agent.State.READY and row.agent.online],
    }


def _agents(user: User, *, at: datetime) -> list[Row]:
    """By name, so that a row stays where the eye left it. Six queries, however many there are."""
    found = Agent.objects.filter(user__is_active=True).exclude(user=user).select_related("user", "call__queue")
    agents = list(found.order_by("user__full_name"))
    calls = [agent.call_id for agent in agents if agent.call_id and agent.state in supervision.IN_CALL]
    open_ = set(supervision.open_calls(user).filter(pk__in=calls).values_list("pk", flat=True))
    there: dict[int, list[Supervision]] = defaultdict(list)
    for each in Supervision.objects.filter(call__in=open_, ended_at=None).select_related("by"):
        there[each.call_id].append(each)
    names, missed = _branches(), agent_hours.missed_rings(since=midnight(), until=at)
    rows = []
    for agent in agents:
        call = agent.call if agent.call_id in open_ else None
        rows.append(
            Row(
                agent,
                ICONS[Agent.State(agent.state)],
                _seconds(agent.since, at),
                str(PAUSES.get(agent.reason, "")),
                call,
                _branch(call, names) if call else "",
                _seconds(call.answered_at, at) if call else 0,
                missed.get(agent.user_id, 0),
                there[call.pk] if call else [],
            )
        )
    return rows


def _waiting(user: User, *, at: datetime) -> list[Waiting]:
    """Who waits, the longest first."""
    waits = Call.objects.filter(state__in=[Call.State.WAITING, Call.State.RINGING], direction=Call.Direction.IN)
    calls = list(waits.select_related("queue", "agent").order_by("waited_from", "pk"))
    mine = set(supervision.open_calls(user).filter(pk__in=[call.pk for call in calls]).values_list("pk", flat=True))
    names = _branches()
    return [Waiting(call, _seconds(call.waited_from, at), _branch(call, names), call.pk in mine) for call in calls]


def _branches() -> dict[str, str]:
    return dict(Step.objects.values_list("code", "name"))


def _branch(call: Call, names: dict[str, str]) -> str:
    return next((names[code] for code in reversed(call.path) if code in names), "")


def _seconds(since: datetime | None, at: datetime) -> int:
    return max(0, int((at - since).total_seconds())) if since else 0


def _id(request: StaffRequest, name: str) -> int:
    """The row a form names; 0: none."""
    asked = request.POST.get(name, "")
    return int(asked) if ID.fullmatch(asked) else 0
