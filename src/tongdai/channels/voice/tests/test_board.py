"""Whom to give to whom; who is let in."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import cast

from ..asterisk.client import Pbx
from ..asterisk.legs import Leg
from ..board.board import AtWork, Board, Caller
from ..board.flood_limit import AT_ONCE, WITHIN, FloodLimit
from ..models import Agent

NOON = datetime(2022, 3, 1, 5, tzinfo=UTC)


def caller(call: int, *, rank: int = 50, waits: int = 0) -> Caller:
    return Caller(Leg(cast(Pbx, None), str(call)), call, rank=rank, since=NOON - timedelta(seconds=waits))


def agent(user: int, *, idle: int = 0, state: str = Agent.State.READY, online: bool = True) -> AtWork:
    return AtWork(user, f"line-{user}", state, NOON - timedelta(seconds=idle), online=online)


def paired(waiting: list[Caller], agents: list[AtWork]) -> tuple[int, int] | None:
    pair = Board(waiting, {each.user: each for each in agents}).pair()
    return (pair[0].call, pair[1].user) if pair else None


def test_the_urgent_go_first_then_the_longest_waiting_to_the_longest_idle() -> None:
    waiting = [caller(1, waits=90), caller(2, waits=120), caller(3, rank=10, waits=5)]
    assert paired(waiting, [agent(7, idle=10), agent(8, idle=60)]) == (3, 8)
    assert paired(waiting[:2], [agent(7, idle=10)]) == (2, 7)


def test_nobody_is_rung_who_is_not_ready_not_there_or_has_a_call() -> None:
    busy = agent(4)
    busy.in_hand = True
    away = [agent(1, state=Agent.State.PAUSED), agent(2, online=False), agent(3, state=Agent.State.OUT), busy]
    assert paired([caller(1)], away) is None


def test_who_did_not_answer_this_caller_is_tried_last() -> None:
    waits = caller(1)
    waits.passed_by.add(8)
    assert paired([waits], [agent(7, idle=1), agent(8, idle=60)]) == (1, 7)
    assert paired([waits], [agent(8, idle=60)]) == (1, 8)


def test_who_is_handed_to_one_person_waits_for_that_one_and_holds_up_nobody() -> None:
    handed = caller(1, rank=0, waits=90)
    handed.wanted = 7
    assert paired([handed, caller(2)], [agent(8)]) == (2, 8)
    assert paired([handed, caller(2)], [agent(7), agent(8)]) == (1, 7)


def test_the_place_in_the_queue_counts_those_before_her() -> None:
    first, second = caller(1, waits=90), caller(2, waits=60)
    room = Board([second, first])
    assert (room.place_of(first), room.place_of(second)) == (1, 2)


def test_one_number_takes_a_few_calls_and_never_the_whole_line() -> None:
    flood = FloodLimit()
    assert [flood.lets_in("+84912000001", f"c{n}") for n in range(AT_ONCE + 2)] == [True] * AT_ONCE + [False] * 2
    assert flood.lets_in("+84912000002", "other")
    for n in range(AT_ONCE):
        flood.over(f"c{n}")
    let_in = 0
    for n in range(WITHIN):
        let_in += flood.lets_in("+84912000001", f"d{n}")
        flood.over(f"d{n}")
    assert let_in == WITHIN - AT_ONCE


def test_hidden_numbers_are_many_people() -> None:
    flood = FloodLimit()
    assert all(flood.lets_in("", f"h{n}") for n in range(20))


def test_who_has_just_hung_up_is_given_to_nobody() -> None:
    gone, there = caller(1, waits=90), caller(2, waits=5)
    gone.leg.gone.set()
    assert paired([gone, there], [agent(7)]) == (2, 7)
    assert paired([gone], [agent(7)]) is None
