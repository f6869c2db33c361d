"""Carriers by TLS: what is written for Asterisk, what is refused, what doctor misses. On the wire: tests/peers."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.city import City

from .. import status
from ..asterisk.configuration import CONF, _rendered
from ..asterisk.exchange import Exchange, Tls
from ..models import Trunk
from ..trunks.joining import CannotJoin, join


@pytest.fixture
def it(tmp_path: Path) -> Exchange:
    for name in ("ours.pem", "ours.key", "ca.pem"):
        (tmp_path / name).touch()
    files = [str(tmp_path / name) for name in ("ours.pem", "ours.key", "ca.pem")]
    return Exchange(tmp_path, tmp_path, "", "127.0.0.1", 5060, 0, 0, 0, tls=Tls(5061, *files, mutual=False))


def written(it: Exchange) -> str:
    return _rendered(CONF / "pjsip.conf", it)


def test_voice_is_encrypted_by_tls_unless_the_city_says_otherwise(city: City, it: Exchange) -> None:
    join("A", host="sip.a.vn:5061", codecs="alaw", tls=True)
    text = written(it)
    assert (
        "transport = carriers-tls\nset_var = BY_TLS=1\nmedia_encryption = sdes\nmedia_encryption_optimistic = no\n"
        in text
    )
    assert r"contact = sip:sip.a.vn:5061\;transport=tls" in text and "bind = 127.0.0.1:5061" in text
    assert "verify_server = yes\nverify_client = no\n" in text
    join("A", host="sip.a.vn:5061", codecs="alaw", tls=True, srtp="optional")
    assert "media_encryption_optimistic = yes\n" in written(it)
    join("A", host="sip.a.vn", codecs="alaw")
    assert "BY_TLS" not in (text := written(it)) and "media_encryption" not in text and "transport=tls" not in text


def test_a_carrier_we_register_with_by_tls_is_registered_with_by_tls(city: City, it: Exchange) -> None:
    join("A", host="sip.a.vn", codecs="alaw", tls=True, username="0225", secret="x")
    assert "type = registration\ntransport = carriers-tls\n" in (text := written(it))
    assert r"server_uri = sip:sip.a.vn\;transport=tls" in text


def test_a_house_without_the_port_has_no_such_trunk_and_the_others(city: City, it: Exchange) -> None:
    join("A", host="sip.a.vn", codecs="alaw", tls=True)
    join("B", host="sip.b.vn", codecs="alaw")
    text = written(replace(it, tls=None))
    assert "carriers-tls" not in text and "sip.a.vn" not in text and "sip.b.vn" in text


def test_keys_of_a_voice_are_never_sent_in_the_open(city: City) -> None:
    with pytest.raises(CannotJoin, match="--tls"):
        join("A", host="sip.a.vn", codecs="alaw", srtp="required")
    with pytest.raises(CannotJoin, match="--srtp"):
        join("A", host="sip.a.vn", codecs="alaw", tls=True, srtp="perhaps")
    assert not Trunk.objects.exists()


def test_doctor_misses_the_port_and_the_files(city: City, it: Exchange, tmp_path: Path) -> None:
    join("A", host="sip.a.vn", codecs="alaw", tls=True)
    assert list(status._tls(it)) == []
    [(verdict, _what, words)] = status._tls(replace(it, tls=None))
    assert verdict == "wrong" and "TONGDAI_SIP_TLS_PORT" in words and "A" in words
    (tmp_path / "ours.key").unlink()
    [(verdict, _what, words)] = status._tls(it)
    assert verdict == "wrong" and "ours.key" in words
