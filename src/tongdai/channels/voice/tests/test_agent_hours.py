"""A made-up day by hand: a shift over midnight, one that still goes on, pauses by reason, rings that were not taken."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import connection

from tests.city import City
from tongdai.accounts.models import User
from tongdai.platform.clock import CITY_TZ

from .. import agent_hours
from ..agents import after_call, lines, states
from ..models import Agent, AgentTime, Call, Line
from ..records import call_records

DAY = datetime(2026, 3, 10, tzinfo=CITY_TZ)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
Travel = Callable[[datetime], None]


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Travel:
    def travel(moment: datetime) -> None:
        for each in (states, call_records, after_call):
            monkeypatch.setattr(each, "now", lambda: moment)

    return travel


def made_up_day(city: City, at: Travel) -> tuple[User, User]:
    """The first: 22:00–02:00 and 08:00–12:00. The second: from 23:00, still there. Calls as in `called`."""
    first, second = city.call_taker, city.coordinator
    at(DAY - 2 * HOUR)
    states.set_state(first, "ready")
    at(DAY + 2 * HOUR)
    states.set_state(first, "out")
    at(DAY + 8 * HOUR)
    states.set_state(first, "ready")
    called(first, at, DAY + 9 * HOUR, "1.1")
    at(DAY + 10 * HOUR)
    states.set_state(first, "paused", reason="meal")
    at(DAY + 10 * HOUR + 30 * MINUTE)
    states.set_state(first, "paused", reason="meeting")
    at(DAY + 10 * HOUR + 45 * MINUTE)
    states.set_state(first, "ready")
    missed(first, at, DAY + 11 * HOUR, "1.2")
    at(DAY + 12 * HOUR)
    states.set_state(first, "out")
    at(DAY + 23 * HOUR)
    states.set_state(second, "ready")
    return first, second


def called(agent: User, at: Travel, begun: datetime, channel: str) -> None:
    """Rung for 10 s, 5 minutes of talk, 30 s to write."""
    at(begun)
    call = call_records.came(channel=channel, number="", dialled="1022").pk
    call_records.rings(call, agent=agent.pk)
    at(begun + timedelta(seconds=10))
    call_records.talks(call, agent=agent.pk)
    at(begun + timedelta(seconds=10) + 5 * MINUTE)
    call_records.ended(call, path=[], outcome=Call.Outcome.ABANDONED)
    states.hung_up(agent.pk)
    at(begun + timedelta(seconds=40) + 5 * MINUTE)
    Agent.objects.update(online=True)
    after_call.back_to_work()


def missed(agent: User, at: Travel, begun: datetime, channel: str) -> None:
    """15 s of ringing that nobody takes, then away for a minute; and once more, but the caller has gone before."""
    call = call_records.came(channel=channel, number="", dialled="1022").pk
    for seconds, state in ((0, "paused"), (60, "ready")):
        at(begun + timedelta(seconds=seconds))
        states.set_state(agent, "ready")
        call_records.rings(call, agent=agent.pk)
        at(begun + timedelta(seconds=seconds + 15))
        call_records.not_taken(call, agent=agent.pk, state=state, reason="not_taken")


def test_the_hours_of_a_day_are_those_one_reckons_by_hand(city: City, at: Travel) -> None:
    made_up_day(city, at)
    now = DAY + 23 * HOUR + 30 * MINUTE
    first, second = sorted(
        agent_hours.by_agent(since=DAY, until=DAY + 24 * HOUR, at=now), key=lambda each: each.signed_on
    )[::-1]
    assert first.user == city.call_taker.pk
    assert first.signed_on == 6 * HOUR  # two after midnight, four in the morning
    assert first.paused == {"meal": 30 * MINUTE, "meeting": 15 * MINUTE, "not_taken": timedelta(seconds=45)}
    assert first.spent["ringing"] == timedelta(seconds=10 + 15 + 15)
    assert (first.spent["talking"], first.spent["after_call"]) == (5 * MINUTE, timedelta(seconds=30))
    ready = 6 * HOUR - 45 * MINUTE - timedelta(seconds=45 + 40 + 330)
    assert first.spent["ready"] == ready
    assert (first.answered, first.missed) == (1, 1)
    assert first.occupancy == round(100 * 330 / (ready.total_seconds() + 40 + 330), 1)
    assert (second.signed_on, second.occupancy) == (30 * MINUTE, 0.0)  # up to now


def test_a_shift_over_midnight_belongs_to_both_days(city: City, at: Travel) -> None:
    made_up_day(city, at)
    now = DAY + 30 * HOUR
    [before] = agent_hours.by_agent(since=DAY - 24 * HOUR, until=DAY, at=now)
    [after] = agent_hours.by_agent(since=DAY + 24 * HOUR, until=DAY + 48 * HOUR, at=now)
    assert (before.user, before.signed_on) == (city.call_taker.pk, 2 * HOUR)
    assert (after.user, after.signed_on) == (city.coordinator.pk, 6 * HOUR)
    assert agent_hours.by_agent(since=DAY + 48 * HOUR, until=DAY + 72 * HOUR, at=now) == []


def test_whoever_writes_a_state_writes_its_time(city: City, at: Travel) -> None:
    """By any statement: the time follows in the database."""
    at(DAY)
    states.set_state(city.call_taker, "ready")
    Line.objects.create(user=city.call_taker)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE voice_agent SET state = 'talking', since = since + interval '1 minute'")
    Agent.objects.update(reason="said later")
    Agent.objects.update(online=True, since=DAY + HOUR)  # the same state
    assert list(AgentTime.objects.order_by("pk").values_list("state", "reason", "ended_at", "then")) == [
        ("ready", "", DAY + MINUTE, "talking"),
        ("talking", "said later", None, ""),
    ]
    Agent.objects.update(state="ready", since=DAY)  # a clock that went back
    assert AgentTime.objects.get(state="talking").ended_at == DAY + MINUTE
    city.call_taker.is_active = False
    lines.follow_the_person(city.call_taker)
    assert not AgentTime.objects.filter(ended_at=None).exists()
