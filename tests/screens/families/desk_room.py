"""The room: the wall, the supervisor's page, the day's figures, who may take what."""

from __future__ import annotations

from datetime import timedelta

from django.urls import reverse

from tests.screens.states import There, state
from tests.screens.telephone import an_exchange, came, talking
from tests.screens.world import LONG_AGENCY, LONG_NAME
from tongdai.accounts.models import Role
from tongdai.channels.voice.agents import lines, states
from tongdai.channels.voice.models import Agent, Queue, Repair
from tongdai.channels.voice.records import call_records
from tongdai.platform.clock import now


@state("desk:wallboard", "empty", empty=True, height=1080)
def wall_empty(there: There) -> str:
    there.sign_in("supervisor")
    return reverse("desk:wallboard")


@state("desk:wallboard", "busy", height=1080)
def wall(there: There) -> str:
    _busy(there)
    there.sign_in("supervisor")
    return reverse("desk:wallboard")


@state("desk:supervise", "nobody at work", empty=True)
def nobody(there: There) -> str:
    there.sign_in("supervisor")
    return reverse("desk:supervise")


@state("desk:supervise", "busy, with long names")
def supervise(there: There) -> str:
    _busy(there)
    there.sign_in("supervisor")
    return reverse("desk:supervise")


@state("desk:supervise", "an agent's menu open")
def supervise_open(there: There) -> str:
    _busy(there)
    there.sign_in("supervisor")
    there.then(
        lambda page: page.evaluate("document.querySelectorAll('main details').forEach((one) => { one.open = true })")
    )
    return reverse("desk:supervise")


@state("desk:room_history", "empty", empty=True)
def history_empty(there: There) -> str:
    there.sign_in("supervisor")
    return reverse("desk:room_history")


@state("desk:room_history", "full")
def history(there: There) -> str:
    _busy(there)
    Repair.objects.create(kind=Repair.Kind.STRANDED, at=now() - timedelta(hours=1))
    there.sign_in("supervisor")
    return reverse("desk:room_history")


@state("desk:room_history", "no such day", status=422)
def no_such_day(there: There) -> str:
    there.sign_in("supervisor")
    return reverse("desk:room_history") + "?ngay=2022-02-30"


@state("desk:skills", "full")
def skills(there: There) -> str:
    _long_queue()
    there.city.staff(Role.CALL_TAKER, LONG_NAME)
    there.sign_in("supervisor")
    return reverse("desk:skills")


@state("desk:phone_check", "in the browser")
def check(there: There) -> str:
    an_exchange(there)
    there.sign_in("call taker")
    return reverse("desk:phone_check")


@state("desk:phone_check", "by a SIP telephone")
def sip(there: There) -> object:
    an_exchange(there)
    client = there.sign_in("call taker")
    return client.post(reverse("desk:phone_use"), {"kind": "sip"})


def _long_queue() -> Queue:
    return Queue.objects.create(code="long", name=f"Hàng chờ {LONG_AGENCY}"[:80], rank=8)


def _busy(there: There) -> None:
    """Six agents in every state, one of them with a long name; nine wait."""
    talking(there)
    shown = (Agent.State.READY, Agent.State.PAUSED, Agent.State.READY, Agent.State.OUT, Agent.State.AFTER_CALL)
    for number, state_ in enumerate(shown):
        name = LONG_NAME if number == 0 else f"Nguyễn Thị Thu Hiền {number}"
        person = there.city.staff(Role.CALL_TAKER, name)
        lines.line_of(person)
        states.set_state(person, state_, reason="writing" if state_ == Agent.State.PAUSED else "")
    queue = _long_queue()
    for number in range(9):
        call = came(there, phone=f"+8490411000{number}", minutes=number * 7 + 1)
        if number % 2:
            call_records.waits(call.pk, queue=queue.pk, path=call.path)
    Agent.objects.filter(state__in=[Agent.State.READY, Agent.State.TALKING]).update(online=True)
