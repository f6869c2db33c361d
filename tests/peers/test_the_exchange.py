"""A real Asterisk, brought in by `make voice`, and a real telephone (sipp): what a caller meets."""

from __future__ import annotations

import os
import re
import signal
from datetime import UTC, datetime, timedelta

import pytest

from tests.house import House
from tongdai.channels.voice.asterisk import arrivals
from tongdai.channels.voice.asterisk.configuration import CONF
from tongdai.peers.sip.caller import Caller

from .hearing import as_samples, loudness, out_of_storage, wait_until
from .line import NEEDS_EXCHANGE, dial, told

pytestmark = [NEEDS_EXCHANGE, pytest.mark.long(seconds=200)]

CALLS = """
from tongdai.channels.voice.models import Call
print([(c.state, c.outcome, c.path) for c in Call.objects.filter(number="{number}").order_by("pk")])
"""
MISSED = """
from tongdai.channels.voice.models import Callback
print([c.missed for c in Callback.objects.filter(contact__phone="{number}")])
"""
KEPT = """
from tongdai.channels.voice.models import Recording
print(*[r.file for r in Recording.objects.filter(call__number="{number}", kind="message")])
"""
FIRST = """
from tongdai.channels.voice.menu.phone_answers import _choices
print(_choices()[0][0])
"""
OF_CARE_POINTS = """
from tongdai.channels.voice.menu.phone_answers import _choices
from tongdai.knowledge.models import LookupTable
key = f"wards:{LookupTable.objects.get(slug='covid-cham-soc').pk}"
print([each for each, *_name in _choices()].index(key) + 1)
"""
BEGUN_ALIKE = """
from tongdai.channels.voice.menu import keypad
from tongdai.knowledge.models import LookupTable
table = LookupTable.objects.get(slug="covid-cham-soc")
second = keypad.meant("{keys}", table.rows.values_list("place", flat=True))[1]
print(f"{{table.pk}}:{{second.pk}}", second.full_name[:1].lower() + second.full_name[1:])
"""
ANSWERED = "from tongdai.knowledge.models import Inquiry; u = Inquiry.objects.latest('pk'); print(u.channel, u.opened, u.to_person)"
TEXTED = """
from tongdai.people.models import Interaction
print(*Interaction.objects.filter(direction="out", address="{number}").values_list("body", flat=True))
"""
RANKS = "from tongdai.channels.voice.models import Queue; print(Queue.objects.order_by('rank').first().code)"
CASES = "from tongdai.cases.models import Case; print(Case.objects.count())"
ASK = "dialplan eval function "
CODE = "from tongdai.cases.models import Case; print(Case.objects.get().code)"


def test_who_hangs_up_in_the_greeting_is_on_record_and_rung_back_once(house: House) -> None:
    for _ in range(2):
        dial(house, 2.0, number="0912000002").done()
    wait_until(lambda: told(house, CALLS, number="+84912000002").count("ended") == 2)
    assert told(house, CALLS, number="+84912000002") == str([("ended", "abandoned", ["greeting"])] * 2)
    assert told(house, MISSED, number="+84912000002") == "[2]"


def test_a_code_that_is_keyed_is_told_how_it_stands(house: House) -> None:
    dial(house, 1.5, "2", 1.0, told(house, CODE), 4.0, number="0912000003").done()
    wait_until(lambda: "ended" in told(house, CALLS, number="+84912000003"))
    path = ["greeting", "lookup", "lookup:found"]  # then the greeting is said again, unless she has hung up before
    heard = told(house, CALLS, number="+84912000003")
    assert heard in (str([("ended", "looked_up", path)]), str([("ended", "looked_up", [*path, "greeting"])]))
    assert told(house, MISSED, number="+84912000003") == "[]"


def test_a_key_cuts_what_is_being_said_of_a_case_and_counts_in_the_menu(house: House) -> None:
    dial(house, 1.5, "2", 1.0, told(house, CODE), 2.0, "0", 2.0, number="0912000018").done()
    wait_until(lambda: "ended" in told(house, CALLS, number="+84912000018"))
    path = ["greeting", "lookup", "lookup:found", "greeting", "person"]
    assert told(house, CALLS, number="+84912000018") == str([("ended", "abandoned", path)])


def test_a_ready_answer_is_heard_the_link_comes_by_text_and_no_case_is_opened(house: House) -> None:
    before = told(house, CASES)
    dial(house, 1.5, "4", 2.0, "1", 4.0, "2", 4.0, number="0912000013").done()
    wait_until(lambda: "ended" in told(house, CALLS, number="+84912000013"))
    first = told(house, FIRST)
    heard = told(house, CALLS, number="+84912000013")
    assert heard == str([("ended", "looked_up", ["greeting", "answers", f"answer:{first}"])])
    assert told(house, ANSWERED) == f"voice {first} False"
    assert f"/t/p{first.split(':')[1]}" in told(house, TEXTED, number="+84912000013")
    assert told(house, MISSED, number="+84912000013") == "[]"
    assert told(house, CASES) == before


def test_a_care_point_is_found_by_the_ward_spelt_on_the_keys(house: House) -> None:
    key = told(house, OF_CARE_POINTS)
    dial(house, 1.5, "4", 2.0, key, 2.0, "532426#", 5.0, "2", 4.0, number="0912000014").done()
    wait_until(lambda: "ended" in told(house, CALLS, number="+84912000014"))
    heard = told(house, CALLS, number="+84912000014")
    assert heard.startswith("[('ended', 'looked_up', ['greeting', 'answers', 'answer:ward:")
    assert told(house, TEXTED, number="+84912000014").startswith("Trạm y tế phường Lê Chân: ")


