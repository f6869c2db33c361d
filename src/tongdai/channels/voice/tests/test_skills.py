"""Who may be rung for which queue: as a supervisor allows, as one has signed on; where nothing is set, everybody for all."""

from __future__ import annotations

import asyncio

import pytest

from tests.city import City

from ..agents import skills
from ..calls import distribution
from ..calls.stranded import LONGEST, Watch
from ..menu import menu
from ..models import Queue
from .exchange import PlayedSwitchboard
from .test_nobody_stands_waiting import serve, state


def queue(code: str) -> Queue:
    menu.write_the_usual_one()
    return Queue.objects.get(code=code)


def test_where_nothing_is_set_everybody_takes_every_queue(city: City) -> None:
    general = queue("general")
    assert skills.of_all() == {}
    assert [taken for _queue, taken in skills.signed_on(city.call_taker)] == [True] * Queue.objects.count()
    assert skills.EVERYTHING.takes(general.pk)


def test_a_caller_waits_beside_a_free_agent_without_the_skill_and_goes_to_one_who_has_it(play, city: City) -> None:
    async def story(switchboard: PlayedSwitchboard) -> None:
        skills.allow(city.call_taker, levels={queue("procedures").pk: 2}, languages=[])
        switchboard.telephone(city.call_taker)
        await switchboard.see_agents()
        switchboard.start(distribution.give_out(switchboard, switchboard.kept_place_calls.ring))
        caller = switchboard.comes()
        serve(switchboard, caller)
        await switchboard.until(lambda: caller in switchboard.board.waiting)
        watch = Watch(switchboard)
        for at in range(int(LONGEST) + 4):
            await watch.look(at=at)
        await asyncio.sleep(0.05)
        assert (state(caller), switchboard.pbx.rung) == ("waiting", [])
        able = switchboard.telephone(city.coordinator)
        await switchboard.see_agents()
        await switchboard.until(lambda: caller.call in switchboard.talks)
        assert switchboard.pbx.rung == [able]

    play(story)


def test_whom_a_colleague_is_asked_to_take_by_name_is_taken_whatever_the_skill(play, city: City) -> None:
    async def story(switchboard: PlayedSwitchboard) -> None:
        skills.allow(city.call_taker, levels={queue("procedures").pk: 2}, languages=[])
        switchboard.telephone(city.call_taker)
        await switchboard.see_agents()
        caller = switchboard.comes()
        caller.wanted = city.call_taker.pk
        switchboard.start(distribution.give_out(switchboard, switchboard.kept_place_calls.ring))
        serve(switchboard, caller)
        await switchboard.until(lambda: caller.call in switchboard.talks)

    play(story)


def test_one_signs_on_within_what_is_allowed_and_never_off_from_all(city: City) -> None:
    general, procedures = queue("general"), queue("procedures")
    skills.allow(city.call_taker, levels={general.pk: 1, procedures.pk: 3}, languages=["en"])
    skills.sign_on(city.call_taker, {general.pk, queue("danger").pk})
    able = skills.of_all()[city.call_taker.pk]
    assert (able.takes(general.pk), able.takes(procedures.pk), able.takes(queue("danger").pk)) == (True, False, False)
    assert able.speaks("en") and able.level(general.pk) == 1
    with pytest.raises(skills.CannotSignOff):
        skills.sign_on(city.call_taker, {queue("danger").pk})
    assert skills.of_all()[city.call_taker.pk] == able


def test_what_is_allowed_anew_is_taken_until_one_signs_off_anew(city: City) -> None:
    general, procedures = queue("general"), queue("procedures")
    skills.sign_on(city.call_taker, {general.pk})
    assert not skills.of_all()[city.call_taker.pk].takes(procedures.pk)
    assert skills.allow(city.call_taker, levels={procedures.pk: 2}, languages=[])
    assert not skills.allow(city.call_taker, levels={procedures.pk: 2}, languages=[])
    assert skills.of_all()[city.call_taker.pk].takes(procedures.pk)
    skills.allow(city.call_taker, levels={}, languages=[])
    assert skills.of_all() == {}
