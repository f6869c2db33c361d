"""A carrier by TLS, whose voice is encrypted: both ways on the wire, and nothing plain where the city wants none."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house import House, free_port

from .hearing import as_samples, loudness, out_of_storage, wait_until
from .line import NEEDS_EXCHANGE, told
from .secure import Authority, Carrier, SecureCaller, Srtp

pytestmark = NEEDS_EXCHANGE
HERTZ = 620

CITY = """
from tongdai.channels.voice.menu import menu
from tongdai.channels.voice.models import Step
from tongdai.channels.voice.trunks.joining import join
from tongdai.directory.models import City
from tongdai.platform import wake
City.objects.update_or_create(pk=1, defaults={{"name": "Hải Phòng", "province_code": "31"}})
how = dict(codecs="alaw", tls=True)
join("nhà mạng mã hóa", host="127.0.0.1:{carrier}", addresses=["127.0.0.1/32"], **how)
join("kẻ mạo danh", host="127.0.0.1:{impostor}", addresses=["127.0.0.9/32"], **how)
menu.write_the_usual_one()
Step.objects.filter(code="notice").update(kind="outside", number="115", active=True, then="greeting")
wake.wake("menu", [1])
"""
SRTP = """
from tongdai.channels.voice.models import Trunk
Trunk.objects.filter(name="nhà mạng mã hóa").update(srtp="{srtp}")
"""
THERE = """
from tongdai.channels.voice.status import telephone
from tongdai.platform.clock import now
print({way.name: way.there for way in telephone(at=now()).ways})
"""
RECORDED = """
from tongdai.channels.voice.models import Recording
print(*[r.file for r in Recording.objects.filter(call__number="{number}", kind="talk")])
"""


@pytest.fixture(scope="module")
def authority() -> Iterator[Authority]:
    with tempfile.TemporaryDirectory(prefix="tongdai-tls-") as folder:
        yield Authority(Path(folder))


@pytest.fixture(scope="module")
def carrier(authority: Authority) -> Iterator[Carrier]:
    found = Carrier(authority.of("carrier"))
    yield found
    found.stop()


@pytest.fixture(scope="module")
def impostor(authority: Authority) -> Iterator[Carrier]:
    """Of the same name, vouched for by a stranger."""
    found = Carrier(authority.of("impostor"))
    yield found
    found.stop()


@pytest.fixture(scope="module")
def house(authority: Authority, carrier: Carrier, impostor: Carrier) -> Iterator[House]:
    names = ("TONGDAI_SIP_PORT", "TONGDAI_SIP_TLS_PORT", "TONGDAI_PHONES_PORT", "TONGDAI_EXCHANGE_PORT")
    certificate, key = authority.of("house")
    with House(
        **{name: str(free_port()) for name in names}, TONGDAI_RTP_PORTS="43000-43999", TONGDAI_SIP_TLS_KEY=key,
        TONGDAI_SIP_TLS_CERTIFICATE=certificate, TONGDAI_SIP_TLS_CA=authority.of("ca")[0], TONGDAI_SIP_TLS_MUTUAL="yes",
    ) as house:  # fmt: skip
        told(house, CITY, carrier=str(carrier.port), impostor=str(impostor.port))
        assert house.run("exchange", "configure").returncode == 0
        wait_until(lambda: "OPTIONS" in carrier.methods(), within=60)
        yield house


def calls(house: House, authority: Authority, *, shows: str = "carrier", plain: bool = False) -> SecureCaller:
    port = house.environment["TONGDAI_SIP_PORT" if plain else "TONGDAI_SIP_TLS_PORT"]
    return SecureCaller(("127.0.0.1", int(port)), authority=authority, shows=shows, plain=plain)


def what_was_heard(house: House, number: str, folder: Path) -> float:
    """How much of the caller's tone is in her side of the recording."""
    asked = RECORDED.format(number=f"+84{number[1:]}")
    wait_until(lambda: told(house, asked), within=60)
    return loudness(as_samples(out_of_storage(house, told(house, asked)), folder / "heard.wav"), HERTZ)


def test_a_call_by_tls_is_heard_both_ways_encrypted_and_handed_on_the_same_way(
    house: House, authority: Authority, carrier: Carrier, tmp_path: Path
) -> None:
    call = calls(house, authority)
    assert call.invite("0912000091").startswith("SIP/2.0 200") and call.theirs
    came = call.speak(4, sealed=True)
    call.hang_up()
    voice = [packet for packet in came if len(packet) > 100]
    assert voice and all(map(Srtp(call.theirs).opens, voice))
    assert what_was_heard(house, "0912000091", tmp_path) > 0.8
    [invite] = [text for text in carrier.came if text.startswith("INVITE sip:115@")]
    assert "SIP/2.0/TLS" in invite and "RTP/SAVP" in invite and "a=crypto:1 AES_CM_128_HMAC_SHA1_80" in invite


def test_where_it_must_be_encrypted_a_plain_voice_is_refused_and_plain_packets_are_not_heard(
    house: House, authority: Authority, tmp_path: Path
) -> None:
    plain = calls(house, authority)
    assert plain.invite("0912000092", encrypted=False).startswith("SIP/2.0 488")
    call = calls(house, authority)
    assert call.invite("0912000093").startswith("SIP/2.0 200")
    call.speak(4, sealed=False)
    call.hang_up()
    assert what_was_heard(house, "0912000093", tmp_path) < 0.1


def test_where_it_may_be_encrypted_both_are_taken(house: House, authority: Authority) -> None:
    told(house, SRTP, srtp="optional")
    assert house.run("exchange", "configure").returncode == 0
    try:
        for encrypted in (False, True):
            call = calls(house, authority)
            assert call.invite("0912000094", encrypted=encrypted).startswith("SIP/2.0 200")
            assert bool(call.theirs) == encrypted
            call.hang_up()
    finally:
        told(house, SRTP, srtp="required")
        assert house.run("exchange", "configure").returncode == 0


def test_a_carrier_joined_by_tls_is_nobody_at_the_plain_port(house: House, authority: Authority) -> None:
    assert calls(house, authority, plain=True).invite("0912000095").startswith("SIP/2.0 403")


def test_who_shows_no_certificate_or_a_strangers_says_no_word(house: House, authority: Authority) -> None:
    for shows in ("", "impostor"):
        with pytest.raises((OSError, AssertionError)):  # the link ends before an answer
            calls(house, authority, shows=shows).invite("0912000096")


def test_a_carrier_whose_certificate_a_stranger_made_hears_nothing_of_us(house: House, impostor: Carrier) -> None:
    wait_until(lambda: "'kẻ mạo danh': False" in told(house, THERE), within=60)
    assert "'nhà mạng mã hóa': True" in told(house, THERE)
    assert impostor.came == []
