"""Three minutes are said, and their end is announced; whoever leads a caller to a message, somebody is to hear it."""

from __future__ import annotations

import asyncio
import struct
from collections.abc import Callable, Coroutine
from datetime import timedelta
from typing import Any

import pytest

from tests.city import City
from tongdai.platform.clock import now

from .. import figures
from ..asterisk.exchange import WARNED_AT
from ..asterisk.legs import Leg
from ..board.board import Caller
from ..board.ringing import NotReached
from ..calls import recovery
from ..models import Call, Callback, Step, Trunk
from ..records import call_records
from .exchange import PlayedSwitchboard
from .test_nobody_stands_waiting import serve, state

Story = Callable[[PlayedSwitchboard], Coroutine[Any, Any, None]]


def recording(switchboard: PlayedSwitchboard) -> list[str]:
    """The messages that were begun, in order."""
    return [asked.partition("?")[0] for asked in switchboard.pbx.asked if asked.endswith("/record")]


def over(switchboard: PlayedSwitchboard, caller: Caller, *, part: str = "", seconds: float = 9) -> None:
    """The recording has ended by itself, after so long."""
    name = f"message-{caller.call}{part}"
    switchboard.it.spool_recordings.mkdir(parents=True, exist_ok=True)
    head = struct.pack("<4sI4s4sIHHIIHH4sI", b"RIFF", 0, b"WAVE", b"fmt ", 16, 1, 1, 8000, 16000, 2, 16, b"data", 0)
    (switchboard.it.spool_recordings / f"{name}.wav").write_bytes(head + bytes(int(16_000 * seconds)))
    switchboard._take(
        {"type": "RecordingFinished", "recording": {"name": name, "target_uri": f"channel:{caller.leg.id}"}}
    )


@pytest.mark.parametrize("restarted", [False, True])
def test_who_speaks_for_long_is_told_when_it_ends_and_goes_on(play, restarted: bool) -> None:
    async def story(switchboard: PlayedSwitchboard) -> None:
        caller = switchboard.comes()
        switchboard.start(recovery._then(switchboard, caller, switchboard.menu.step("message"), Call.Outcome.ABANDONED))
        await switchboard.until(lambda: len(recording(switchboard)) == 1 and caller.leg._recorded)
        if restarted:
            switchboard.stop()
            caller.leg._recorded.clear()
            switchboard.pbx.recording = {f"message-{caller.call}"}
            switchboard.start(recovery._serve_on(switchboard, caller, None))
            await switchboard.until(lambda: caller.leg._recorded)
        heard = len(switchboard.pbx.asked)
        over(switchboard, caller, seconds=WARNED_AT)
        await switchboard.until(lambda: len(recording(switchboard)) == 2 and caller.leg._recorded)
        assert sum("/play/" in asked for asked in switchboard.pbx.asked[heard:]) == 2  # a tone, and how long is left
        over(switchboard, caller, part="_1")
        await switchboard.until(lambda: state(caller) == "ended")
        assert Call.objects.get().outcome == Call.Outcome.MESSAGE and Callback.objects.exists()

    play(story)


def test_who_stops_speaking_is_not_asked_to_go_on(play) -> None:
    async def story(switchboard: PlayedSwitchboard) -> None:
        caller = switchboard.comes()
        switchboard.start(recovery._then(switchboard, caller, switchboard.menu.step("message"), Call.Outcome.ABANDONED))
        await switchboard.until(lambda: caller.leg._recorded)
        over(switchboard, caller)
        await switchboard.until(lambda: state(caller) == "ended")
        assert len(recording(switchboard)) == 1

    play(story)


async def rings_on(*_given: object, or_until: asyncio.Event, **_named: object) -> Leg:
    """A telephone outside that nobody takes up."""
    await or_until.wait()
    raise NotReached(19)


async def refuses(*_given: object, **_named: object) -> Leg:
    raise NotReached(19)


@pytest.mark.parametrize("number", ["+84912345678", ""])
@pytest.mark.parametrize("gone", [False, True])
def test_who_is_led_outside_in_vain_leaves_a_message_or_is_rung_back(play, number: str, gone: bool) -> None:
    async def story(switchboard: PlayedSwitchboard) -> None:
        caller = switchboard.comes(number)
        Trunk.objects.create(name="nhà mạng", host="192.0.2.1")
        switchboard.rings.reach = rings_on if gone else refuses  # type: ignore[method-assign]
        outside = Step(code="outside", kind=Step.Kind.OUTSIDE, number="115", then="message")
        switchboard.start(recovery._then(switchboard, caller, outside, Call.Outcome.ABANDONED))
        await switchboard.until(lambda: caller.leg._recorded or gone)
        await switchboard.until(lambda: state(caller) == "menu")
        switchboard.gone(caller.leg.id)
        await switchboard.until(lambda: state(caller) == "ended")
        assert Call.objects.get().outcome == ("abandoned" if gone else "message")
        assert Callback.objects.filter(call=caller.call).exists() == (bool(number) or not gone)

    play(story)


def test_who_talks_with_somebody_outside_was_not_in_vain(city: City) -> None:
    call = call_records.came(channel="1.1", number="+84912345678", dialled="1022").pk
    call_records.talks(call, agent=city.call_taker.pk)
    call_records.waits_no_more(call)
    call_records.transferred(call, path=["person", call_records.OUTSIDE])
    call_records.ended(call, path=["person", call_records.OUTSIDE], outcome=Call.Outcome.ABANDONED)
    assert Call.objects.get().outcome == Call.Outcome.TRANSFERRED and not Callback.objects.exists()


def test_a_caller_who_leaves_a_message_from_the_queue_waits_no_more(play, city: City) -> None:
    async def story(switchboard: PlayedSwitchboard) -> None:
        caller = switchboard.comes()
        serve(switchboard, caller)
        await switchboard.until(lambda: caller in switchboard.board.waiting)
        caller.leg.keys.put_nowait("9")
        await switchboard.until(lambda: caller.leg._recorded, within=6)
        assert state(caller) == "menu"

    play(story)


def test_who_leaves_a_message_from_the_queue_or_is_put_through_outside_has_not_given_up(city: City) -> None:
    at = now()
    for number, outcome in enumerate(("message", "transferred", "answered", "abandoned")):
        call = call_records.came(channel=f"2.{number}", number="", dialled="1022").pk
        call_records.waits(call, queue=None, path=["person"])
        if outcome == "answered":
            call_records.talks(call, agent=city.call_taker.pk)
        call_records.waits_no_more(call)
        if outcome == "transferred":
            call_records.transferred(call, path=[call_records.OUTSIDE])
        path = [call_records.OUTSIDE] if outcome == "transferred" else []
        call_records.ended(call, path=path, outcome="message" if outcome == "message" else "abandoned")
    room = figures.room(since=at - timedelta(hours=1), at=at)
    assert (room.waiting, room.offered, room.answered, room.lost, room.messages) == ([], 4, 1, 1, 1)
    assert set(Call.objects.values_list("outcome", flat=True)) == {"message", "transferred", "answered", "abandoned"}
    [half] = figures.by_half_hour(since=at - timedelta(hours=1), until=at + timedelta(hours=1))
    assert (half["offered"], half["answered"], half["lost"], half["messages"]) == (4, 1, 1, 1)
