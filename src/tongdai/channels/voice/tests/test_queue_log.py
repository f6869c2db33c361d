"""What Asterisk did alone is read out of its queue log: once, however often, whoever reads it, and whenever it was killed."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.city import City

from ..agents import states
from ..asterisk.exchange import Exchange
from ..models import Agent, Call, Callback, Line
from ..records import call_records, queue_log

BEGUN = int(datetime(2022, 3, 1, 5, tzinfo=UTC).timestamp())
OPEN, CONNECT, BACK, GONE = "OPEN|trunk-1|0912345678|allowed", "CONNECT|5|9.10|5", "BACK|", "GONE|"


@pytest.fixture
def it(tmp_path: Path) -> Exchange:
    found = Exchange(tmp_path, tmp_path / "none", "", "127.0.0.1", 0, 0, 0, 0)
    found.messages.mkdir(parents=True)
    found.net_log.parent.mkdir()
    return found


def note(it: Exchange, *events: str, channel: str = "9.9", agent: str = "NONE") -> None:
    with it.net_log.open("a") as log:
        for number, event in enumerate(events):
            log.write(f"{BEGUN + number}|{channel}|net|{agent}|{event}\n")


def begins(it: Exchange) -> None:
    with it.net_log.open("a") as log:
        log.write(f"{BEGUN + 99}|NONE|NONE|NONE|QUEUESTART|\n")


def is_blank(it: Exchange) -> bool:
    return not it.net_log.read_bytes().strip()


@pytest.mark.parametrize(
    ("connected", "message", "cut", "outcome", "owed"),
    [
        (True, False, False, Call.Outcome.ANSWERED, 0),
        (False, True, False, Call.Outcome.MESSAGE, 1),
        (False, False, False, Call.Outcome.ABANDONED, 1),
        (True, False, True, Call.Outcome.CUT, 1),
        (False, True, True, Call.Outcome.MESSAGE, 1),
        (False, False, True, Call.Outcome.CUT, 1),
    ],
)
def test_what_came_of_a_caller_in_the_net_is_written_down_once(
    city: City, it: Exchange, connected: bool, message: bool, cut: bool, outcome: str, owed: int
) -> None:
    Line.objects.create(user=city.call_taker)
    begins(it)
    note(it, OPEN)
    note(it, "ENTERQUEUE||0912345678|1", *[CONNECT] * connected, agent=f"PJSIP/line-{city.call_taker.pk}")
    assert queue_log.take_in(it) == 0
    assert Call.objects.get().state == Call.State.WAITING  # on record as soon as it is in the net
    if message:
        (it.messages / "9.9.wav").write_bytes(b"RIFF")
    if cut:
        begins(it)
    else:
        note(it, GONE)
    assert queue_log.take_in(it) == 1
    assert is_blank(it)  # it held a number
    assert queue_log.take_in(it) == 0
    call = Call.objects.get()
    assert (call.state, call.outcome, call.number, call.came_at.timestamp()) == (
        "ended",
        outcome,
        "+84912345678",
        BEGUN,
    )
    assert (call.agent_id, bool(call.answered_at)) == ((city.call_taker.pk, True) if connected else (None, False))
    assert Callback.objects.count() == owed


def test_a_reader_killed_before_it_blanked_the_lines_reads_them_again_to_the_same_end(city: City, it: Exchange) -> None:
    note(it, OPEN, GONE)
    before = it.net_log.read_bytes()
    queue_log.take_in(it)
    it.net_log.write_bytes(before)
    queue_log._settled_to.clear()
    queue_log.take_in(it)
    assert (Call.objects.count(), Callback.objects.get().missed) == (1, 1)


def test_whom_the_net_gave_back_is_ended_by_the_voice_process_alone(city: City, it: Exchange) -> None:
    note(it, OPEN, BACK)
    queue_log.take_in(it)  # she has a row by it
    note(it, GONE)
    assert queue_log.take_in(it) == 0
    assert Call.objects.get().state == Call.State.WAITING and is_blank(it)


def test_who_hung_up_before_we_had_her_back_has_a_call_back(city: City, it: Exchange) -> None:
    note(it, OPEN, BACK, GONE)
    queue_log.take_in(it)
    assert Callback.objects.exists() and is_blank(it)


def test_who_is_being_noted_is_left_and_others_are_settled(city: City, it: Exchange) -> None:
    note(it, OPEN, channel="9.1")
    note(it, OPEN, GONE, channel="9.2")
    with it.net_log.open("a") as log:
        log.write(f"{BEGUN}|9.3|net|NO")
    assert queue_log.take_in(it) == 1
    assert sorted(Call.objects.values_list("channel", "state")) == [("9.1", "waiting"), ("9.2", "ended")]
    with it.net_log.open("a") as log:
        log.write(f"NE|{OPEN}\n")
    note(it, GONE, channel="9.1")
    queue_log.take_in(it)
    assert sorted(Call.objects.values_list("channel", "state")) == [
        ("9.1", "ended"),
        ("9.2", "ended"),
        ("9.3", "waiting"),
    ]


@pytest.mark.parametrize("said", ["OPEN|trunk-1|0912345678|prohib_passed_screen", "OPEN|line-1|0912345678|allowed"])
def test_a_number_that_is_hidden_or_no_carriers_word_is_not_written_down(city: City, it: Exchange, said: str) -> None:
    note(it, said, GONE)
    queue_log.take_in(it)
    assert Call.objects.get().number == ""


def test_whom_the_net_had_joined_while_we_looked_on_says_what_came_of_it(city: City, it: Exchange) -> None:
    note(it, OPEN)
    queue_log.take_in(it)
    states.set_state(city.call_taker, Agent.State.READY)
    call_records.talks(Call.objects.get().pk, agent=city.call_taker.pk)
    states.hung_up(city.call_taker.pk)
    note(it, CONNECT, GONE, agent=f"PJSIP/line-{city.call_taker.pk}")
    queue_log.take_in(it)
    call = Call.objects.get()
    assert (call.outcome, call.agent) == ("", city.call_taker) and not Callback.objects.exists()


@pytest.mark.parametrize(("by", "outcome", "owed"), [("by:PJSIP/trunk-1-00000001", "answered", 0), ("by:", "cut", 1)])
def test_who_was_hung_up_by_nobody_was_cut_off(city: City, it: Exchange, by: str, outcome: str, owed: int) -> None:
    Line.objects.create(user=city.call_taker)
    note(it, OPEN, CONNECT, f"GONE|{by}", agent=f"PJSIP/line-{city.call_taker.pk}")
    queue_log.take_in(it)
    assert (Call.objects.get().outcome, Callback.objects.count()) == (outcome, owed)


def test_the_log_goes_when_asterisk_begins_and_nothing_is_left_in_it(city: City, it: Exchange) -> None:
    note(it, OPEN)
    queue_log.take_in(it)
    queue_log.tidy(it)
    assert it.net_log.exists()
    note(it, GONE)
    queue_log.take_in(it)
    queue_log.tidy(it)
    assert not it.net_log.exists()
    assert queue_log.take_in(it) == 0
