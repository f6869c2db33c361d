"""A queue that is too long, too slow or empty of people leads on by the city's own rules, and never in a circle."""

from __future__ import annotations

import pytest

from tests.city import City

from ..calls import overflow
from ..menu import menu
from ..models import Call, Overflow, Queue, Step, Trunk
from ..queues import overflow_rules
from ..queues.overflow_rules import RuleRefused, add
from ..records import call_records
from ..trunks import permission
from .exchange import PlayedSwitchboard
from .test_nobody_stands_waiting import serve, state

HOTLINE = "+842253842005"


@pytest.fixture(autouse=True)
def queues(city: City) -> dict[str, Queue]:
    menu.write_the_usual_one()
    return {queue.code: queue for queue in Queue.objects.all()}


def knows(switchboard: PlayedSwitchboard) -> None:
    switchboard.menu.rules.update(overflow_rules.load())


def test_after_so_long_she_goes_on_to_another_queue_and_keeps_since_when_she_waits(play, queues) -> None:
    async def story(switchboard: PlayedSwitchboard) -> None:
        add(queues["procedures"], when="after", limit=1, to="queue", to_queue=queues["general"])
        knows(switchboard)
        caller = switchboard.comes()
        serve(switchboard, caller, "procedures")
        await switchboard.until(lambda: caller.in_queue == queues["procedures"].pk)
        since = caller.since
        await switchboard.until(lambda: caller.in_queue == queues["general"].pk, within=8)
        await switchboard.until(lambda: state(caller) == "waiting")
        assert (caller.since, caller.been.path[-1]) == (since, "overflow:person")

    play(story)


def test_where_nobody_in_the_shift_takes_it_she_goes_on_at_once(play, city: City, queues) -> None:
    async def story(switchboard: PlayedSwitchboard) -> None:
        add(queues["general"], when="nobody", to="message")
        knows(switchboard)
        caller = switchboard.comes()
        serve(switchboard, caller)
        await switchboard.until(lambda: "overflow:message" in caller.been.path, within=5)
        switchboard.telephone(city.call_taker, answers=False)
        await switchboard.see_agents()
        second = switchboard.comes("+84912345679")
        serve(switchboard, second)
        await switchboard.until(lambda: second in switchboard.board.waiting)
        assert overflow.onward(switchboard, second, switchboard.menu.steps["person"], waited=10) is None

    play(story)


def test_only_whoever_stands_behind_so_many_goes_on(play, queues) -> None:
    async def story(switchboard: PlayedSwitchboard) -> None:
        add(queues["general"], when="length", limit=1, to="number", number="0225 3842 005")
        first, second = switchboard.comes(), switchboard.comes("+84912345679")
        for each in (first, second):
            serve(switchboard, each)
            await switchboard.until(lambda each=each: each in switchboard.board.waiting)
        knows(switchboard)
        onward = [
            overflow.onward(switchboard, each, switchboard.menu.steps["person"], waited=1) for each in (first, second)
        ]
        assert onward[0] is None and onward[1] and (onward[1].kind, onward[1].number) == ("outside", HOTLINE)

    play(story)


def test_a_rule_may_offer_to_keep_the_place(play, queues, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(permission, "is_here", lambda: True)
    Trunk.objects.create(name="Nhà mạng", host="10.0.0.1")

    async def story(switchboard: PlayedSwitchboard) -> None:
        add(queues["general"], when="after", limit=1, to="keep")
        knows(switchboard)
        caller = switchboard.comes()
        serve(switchboard, caller)
        await switchboard.until(lambda: "overflow:instead" in caller.been.path, within=8)
        caller.leg.keys.put_nowait("2")
        await switchboard.until(lambda: caller.been.path[-1] == "message")

    play(story)


def test_the_first_rule_that_holds_is_the_one(play, queues) -> None:
    async def story(switchboard: PlayedSwitchboard) -> None:
        add(queues["general"], when="after", limit=60, to="message")
        add(queues["general"], when="after", limit=30, to="queue", to_queue=queues["danger"])
        knows(switchboard)
        caller = switchboard.comes()
        serve(switchboard, caller)
        await switchboard.until(lambda: caller in switchboard.board.waiting)
        step = switchboard.menu.steps["person"]
        leads = [overflow.onward(switchboard, caller, step, waited=waited) for waited in (10, 40, 90)]
        assert [each and each.code for each in leads] == [None, "danger", "message"]

    play(story)


def test_a_circle_is_refused_and_named(queues) -> None:
    add(queues["general"], when="after", limit=30, to="queue", to_queue=queues["procedures"])
    add(queues["procedures"], when="nobody", to="queue", to_queue=queues["epidemic"])
    with pytest.raises(RuleRefused, match="Dịch bệnh → Việc khác → Thủ tục → Dịch bệnh"):
        add(queues["epidemic"], when="length", limit=3, to="queue", to_queue=queues["general"])
    with pytest.raises(RuleRefused, match="Việc khác → Việc khác"):
        add(queues["general"], when="nobody", to="queue", to_queue=queues["general"])
    assert Overflow.objects.count() == 2


def test_a_circle_by_way_of_the_menu_itself_is_refused_too(queues) -> None:
    Step.objects.filter(code="procedures").update(then="notice")
    Step.objects.filter(code="notice").update(then="person")
    with pytest.raises(RuleRefused, match="Việc khác → Thủ tục → Việc khác"):
        add(queues["general"], when="after", limit=30, to="queue", to_queue=queues["procedures"])


@pytest.mark.parametrize(
    ("rule", "why"),
    [
        ({"when": "after", "limit": 0, "to": "message"}, "từ 1 đến 3600"),
        ({"when": "length", "limit": 9999, "to": "message"}, "từ 1 đến 500"),
        ({"when": "sometime", "to": "message"}, "khi nào"),
        ({"when": "nobody", "to": "queue"}, "chọn hàng chờ"),
        ({"when": "nobody", "to": "number", "number": "12"}, "không gọi được"),
        ({"when": "nobody", "to": "number", "number": "19001234"}, "không gọi ra loại số này"),
    ],
)
def test_a_rule_that_cannot_be_is_refused_in_words(queues, rule: dict[str, object], why: str) -> None:
    with pytest.raises(RuleRefused, match=why):
        add(queues["general"], **rule)  # type: ignore[arg-type]


def test_a_circle_written_by_another_hand_is_walked_once_around(play, queues) -> None:
    """Rows may be written without us: she must not be led about for ever."""

    async def story(switchboard: PlayedSwitchboard) -> None:
        for one, other in (("general", "procedures"), ("procedures", "general")):
            Overflow.objects.create(queue=queues[one], when="nobody", to="queue", to_queue=queues[other])
        knows(switchboard)
        caller = switchboard.comes()
        serve(switchboard, caller)
        await switchboard.until(lambda: caller.in_queue == queues["procedures"].pk, within=5)
        await switchboard.until(lambda: caller in switchboard.board.waiting)
        assert overflow.onward(switchboard, caller, switchboard.menu.steps["procedures"], waited=1) is None
        assert state(caller) == "waiting" and Call.objects.count() == 1

    play(story)


def test_what_is_removed_holds_no_more(queues) -> None:
    overflow_rules.remove(add(queues["general"], when="nobody", to="message"))
    assert overflow_rules.load() == {} and call_records.waiting() == {}
