"""Nobody is at work: that is said at once, with what one can do; who is in danger reaches who is on duty."""

from __future__ import annotations

import asyncio
from datetime import date, time, timedelta
from pathlib import Path

import pytest

from tests.city import City
from tongdai.accounts.models import DutyShift
from tongdai.cases.models import Case
from tongdai.channels.duty import alarms, ringing
from tongdai.channels.duty.models import Ring
from tongdai.platform.clock import now

from ..board.board import Caller
from ..calls import announcements, session
from ..conversation import outgoing
from ..duty import urgent
from ..duty.duty_calls import DutyCalls
from ..models import Call, Callback, Trunk
from ..speech import phrases
from ..trunks import permission
from .exchange import PlayedSwitchboard
from .test_prompts import named_sounds, played

ON_DUTY = "+84912000201"


@pytest.fixture(autouse=True)
def shortly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session, "RENEWED_EVERY", 0.05)


async def queued(
    switchboard: PlayedSwitchboard, code: str, *, number: str = "+84912345678"
) -> tuple[Caller, asyncio.Task[object]]:
    """She has come to this step of the menu, through it all."""
    caller = switchboard.comes(number)
    caller.been.recording_announced = True

    async def served() -> None:
        outcome = await session.go_on(switchboard, caller, switchboard.menu.steps[code])
        await session.finish(switchboard, caller, outcome)

    return caller, asyncio.create_task(served())


def heard(switchboard: PlayedSwitchboard, *codes: str) -> bool:
    return played(switchboard)[-len(codes) :] == list(codes)


def test_nobody_at_work_is_said_at_once_with_what_one_can_do(play, tmp_path: Path) -> None:
    async def story(switchboard: PlayedSwitchboard) -> None:
        named_sounds(switchboard, tmp_path)
        caller, task = await queued(switchboard, "person")
        await switchboard.until(lambda: heard(switchboard, "nobody", "nobody-ring-back", "nobody-message"))
        caller.leg.keys.put_nowait("1")
        async with asyncio.timeout(5):
            await task
        assert played(switchboard)[-1] == "ring-back"
        assert Call.objects.get(pk=caller.call).path[-1] == "ring-back"
        assert Callback.objects.filter(contact__phone=caller.number).count() == 1

    play(story)


def test_a_hidden_number_is_not_promised_a_call(play, tmp_path: Path) -> None:
    async def story(switchboard: PlayedSwitchboard) -> None:
        named_sounds(switchboard, tmp_path)
        caller, task = await queued(switchboard, "person", number="")
        await switchboard.until(lambda: heard(switchboard, "nobody", "nobody-message"))
        caller.leg.keys.put_nowait("1")
        caller.leg.keys.put_nowait("9")
        await switchboard.until(lambda: "leave-message" in played(switchboard))
        task.cancel()

    play(story)


def test_no_wait_is_guessed_where_too_few_talks_were_held(play, city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int | None] = []
    monkeypatch.setattr(phrases, "wait", lambda *, place, minutes, language, it: asked.append(minutes) or [])

    async def story(switchboard: PlayedSwitchboard) -> None:
        switchboard.telephone(city.call_taker)
        await switchboard.see_agents()
        caller = switchboard.comes()
        switchboard.board.waiting.append(caller)
        await announcements.again(switchboard, caller, switchboard.menu.steps["person"])
        assert asked == [None]
        for number in range(announcements.FEWEST_TALKS):
            call = switchboard.comes(f"+8491200000{number}").call
            begun = now()
            Call.objects.filter(pk=call).update(answered_at=begun, ended_at=begun + timedelta(minutes=3, seconds=50))
        await announcements.again(switchboard, caller, switchboard.menu.steps["person"])
        assert asked == [None, 4]

    play(story)


