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


@state("desk:wallboard", "empty", empty=True, wall=True)
def wall_empty(there: There) -> str:
    there.sign_in("supervisor")
    return reverse("desk:wallboard")


@state("desk:wallboard", "busy", wall=True)
def wall(there: There) -> str:
    _busy(there)
    there.sign_in("supervisor")
    return reverse("desk:wallboard")


@state("desk:wallboard", "a large room, and somebody waits for hours", wall=True, words="hàng chờ khác")
def wall_full(there: There) -> str:
    _busy(there)
    for number in range(60):
        person = there.city.staff(Role.CALL_TAKER, f"Nguyễn Văn Nam {number}")
        lines.line_of(person)
        states.set_state(person, Agent.State.READY, reason="")
    for number in range(9):
        queue = Queue.objects.create(code=f"q{number}", name=f"Hàng chờ {LONG_AGENCY} {number}"[:80], rank=20 + number)
        call = came(there, phone=f"+8490422000{number}", minutes=300 + number)
        call_records.waits(call.pk, queue=queue.pk, path=call.path)
    Agent.objects.filter(state=Agent.State.READY).update(online=True)
    there.sign_in("supervisor")
    return reverse("desk:wallboard")


@state("desk:wallboard", "connection lost", wall=True, words="Mất kết nối")
def wall_lost(there: There) -> str:
    _busy(there)
    there.sign_in("supervisor")
    _no_figures(there, status=0, says="away")
    return reverse("desk:wallboard")


@state("desk:wallboard", "session ended", wall=True, words="Phiên đã hết")
def wall_out(there: There) -> str:
    _busy(there)
    there.sign_in("supervisor")
    _no_figures(there, status=401, says="out")
    return reverse("desk:wallboard")


def _no_figures(there: There, *, status: int, says: str) -> None:
    """From now on no figures come, and the wall says so."""
    there.fails[reverse("desk:wallboard_figures")] = status
    there.then(lambda page: page.wait_for_selector(f"[data-lost={says}]:not([hidden])"))


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
