"""Whatever rings outside rings by one gate: calls back, calls handed on, whom the menu leads outside, who is on duty."""

from __future__ import annotations

import asyncio

import pytest

from tests.city import City
from tongdai.channels.duty.models import Alarm, Ring
from tongdai.channels.duty.ringing import ToRing
from tongdai.directory import outbound
from tongdai.directory.models import Outbound
from tongdai.people.models import Channel
from tongdai.people.purposes import Purpose
from tongdai.platform.clock import now

from ..calls import calling_out, session
from ..duty.duty_calls import DutyCalls
from ..models import Call, Order, Step, Trunk
from ..records import call_records, orders
from ..trunks import permission
from .exchange import PlayedSwitchboard
from .test_nobody_stands_waiting import ask, state, talk

SOMALIA, IRIDIUM, HOTLINE = "+252612345678", "+881612345678", "+842253842005"


@pytest.fixture(autouse=True)
def a_carrier(city: City) -> Trunk:
    return Trunk.objects.create(name="Nhà mạng", host="10.0.0.1")


def rung_outside(switchboard: PlayedSwitchboard) -> list[str]:
    return [endpoint.split("@")[0] for endpoint in switchboard.pbx.rung if "@" in endpoint]


@pytest.mark.parametrize("number", [SOMALIA, IRIDIUM, "19001234", "+8419001234"])
def test_nobody_is_rung_back_at_a_number_the_city_does_not_ring_and_it_is_said(play, city: City, number: str) -> None:
    async def story(switchboard: PlayedSwitchboard) -> None:
        line = switchboard.telephone(city.call_taker)
        await switchboard.see_agents()
        order = orders.give(Order.Kind.CALL_OUT, by=city.call_taker, at=now(), target=number)
        await calling_out.call_out(switchboard, order)
        order.refresh_from_db()
        assert order.refused == orders.BARRED
        assert line not in switchboard.pbx.rung and rung_outside(switchboard) == []

    play(story)


@pytest.mark.parametrize("kind", [Order.Kind.TRANSFER, Order.Kind.CONSULT])
@pytest.mark.parametrize(("number", "rings"), [(SOMALIA, False), ("19001234", False), ("115", True), (HOTLINE, True)])
def test_a_caller_is_handed_on_to_emergency_and_home_numbers_alone_and_stays_with_the_agent_otherwise(
    play,
    city: City,
    kind: Order.Kind,
    number: str,
    rings: bool,
) -> None:
    async def story(switchboard: PlayedSwitchboard) -> None:
        caller = switchboard.comes()
        await talk(switchboard, caller, city.call_taker)
        ask(kind, caller, by=city.call_taker, target=number)
        await switchboard._obey()
        if rings:
            await switchboard.until(lambda: rung_outside(switchboard) == [number])
            return
        await switchboard.until(lambda: Order.objects.get().done_at)
        assert Order.objects.get().refused == orders.BARRED
        assert rung_outside(switchboard) == [] and state(caller) == "talking"

    play(story)


def test_a_step_of_the_menu_leads_to_no_such_number_either_but_to_the_message_after_it(play, city: City) -> None:
    Step.objects.create(code="abroad", kind=Step.Kind.OUTSIDE, name="Ra ngoài", number=SOMALIA, then="message")

    async def story(switchboard: PlayedSwitchboard) -> None:
        caller = switchboard.comes()
        step = Step.objects.get(code="abroad")
        switchboard.start(_go_on(switchboard, caller, step))
        await switchboard.until(lambda: any("record" in asked for asked in switchboard.pbx.asked))
        assert rung_outside(switchboard) == []

    play(story)


async def _go_on(switchboard: PlayedSwitchboard, caller, step: Step) -> None:
    await session.go_on(switchboard, caller, step)


def test_calls_out_are_bounded_an_hour_and_danger_115_and_who_is_on_duty_are_not(city: City) -> None:
    outbound.decide(kinds=[Outbound.Kind.MOBILE, Outbound.Kind.LANDLINE], calls_a_block=1, calls_an_hour=1)
    permission.let_out("+84912345678")
    with pytest.raises(permission.NotLetOut) as stopped:
        permission.let_out("+84912345679")
    assert stopped.value.why == orders.TOO_MANY
    for _ in range(2):
        permission.let_out("115")
        permission.let_out("+84912345679", purpose=Purpose.DUTY)
    city.case(
        "Nhà số 12 ngõ 5 đang cháy to, còn người mắc kẹt trên tầng hai", phone="+84912345679", channel=Channel.VOICE
    )
    permission.let_out("+84912345679")
    permission.let_out(HOTLINE, caller="+84912345679")  # who is handed on is the one in danger


def test_who_is_on_duty_is_rung_at_home_numbers_alone(play, city: City) -> None:
    alarm = Alarm.objects.create(opened_at=now())
    row = Ring.objects.create(alarm=alarm, number=0, state=Ring.State.RINGING, started_at=now(), until=now())

    async def story(switchboard: PlayedSwitchboard) -> None:
        for number in (SOMALIA, HOTLINE):
            ring = ToRing(row.pk, (number,), 5.0, 5.0)
            await DutyCalls(switchboard)._dial(ring, number, within=1, or_until=asyncio.Event())
        assert rung_outside(switchboard) == [HOTLINE]

    play(story)


def test_a_call_that_met_nobody_from_abroad_is_still_on_the_list(city: City) -> None:
    """Its number is not rung; that somebody tried is not lost."""
    call = call_records.came(channel="1.1", number=SOMALIA, dialled="1022")
    call_records.ended(call.pk, path=["message"], outcome=Call.Outcome.MESSAGE)
    assert call.contact and call.contact.callbacks.get().state == "waiting"