def test_of_several_wards_whose_names_begin_so_the_caller_chooses_one(house: House) -> None:
    key = told(house, OF_CARE_POINTS)
    dial(house, 1.5, "4", 2.0, key, 2.0, "26#", 5.0, "2", 5.0, "2", 4.0, number="0912000015").done()
    wait_until(lambda: "ended" in told(house, CALLS, number="+84912000015"))
    second = told(house, BEGUN_ALIKE, keys="26")
    assert f"'answer:ward:{second.split(' ')[0]}'" in told(house, CALLS, number="+84912000015")
    assert told(house, TEXTED, number="+84912000015").startswith(f"Trạm y tế {second.split(' ', 1)[1]}: ")


def test_a_wrong_key_is_said_so_and_a_branch_leads_to_its_queue(house: House) -> None:
    dial(house, 1.5, "6", 3.0, "1", 5.0, number="0912000004").done()
    wait_until(lambda: "ended" in told(house, CALLS, number="+84912000004"))
    assert told(house, CALLS, number="+84912000004") == str([("ended", "abandoned", ["greeting", "epidemic"])])


def test_who_is_in_danger_presses_five_hears_the_numbers_and_waits_before_all_others(house: House) -> None:
    dial(house, 1.5, "5", 5.0, number="0912000016").done()
    wait_until(lambda: "ended" in told(house, CALLS, number="+84912000016"))
    assert told(house, CALLS, number="+84912000016") == str([("ended", "abandoned", ["greeting", "danger"])])
    assert told(house, RANKS) == "danger"


def test_a_message_is_taken_and_is_a_task_to_ring_back(house: House) -> None:
    dial(house, 1.5, "9", 10.0, number="0912000005", hertz=620, speaks_for=3, waits_for_bye=True).done()
    wait_until(lambda: "ended" in told(house, CALLS, number="+84912000005"))
    assert told(house, CALLS, number="+84912000005") == str([("ended", "message", ["greeting", "message"])])
    assert told(house, MISSED, number="+84912000005") == "[1]"
    wait_until(lambda: told(house, KEPT, number="+84912000005") != "")
    kept = out_of_storage(house, told(house, KEPT, number="+84912000005"))
    assert loudness(as_samples(kept, house.folder / "message.wav"), 620) > 0.8


def test_a_hidden_number_is_a_call_without_a_contact(house: House) -> None:
    dial(house, 2.0, number="anonymous", headers="Privacy: id\n").done()
    wait_until(lambda: "ended" in told(house, CALLS, number=""))


def noted(house: House) -> str:
    """What Asterisk has noted of those it dealt with alone, and is not settled yet."""
    return (house.folder / "var" / "exchange" / "log" / "net").read_text()


def test_while_our_process_hangs_asterisk_answers_alone_and_keeps_who_called(house: House) -> None:
    # the archive, too: it takes in what is noted within a second, before we have looked
    stopped = [*house.pids("run voice"), *house.pids("run archive")]
    for pid in stopped:
        os.kill(pid, signal.SIGSTOP)
    try:
        dial(house, 6.0, number="0912000006").done()
        wait_until(lambda: re.search(r"\|OPEN\|trunk-\d+\|0912000006(.|\n)*\|GONE\|by:PJSIP/trunk-", noted(house)))
    finally:
        for pid in stopped:
            os.kill(pid, signal.SIGCONT)


def test_when_something_of_ours_breaks_the_caller_falls_into_asterisks_net(house: House) -> None:
    """The calls' own table is away for a moment: as when the database is."""
    rename = "from django.db import connection as c; c.cursor().execute('ALTER TABLE {} RENAME TO {}')"
    told(house, rename.format("voice_call", "voice_call_away"))
    try:
        dial(house, 6.0, number="0912000008").done()
        wait_until(lambda: "|0912000008|" in noted(house))
    finally:
        told(house, rename.format("voice_call_away", "voice_call"))


def test_both_sides_are_recorded_apart_from_the_first_word(house: House) -> None:
    kept = house.folder / "var" / "exchange" / "recordings"
    before = set(kept.glob("*-in.wav"))
    caller = dial(house, 4.0, number="0912000007", hertz=440)
    wait_until(lambda: set(kept.glob("*-in.wav")) - before)
    [theirs] = set(kept.glob("*-in.wav")) - before
    ours = theirs.with_name(theirs.name.replace("-in", "-out"))
    wait_until(ours.exists)
    with theirs.open("rb") as in_file, ours.open("rb") as out_file:  # held, for soon after the call they are put away
        caller.done()
        wait_until(lambda: "ended" in told(house, CALLS, number="+84912000007"))
        assert loudness(in_file.read(), 440) > 0.8
        spoken = out_file.read()
    assert loudness(spoken, 440) < 0.3 and len(spoken) > 30_000


def test_an_unknown_telephone_gets_no_answer_that_helps_it(house: House) -> None:
    scanner = Caller(("127.0.0.1", int(house.environment["TONGDAI_SIP_PORT"])), 1.0, number="100", address="127.0.0.9")
    assert scanner.process.wait(timeout=60) != 0
    assert told(house, CALLS, number="100") == "[]"


def test_whoever_the_net_gives_back_comes_with_the_time_to_the_thousandth(house: House) -> None:
    plan = (CONF / "extensions.conf").read_text()
    written = re.search(r"Stasis\([^\n]*,back,[^\n]*\$\{(STRFTIME\(.*?\))\}", plan)
    assert written
    asked = f"from tongdai.channels.voice.asterisk.exchange import exchange; print(exchange().ask({ASK!r} + {written[1]!r}))"
    [moment] = re.findall(r"Result: (\S+\.\d{3}Z)", house.told(asked))
    arrival = arrivals.read(["back", "allowed", moment])
    assert abs(arrival.at - datetime.now(UTC)) < timedelta(minutes=1)
