"""Who was turned away is counted, whoever shouts how loud; and the configuration lets nobody in by a name."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.city import City
from tongdai.platform.clock import now

from .. import commands
from ..asterisk import configuration, refusals
from ..asterisk.exchange import Exchange
from ..calls.session import caller_of
from ..models import Line, Refusal, Trunk
from ..trunks.joining import CannotJoin, join

pytestmark = pytest.mark.django_db
LINE = (
    '[2022-02-14 08:00:00.000] SECURITY[1] res_security_log.c: SecurityEvent="{event}",EventTV="x",Severity="Error",'
    'Service="PJSIP",EventVersion="1",AccountID="trunk-2",SessionID="x",LocalAddress="IPV4/UDP/10.0.0.1/{port}",'
    'RemoteAddress="IPV4/UDP/{address}/40000",Challenge=""\n'
)


@pytest.fixture
def it(tmp_path: Path) -> Exchange:
    (tmp_path / "log").mkdir()
    found = Exchange(tmp_path, tmp_path / "none", "", "127.0.0.1", 5060, 8026, 0, 0, "127.0.0.1", 5062)
    found.strangers_log.touch()
    return found


def counted() -> list[tuple[str, str, str, int]]:
    return list(Refusal.objects.order_by("pk").values_list("door", "reason", "network", "times"))


def test_refusals_are_counted_by_hour_and_the_file_is_emptied(it: Exchange) -> None:
    tally = refusals.Tally()
    for _ in range(2):
        it.strangers_log.write_text(
            LINE.format(event="InvalidAccountID", port=5060, address="203.0.113.7") * 3
            + LINE.format(event="ChallengeResponseFailed", port=5062, address="203.0.113.8")
            + LINE.format(event="ChallengeSent", port=5062, address="203.0.113.9")
            + LINE.format(event="SuccessfulAuth", port=5062, address="203.0.113.9")
            + "[x] SECURITY[1] Ext. s: refused trunk-1 127.0.0.1:8026 127.0.0.1:51774\n"
            + "[x] WARNING[9] pjproject: \tsip_transport.c Dropping 449 bytes packet from UDP 203.0.113.5:39821 : "
            "PJSIP syntax error exception when parsing 'From' header on line 3 col 18\n\n"
        )
        refusals.read(it, tally)
        tally.write(at=now())
        assert it.strangers_log.stat().st_size == 0
    assert counted() == [
        ("carriers", "unknown", "203.0.113.7", 6),
        ("phones", "password", "203.0.113.8", 2),
        ("browsers", "door", "127.0.0.1", 2),
        ("carriers", "garbled", "203.0.113.5", 2),
    ]
    lately = refusals.lately(at=now())
    assert (lately.times, lately.worst, lately.is_flood) == (12, "203.0.113.7", False)


def test_a_flood_from_everywhere_fills_no_table_and_is_told(it: Exchange) -> None:
    tally, at = refusals.Tally(), now()
    for _ in range(2):
        for n in range(1000):
            tally.add("phones", "unknown", f"10.0.{n // 250}.{n % 250}")
        tally.write(at=at)
    assert Refusal.objects.count() <= refusals.MOST + 1
    lately = refusals.lately(at=at)
    assert lately.times == 2000 and lately.is_flood


def test_what_was_counted_goes_after_a_month(it: Exchange) -> None:
    tally, at = refusals.Tally(), now()
    for ago in (40, 0):
        tally.add("phones", "unknown", "203.0.113.7")
        tally.write(at=at - timedelta(days=ago))
    assert Refusal.objects.count() == 1


@pytest.mark.parametrize(
    ("address", "network"),
    [("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"), ("::ffff:203.0.113.7", "203.0.113.7"), ("đâu đó", "")],
)
def test_of_ipv6_the_network_is_counted(address: str, network: str) -> None:
    assert refusals.network_of(address) == network


@pytest.mark.parametrize(
    ("name", "shown", "number"),
    [
        ("PJSIP/trunk-1-00000001", "allowed", "+84912345678"),
        ("PJSIP/trunk-1-00000001", "prohib_passed_screen", ""),
        ("PJSIP/line-7-00000001", "allowed", ""),
        ("PJSIP/anonymous-00000001", "allowed", ""),
        ("Local/trunk-1@x-0001;1", "allowed", ""),
    ],
)
def test_a_number_is_worth_something_from_a_trunk_alone(name: str, shown: str, number: str) -> None:
    asserted = "%3Ctel:0912345678%3E"
    assert (
        caller_of({"name": name, "caller": {"number": "0912345678"}}, shown=shown, asserted=asserted).number == number
    )


def sections(it: Exchange) -> dict[str, list[dict[str, str]]]:
    """The written pjsip.conf: type → its sections."""
    configuration.configure(it)
    found: dict[str, list[dict[str, str]]] = {}
    for part in re.split(r"^\[", (it.etc / "pjsip.conf").read_text(), flags=re.MULTILINE)[1:]:
        name, _, rest = part.partition("]")
        options = dict(re.findall(r"^(\w+) = (.*)$", rest, re.MULTILINE)) | {"name": name}
        found.setdefault(options["type"], []).append(options)
    return found


@pytest.mark.parametrize("demo", [False, True])
def test_no_endpoint_is_known_by_a_name_without_a_password(
    city: City, it: Exchange, monkeypatch: pytest.MonkeyPatch, demo: bool
) -> None:
    monkeypatch.setattr(configuration, "is_demo", lambda: demo)
    Trunk.objects.create(name="A", host="203.0.113.7:5060")
    Trunk.objects.create(name="B", host="sip.b.vn", kind="registration", username="02253", secret="x")
    Trunk.objects.create(
        name="C", host="203.0.113.9", kind="digest", username="c", secret="x", addresses=["203.0.113.9"]
    )
    Trunk.objects.create(name="thử", host="", kind="browser", secret="x")
    Line.objects.create(user=city.call_taker)
    Line.objects.create(user=city.coordinator, kind=Line.Kind.SIP)
    written = sections(it)
    handset = [each for each in written["endpoint"] if each["context"] == "from-handset"]
    assert len(handset) == demo and all("auth" in each for each in handset)  # the demo's own is in no real city
    others = [each for each in written["endpoint"] if each not in handset]
    assert len(others) == 1 + 3 + 2
    for endpoint in others:
        by_name = "username" in endpoint["identify_by"]
        assert not by_name or "auth" in endpoint, endpoint
        assert by_name == endpoint["name"].startswith("line-"), endpoint
        assert (endpoint["context"] == "from-carrier") == endpoint["name"].startswith("trunk-"), endpoint
    assert [each["match"] for each in written["identify"]] == ["203.0.113.7", "sip.b.vn", "203.0.113.9"]
    assert all("line" not in each for each in written["registration"])


def test_carriers_telephones_and_browsers_come_in_by_ways_of_their_own(city: City, it: Exchange) -> None:
    Trunk.objects.create(name="A", host="203.0.113.7")
    Line.objects.create(user=city.coordinator, kind=Line.Kind.SIP)
    binds = {each["name"]: (each["protocol"], each["bind"]) for each in sections(it)["transport"]}
    assert binds == {
        "carriers": ("udp", "127.0.0.1:5060"), "phones": ("udp", "127.0.0.1:5062"), "ws": ("ws", "0.0.0.0"),
    }  # fmt: skip
    without = replace(it, phones_port=0)
    assert [each["name"] for each in sections(without)["transport"]] == ["carriers", "ws"]
    assert not [each for each in sections(without)["endpoint"] if each["name"].startswith("line-")]


@pytest.mark.parametrize("address", ["0.0.0.0/0", "10.0.0.0/8", "::/0", "nhà mạng", "203.0.113.300"])
def test_an_address_that_names_no_carrier_is_refused(address: str) -> None:
    with pytest.raises(CannotJoin, match=re.escape(address)):
        join("A", host="sip.a.vn", addresses=[address], codecs="alaw")
    assert not Trunk.objects.exists()


def test_digest_without_a_user_name_is_refused_in_words() -> None:
    with pytest.raises(CannotJoin, match="--username"):
        join("A", host="sip.a.vn", digest=True, codecs="alaw")


def test_a_trunk_is_changed_by_its_name(capsys: pytest.CaptureFixture[str]) -> None:
    assert join("A", host="sip.a.vn", codecs="alaw")
    assert not join("A", host="sip.a.vn", addresses=["203.0.113.0/28"], codecs="alaw")
    assert Trunk.objects.get().known_by == ["203.0.113.0/28"]
    assert "--digest" in CliRunner().invoke(commands.app, ["trunk", "--help"]).output
