"""Whom to give to whom, whatever waits and whoever is there: by skill, in order, and nobody beside somebody who fits."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import cast

from hypothesis import given
from hypothesis import strategies as st

from ..agents.skills import EVERYTHING, Skills
from ..asterisk.client import Pbx
from ..asterisk.legs import Leg
from ..board.board import AtWork, Board, Caller, KeptCaller
from ..menu.ivr import Walk
from ..models import Agent, Queue

NOON = datetime(2022, 3, 1, 5, tzinfo=UTC)
QUEUES = (1, 2, 3)

skills = st.builds(
    Skills,
    levels=st.none() | st.dictionaries(st.sampled_from(QUEUES), st.integers(1, 3)),
    signed_off=st.frozensets(st.sampled_from(QUEUES)),
    languages=st.sampled_from([frozenset(), frozenset({"en"})]),
)
states = st.sampled_from([Agent.State.READY, Agent.State.READY, Agent.State.PAUSED, Agent.State.TALKING])
callers = st.lists(
    st.tuples(
        st.booleans(),  # on the line, or a kept place
        st.sampled_from(QUEUES),
        st.sampled_from([10, 50, 50]),
        st.integers(0, 300),
        st.sampled_from(["vi", "en"]),
        st.frozensets(st.integers(1, 4)),
        st.sampled_from([None, None, None, 2]),
    ),
    max_size=6,
)


def caller(
    call: int, queue: int, *, rank: int = 50, waits: int = 0, language: str = "vi", kept: bool = False
) -> Caller | KeptCaller:
    since = NOON - timedelta(seconds=waits)
    if kept:
        return KeptCaller(call, "+84912345678", rank, since, in_queue=queue, language=language)
    row = Queue(pk=queue, code=f"q{queue}", name=f"Hàng {queue}")
    return Caller(Leg(cast(Pbx, None), f"1.{call}"), call, been=Walk(language), rank=rank, since=since, queue=row)


def agent(user: int, able: Skills = EVERYTHING, *, state: str = Agent.State.READY, idle: int = 0) -> AtWork:
    return AtWork(user, f"line-{user}", state, NOON - timedelta(seconds=idle), skills=able)


def room(waiting: list[Caller | KeptCaller], agents: list[AtWork]) -> Board:
    return Board(
        [each for each in waiting if isinstance(each, Caller)],
        {each.user: each for each in agents},
        [each for each in waiting if isinstance(each, KeptCaller)],
    )


def paired(waiting: list[Caller | KeptCaller], agents: list[AtWork]) -> tuple[int, int] | None:
    pair = room(waiting, agents).pair()
    return pair and (pair[0].place if isinstance(pair[0], KeptCaller) else pair[0].call, pair[1].user)


@given(callers, st.lists(st.tuples(skills, states), max_size=4))
def test_nobody_goes_to_one_without_the_skill_and_nobody_starves_while_somebody_fits(given_, able) -> None:  # type: ignore[no-untyped-def]
    waiting = []
    for number, (on_line, queue, rank, waits, language, passed_by, wanted) in enumerate(given_):
        each = caller(number, queue, rank=rank, waits=waits, language=language, kept=not on_line)
        each.passed_by, each.wanted = set(passed_by), wanted
        waiting.append(each)
    agents = [agent(user, has, state=state) for user, (has, state) in enumerate(able, start=1)]
    here = room(waiting, agents)
    served = []
    while pair := here.pair():
        who, by = pair
        assert by.may_be_rung
        assert by.skills.takes(who.in_queue) or who.wanted == by.user
        served.append(who)
        who.offered = by.in_hand = True
    free = [each for each in agents if each.may_be_rung]
    for left in (each for each in waiting if not each.offered):
        assert not any(each.skills.takes(left.in_queue) and left.wanted in (None, each.user) for each in free)
    for first, later in zip(served, served[1:], strict=False):
        assert (
            not (later.rank, later.since) < (first.rank, first.since)
            or later.wanted is not None
            or _fits_fewer(first, later, agents)
        )


def _fits_fewer(first: Caller | KeptCaller, later: Caller | KeptCaller, agents: list[AtWork]) -> bool:
    """Whether these two want different people: then which was paired first says nothing."""
    return (
        any(each.skills.takes(first.in_queue) != each.skills.takes(later.in_queue) for each in agents)
        or first.wanted is not None
    )


@given(st.integers(0, 300), st.integers(0, 300))
def test_a_kept_place_stands_where_its_person_stood(waits: int, hers: int) -> None:
    line = [caller(1, 1, waits=waits), caller(2, 1, waits=hers, kept=True)]
    if waits != hers:
        assert paired(line, [agent(7)]) == (1 if waits > hers else 2, 7)


def test_the_level_goes_before_who_has_been_idle_the_longest() -> None:
    first, last = agent(7, Skills({1: 1}), idle=5), agent(8, Skills({1: 3}), idle=90)
    usual = agent(9, idle=60)
    assert paired([caller(1, 1)], [first, last, usual]) == (1, 7)
    assert paired([caller(1, 1)], [last, usual]) == (1, 9)
    assert paired([caller(1, 1)], [last]) == (1, 8)


def test_english_callers_go_to_who_speaks_it_first_and_to_anybody_before_they_wait() -> None:
    speaks = agent(7, Skills(languages=frozenset({"en"})), idle=1)
    other = agent(8, idle=60)
    assert paired([caller(1, 1, language="en")], [speaks, other]) == (1, 7)
    assert paired([caller(1, 1, language="en")], [other]) == (1, 8)
    assert paired([caller(1, 1)], [speaks, other]) == (1, 8)


def test_who_signed_off_from_a_queue_is_not_rung_for_it() -> None:
    off = agent(7, Skills(signed_off=frozenset({1})))
    assert paired([caller(1, 1)], [off]) is None
    assert paired([caller(1, 1), caller(2, 2)], [off]) == (2, 7)


def test_the_place_announced_counts_those_whom_the_same_people_take() -> None:
    english_only = agent(7, Skills({2: 2}))
    both = [caller(1, 1, waits=90), caller(2, 2, waits=60)]
    last = caller(3, 2, waits=30)
    here = room([*both, last], [english_only, agent(8, Skills({1: 2}))])
    assert isinstance(last, Caller)
    assert (here.place_of(last), here.length_before(last), here.at_work(2), here.at_work(1)) == (2, 2, 1, 1)


def test_who_is_kept_free_gives_way_only_to_the_more_urgent_whom_nobody_else_takes() -> None:
    kept, busy = caller(1, 1, kept=True), agent(7)
    assert isinstance(kept, KeptCaller)
    busy.in_hand = True
    assert not room([caller(2, 1, waits=900)], [busy]).must_give_way(kept, busy)
    assert room([caller(2, 1, rank=0)], [busy]).must_give_way(kept, busy)
    assert not room([caller(2, 1, rank=0)], [busy, agent(8)]).must_give_way(kept, busy)
    assert room([caller(2, 1, rank=0)], [busy, agent(8, Skills({2: 1}))]).must_give_way(kept, busy)


def test_nobody_is_signed_on_where_all_who_take_it_are_out() -> None:
    out, rests = agent(7, state=Agent.State.OUT), agent(8, Skills({1: 2}), state=Agent.State.PAUSED)
    assert room([], [out, rests]).is_signed_on(1)
    assert not room([], [out, rests]).is_signed_on(2)
