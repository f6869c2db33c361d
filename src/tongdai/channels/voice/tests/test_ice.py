"""How a browser's voice comes to us where it can't come straight: what its page is told, what settings are refused."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.test import Client

from tests.city import City
from tongdai.platform.errors import SettingRefused
from tongdai.platform.network.addresses import check_turn, relays, translated

from ..asterisk import ice
from ..asterisk.configuration import CONF, _rendered
from ..asterisk.exchange import Exchange

AT = datetime(2022, 2, 14, 8, 0, tzinfo=UTC)
TURN = ["turn:turn.city.vn:3478?transport=udp", "turns:turn.city.vn:5349?transport=tcp"]


def test_a_page_has_a_pass_of_its_own_for_a_day_and_no_secret(settings) -> None:
    assert ice.servers("line-7", at=AT) == []
    settings.STUN, settings.TURN, settings.TURN_SECRET = ["stun:turn.city.vn:3478"], TURN, "north"
    stun, turn = ice.servers("line-7", at=AT)
    assert stun == {"urls": ["stun:turn.city.vn:3478"]}
    assert turn["urls"] == TURN and turn["username"] == f"{int(AT.timestamp()) + 86_400}:line-7"
    assert ice.servers("line-8", at=AT)[1]["credential"] != turn["credential"]


def test_a_pass_is_what_coturn_makes_of_it() -> None:
    """coturn 4.6, README.turnserver: base64(hmac-sha1(secret, "timestamp:name")); by openssl."""
    until = datetime.fromtimestamp(1433065916, UTC)
    assert ice.turn_pass("1234", secret="logen", until=until) == ("1433065916:1234", "Rzr93R7pyf+Vi9SktJTkHemNSFA=")


def test_the_line_of_a_browser_has_them(city: City, settings) -> None:
    settings.TURN, settings.TURN_SECRET = TURN, "north"
    client = Client()
    client.force_login(city.call_taker)
    line = client.post("/ban/may/duong-day/", {"browser": "one"}).json()
    [turn] = line["ice"]
    assert turn["urls"] == TURN and turn["username"].endswith(f":{line['name']}") and "north" not in str(line)


@pytest.mark.parametrize(
    "wrong", ["turn.city.vn", "stun:turn.city.vn", "turn:a:99999999", "turn:u@a", "turn:a?transport=sctp"]
)
def test_an_address_that_is_no_server_is_refused(wrong: str) -> None:
    assert relays(TURN, ("turn", "turns"), of="TONGDAI_TURN") == TURN
    with pytest.raises(SettingRefused, match="TONGDAI_TURN"):
        relays([wrong], ("turn", "turns"), of="TONGDAI_TURN")


def test_a_relay_without_its_secret_is_refused() -> None:
    check_turn([], "")
    with pytest.raises(SettingRefused, match="TONGDAI_TURN_SECRET"):
        check_turn(TURN, "")


def test_an_exchange_behind_an_address_of_others_tells_browsers_that_one(db: None, tmp_path: Path, settings) -> None:
    it = Exchange(tmp_path, tmp_path, "", "127.0.0.1", 5060, 0, 10_000, 10_999)
    assert "ice_host_candidates" not in _rendered(CONF / "rtp.conf", it)
    settings.RTP_ADDRESSES = translated(["10.20.0.5=203.0.113.9"], of="X")
    assert "[ice_host_candidates]\n10.20.0.5 => 203.0.113.9\n" in _rendered(CONF / "rtp.conf", it)
    with pytest.raises(SettingRefused):
        translated(["10.20.0.5"], of="X")
