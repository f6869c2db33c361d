"""Addresses of SMSCs: read whole, refused in words, and never a password printed."""

from __future__ import annotations

import pytest
from django.conf import LazySettings

from tongdai.channels.sms import status
from tongdai.channels.sms.protocol.address import BadAddress, Smsc, is_barred, read_binds, read_smsc
from tongdai.channels.sms.status import Standing

from .network import Network

SECRETS = ["mật#khẩu", "p#ss", "a/b", "a?b=c", "a:b", "a@b", "#", "100%", "p%23x", "a&b=1", "[x]", "12#34"]


def read(url: str) -> Smsc:
    smsc = read_smsc(url)
    assert smsc is not None
    return smsc


@pytest.mark.parametrize("secret", SECRETS)
def test_a_password_may_hold_any_sign_and_stays_whole(secret: str) -> None:
    smsc = read(f"smpp://1022:{secret}@smsc.example.vn:2775?window=10")
    assert smsc.password == secret.replace("%23", "#")
    assert (smsc.host, smsc.port, smsc.window) == ("smsc.example.vn", 2775, 10)


@pytest.mark.parametrize("secret", SECRETS)
@pytest.mark.parametrize(
    "url",
    ["smpp://1022:{}@smsc:99999", "smpp://1022:{}@smsc?widow=1", "http://1022:{}@smsc", "smpp://1022:{}@", "smpp://:{}@h",
     "smpp://1022:{}#", "smpp:/1022:{}@smsc", "smpp://1022:{}@sm sc"],
)  # fmt: skip
def test_no_part_of_a_password_stands_in_an_error(
    secret: str, url: str, settings: LazySettings, network: Network
) -> None:
    settings.SMSC = url.format(f"ZZZ{secret}ZZZ")
    gateway = status.gateway(at=network.at)
    said = " ".join([gateway.words, gateway.smsc, *gateway.wrong, *(words for _, _, words in status.for_doctor())])
    assert "ZZZ" not in said and gateway.standing is not Standing.BOUND
    assert "ZZZ" not in repr(read_binds(settings.SMSC))


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("widow=3", "widow"), ("widow=3", "window"), ("receipt_id=hex", "receipt_ids"), ("x=1", "system_type"),
        ("window=0", "500"), ("window=abc", "500"), ("tps=-1", "tps"), ("bind=both", "trx, tx, rx"), ("receipts=yes", "0"),
        ("routes=96", "096"), ("routes=", "096"), ("name=a%20b", "name"), ("window=1&window=2", "window"),
        ("receipt_ids=octal", "hex"),
    ],
)  # fmt: skip
def test_what_is_unknown_or_out_of_range_is_refused_in_words(query: str, words: str) -> None:
    with pytest.raises(BadAddress, match=words):
        read_smsc(f"smpp://1022:p@smsc?{query}")


HERE, ELSEWHERE = (
    ("127.0.0.1", "127.8.9.1", "localhost", "[::1]"),
    ("10.20.0.4", "203.0.113.7", "[2001:db8::1]", "0.0.0.0"),
)


@pytest.mark.django_db
def test_a_demo_speaks_to_an_smsc_of_its_own_machine_alone() -> None:
    assert [host for host in HERE if is_barred(read(f"smpp://1022:p@{host}:2775"))] == []
    assert [host for host in ELSEWHERE if not is_barred(read(f"smpp://1022:p@{host}:2775"))] == []
    assert is_barred(read("smpp://1022:p@nowhere.invalid:2775"))  # whose address nobody knows


@pytest.mark.django_db
def test_a_real_city_speaks_to_any(real_city: None) -> None:
    assert [host for host in (*HERE, *ELSEWHERE) if is_barred(read(f"smpp://1022:p@{host}:2775"))] == []


def test_several_addresses_are_several_binds_each_with_its_own_settings() -> None:
    binds = read_binds("""
        smpp://1022:a#b@viettel.vn?name=viettel&bind=tx&routes=096,097,+8498&tps=30&receipt_ids=hex
        smpp://1022:a#b@viettel.vn:2776?name=viettel&bind=rx&receipt_ids=hex
        smpps://hp:x@vina.vn?name=vina
        smpps://hp:x@vina2.vn?name=vina
    """)
    assert binds.wrong == ()
    assert [each.key for each in binds.usable] == ["viettel tx", "viettel rx", "vina", "vina #2"]
    first = binds.usable[0]
    assert (first.routes, first.tps, first.receipt_ids, first.sends, first.receives) == (
        ("+8496", "+8497", "+8498"), 30, "hex", True, False
    )  # fmt: skip


def test_one_wrong_address_leaves_the_others_working_and_says_which_it_is(
    network: Network, settings: LazySettings
) -> None:
    settings.SMSC = "smpp://1022:a@127.0.0.1:2775\nsmpp://1022:b@vina.vn?widow=1"
    gateway = status.gateway(at=network.at)
    assert len(gateway.binds) == 1 and len(gateway.wrong) == 1
    assert "2" in gateway.wrong[0] and "window" in gateway.wrong[0]