def test_who_is_in_danger_reaches_who_is_on_duty_and_talks_with_them(
    play, city: City, tmp_path: Path, monkeypatch
) -> None:
    on_duty(monkeypatch)

    async def story(switchboard: PlayedSwitchboard) -> None:
        named_sounds(switchboard, tmp_path)
        switchboard.pbx.answers.add(f"{ON_DUTY}@{Trunk.objects.get().endpoint}")
        caller, task = await queued(switchboard, "danger")
        await switchboard.until(lambda: caller.urgent_case)
        assert played(switchboard)[0] == "danger"  # the numbers of the fire brigade, the ambulance, the police
        case = Case.objects.get(pk=caller.urgent_case)
        assert case.urgent and case.contact and case.contact.phone == caller.number
        assert Call.objects.get(pk=caller.call).case_id == case.pk
        alarms.raise_alarm(case.pk, at=now())  # as the job does
        switchboard.start(DutyCalls(switchboard).watch())
        await switchboard.until(lambda: Ring.objects.filter(state=Ring.State.TALKING).exists())
        [leg] = [leg for name, leg in switchboard.legs.items() if name.startswith("duty-")]
        leg.keys.put_nowait("1")
        await switchboard.until(lambda: caller.call in switchboard.talks)
        assert switchboard.talks[caller.call].leg is leg and not switchboard.board.waiting
        assert Call.objects.get(pk=caller.call).state == Call.State.TALKING
        assert Ring.objects.get().state == Ring.State.TAKEN
        leg.gone.set()
        async with asyncio.timeout(5):
            await task
        assert Call.objects.get(pk=caller.call).outcome == Call.Outcome.ANSWERED
        assert not Callback.objects.exists()

    play(story)


def test_who_takes_it_after_the_caller_has_gone_is_thanked_as_always(
    play, city: City, tmp_path: Path, monkeypatch
) -> None:
    on_duty(monkeypatch)

    async def story(switchboard: PlayedSwitchboard) -> None:
        named_sounds(switchboard, tmp_path)
        caller, task = await queued(switchboard, "danger")
        await switchboard.until(lambda: caller.urgent_case)
        alarms.raise_alarm(caller.urgent_case, at=now())
        caller.leg.gone.set()
        await asyncio.gather(task, return_exceptions=True)
        switchboard.leaves(caller)
        assert urgent.who_waits(switchboard, [caller.urgent_case]) is None
        assert not switchboard.talks

    play(story)


def test_with_an_agent_at_work_nobody_on_duty_is_woken(play, city: City, tmp_path: Path) -> None:
    async def story(switchboard: PlayedSwitchboard) -> None:
        named_sounds(switchboard, tmp_path)
        switchboard.telephone(city.call_taker, answers=False)
        await switchboard.see_agents()
        caller, task = await queued(switchboard, "danger")
        await switchboard.until(lambda: played(switchboard) == ["danger"])
        renewed = f"POST channels/{caller.leg.id}/variable"
        await switchboard.until(lambda: switchboard.pbx.asked.count(renewed) > 5)
        assert not caller.urgent_case and not Case.objects.exists()
        task.cancel()

    play(story)


@pytest.mark.parametrize("says", ["recorded", "calling"])
def test_whoever_is_rung_outside_hears_that_it_is_recorded_before_anybody_talks(
    play, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, says: str
) -> None:
    Trunk.objects.create(name="nhà mạng", host="127.0.0.1:9")
    monkeypatch.setattr(permission, "let_out", lambda _number, *, caller, purpose: None)

    async def story(switchboard: PlayedSwitchboard) -> None:
        named_sounds(switchboard, tmp_path)
        switchboard.pbx.answers.add(f"+84912345678@{Trunk.objects.get().endpoint}")
        leg = await outgoing.dial(switchboard, "+84912345678", within=1, or_until=asyncio.Event(), prompt=says)
        assert leg and played(switchboard) == [says]

    play(story)


def on_duty(monkeypatch: pytest.MonkeyPatch) -> None:
    """One person, whose number is let out."""
    Trunk.objects.create(name="nhà mạng", host="127.0.0.1:9")
    DutyShift.objects.create(
        rank=1, name="Đỗ Thu Hằng", phones=[ON_DUTY], weekdays=list(range(7)), starts=time(0), ends=time(0),
        valid_from=date(2020, 1, 1), changed_at=now(),
    )  # fmt: skip
    monkeypatch.setattr("tongdai.channels.voice.duty.duty_calls._let_out", lambda _phone: None)
    monkeypatch.setattr("tongdai.channels.voice.duty.duty_calls._sound", lambda _text, it: it.folder / "said.wav")
    monkeypatch.setattr(alarms, "can_ring", lambda: True)
    assert ringing.waiting() == []
