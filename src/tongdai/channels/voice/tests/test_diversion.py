"""What a carrier is told of whoever is handed on: by its own settings, never of somebody hidden, and nothing of a call of ours."""

from __future__ import annotations

import asyncio

import pytest

from ..asterisk.configuration import CONF, _rendered
from ..board.ringing import NotReached
from ..conversation import outgoing
from ..models import Trunk
from ..trunks import diversion
from ..trunks.joining import CannotJoin, join
from .exchange import PlayedSwitchboard

CALLER = "+84912345678"
SENT_ON = "<sip:1022@sip.a.vn>;reason=deflection;counter=1"
HISTORY = "<sip:1022@sip.a.vn>;index=1, <sip:115@sip.a.vn;cause=487>;index=1.1;mp=1"


@pytest.mark.parametrize(
    ("how", "headers"),
    [
        ("none", {}),
        ("diversion", {"Diversion": SENT_ON}),
        ("history-info", {"History-Info": HISTORY}),
        ("both", {"Diversion": SENT_ON, "History-Info": HISTORY}),
    ],
)
def test_each_carrier_is_told_as_it_takes_it(how: str, headers: dict[str, str]) -> None:
    trunk = Trunk(host="sip.a.vn:5070", diversion=how)
    assert diversion.headers(trunk, "115", caller=CALLER) == headers
    assert diversion.headers(trunk, "115", caller="") == {}


@pytest.mark.parametrize(("shows", "number"), [("ours", "1022"), ("asserted", CALLER), ("from", CALLER)])
def test_the_citizens_own_number_is_shown_where_the_carrier_takes_it(shows: str, number: str) -> None:
    trunk = Trunk(host="sip.a.vn", shows=shows)
    assert diversion.shown(trunk, CALLER) == number
    assert diversion.shown(trunk, "") == "1022"  # hidden, or a call of ours


def test_the_invite_says_so_on_each_trunk_that_is_tried_and_a_call_of_ours_says_nothing(play, city) -> None:
    first = Trunk.objects.create(name="A", host="sip.a.vn", shows="from", diversion="diversion")
    second = Trunk.objects.create(name="B", host="sip.b.vn")

    async def story(switchboard: PlayedSwitchboard) -> None:
        for trunk in (first, second):
            switchboard.pbx.refuse[f"115@{trunk.endpoint}"] = 38
        for caller in (CALLER, ""):
            with pytest.raises(NotReached):
                await outgoing.dial(switchboard, "115", within=1, or_until=asyncio.Event(), caller=caller)
        said = [(each["callerId"], each["variables"]) for each in switchboard.pbx.originated]
        ours = '"1022" <1022>', {}
        told = f'"{CALLER}" <{CALLER}>', {"PJSIP_HEADER(add,Diversion)": SENT_ON}
        assert said == [told, ours, ours, ours]

    play(story)


def test_from_says_1022_where_the_number_is_only_asserted_and_the_account_where_we_register(play, city) -> None:
    async def story(switchboard: PlayedSwitchboard) -> None:
        for shows, username, says in (
            ("ours", "", ""),
            ("asserted", "", "from_user = 1022"),
            ("from", "", ""),
            ("asserted", "0225", "from_user = 0225"),
            ("ours", "0225", "from_user = 0225"),
            ("from", "0225", ""),
        ):
            join("A", host="sip.a.vn", codecs="alaw", username=username, secret="x", shows=shows)
            written = _rendered(CONF / "pjsip.conf", switchboard.it)
            assert "\n".join(line for line in written.splitlines() if "from_user" in line) == says

    play(story)


@pytest.mark.parametrize("wrong", [{"shows": "hers"}, {"diversion": "all"}])
def test_another_word_is_refused(city, wrong: dict[str, str]) -> None:
    with pytest.raises(CannotJoin, match=" | "):
        join("A", host="sip.a.vn", codecs="alaw", **wrong)
