"""Whose address a request comes from: nobody writes himself another, and a proxy's clients are not one."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from tongdai.platform.errors import SettingRefused
from tongdai.platform.network import addresses
from tongdai.platform.web import proxies
from tongdai.platform.web.client_network import is_loopback, network, network_of

OURS = addresses.proxies("10.20.0.0/24, 127.0.0.1, fd00::5")


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("127.0.0.1", "203.0.113.7", "203.0.113.7"),
        ("127.0.0.1", "8.8.8.8, 203.0.113.7", "203.0.113.7"),  # what stands to the left anybody may have written
        ("127.0.0.1", "203.0.113.7, 10.20.0.9", "203.0.113.7"),  # two proxies of ours, one behind the other
        ("127.0.0.1", "203.0.113.7, 10.99.0.9, 10.20.0.9", "10.99.0.9"),  # a proxy that isn't ours is a client
        ("::ffff:127.0.0.1", "203.0.113.7:4711", "203.0.113.7"),
        ("fd00::5", "[2001:db8::1]:443", "2001:db8::1"),
        ("127.0.0.1", "", "127.0.0.1"),
        ("127.0.0.1", "unknown", "127.0.0.1"),
        ("127.0.0.1", "203.0.113.7, <script>", "127.0.0.1"),
        ("198.51.100.1", "203.0.113.7", "198.51.100.1"),
    ],
)
def test_the_address_is_read_from_the_right_through_our_own_proxies_alone(
    peer: str, forwarded: str, client: str
) -> None:
    assert proxies.client(peer, forwarded, trusted=OURS) == client


@given(st.text(max_size=60))
def test_whatever_is_forged_before_it_the_address_that_our_proxy_saw_stands(forged: str) -> None:
    assert proxies.client("127.0.0.1", f"{forged},203.0.113.7", trusted=OURS) == "203.0.113.7"
    assert proxies.client("198.51.100.1", forged, trusted=OURS) == "198.51.100.1"


@pytest.mark.parametrize(
    "header",
    [
        "HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO", "HTTP_X_FORWARDED_HOST", "HTTP_X_FORWARDED_PORT",
        "HTTP_X_REAL_IP", "HTTP_FORWARDED",
    ],
)  # fmt: skip
def test_a_proxy_that_is_not_named_is_believed_in_nothing(settings, header: str) -> None:
    settings.TRUSTED_PROXIES = OURS
    request = RequestFactory().get("/", REMOTE_ADDR="198.51.100.1", **{header: "https"})
    proxies.read(request)
    assert header not in request.META and not request.is_secure()
    assert request.META["REMOTE_ADDR"] == "198.51.100.1"


def test_tls_is_believed_of_our_proxy(settings) -> None:
    settings.TRUSTED_PROXIES = OURS
    said = {"HTTP_X_FORWARDED_PROTO": "https", "HTTP_X_FORWARDED_FOR": "203.0.113.7"}
    request = RequestFactory().get("/", REMOTE_ADDR="127.0.0.1", **said)
    proxies.read(request)
    assert request.is_secure() and request.META["REMOTE_ADDR"] == "203.0.113.7"


def test_nobody_behind_a_proxy_passes_for_this_machine_whether_it_is_named_or_not(settings) -> None:
    for trusted in ((), OURS):
        settings.TRUSTED_PROXIES = trusted
        request = RequestFactory().get("/", REMOTE_ADDR="127.0.0.1", HTTP_X_FORWARDED_FOR="127.0.0.1")
        proxies.read(request)
        assert not is_loopback(request)
    request = RequestFactory().get("/", REMOTE_ADDR="127.0.0.1")
    proxies.read(request)
    assert is_loopback(request)


def test_a_household_of_ipv6_is_one_client_and_its_neighbour_another() -> None:
    assert network("2001:db8:1:2::1") == network("2001:db8:1:2:ffff::9") != network("2001:db8:1:3::1")
    assert network("::ffff:203.0.113.7") == network("203.0.113.7") != network("203.0.113.8")
    assert "203.0.113" not in network_of(RequestFactory().get("/", REMOTE_ADDR="203.0.113.7"))


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("https://1022.haiphong.gov.vn/", "https://1022.haiphong.gov.vn"),
        ("https://1022.haiphong.gov.vn:443", "https://1022.haiphong.gov.vn"),
        ("https://1022.haiphong.gov.vn:8443", "https://1022.haiphong.gov.vn:8443"),
        ("http://10.20.0.4:8022", "http://10.20.0.4:8022"),
        ("http://[fd00::5]:8022", "http://[fd00::5]:8022"),
    ],
)
def test_the_public_address_is_read_as_browsers_write_it(given: str, meant: str) -> None:
    assert addresses.public_url(given) == meant


@pytest.mark.parametrize(
    "given", ["1022.haiphong.gov.vn", "ftp://a", "https://", "https://a/b", "https://a:99999", "https://a?b"]
)
def test_a_public_address_that_is_none_is_refused_in_words(given: str) -> None:
    with pytest.raises(SettingRefused, match="TONGDAI_PUBLIC_URL"):
        addresses.public_url(given)


@pytest.mark.parametrize("given", ["proxy.local", "10.20.0.0/33", "0.0.0.0/0", "::/0", "10.1.1.1;10.1.1.2"])
def test_a_proxy_that_is_no_address_or_would_be_everybody_is_refused_in_words(given: str) -> None:
    with pytest.raises(SettingRefused, match="TONGDAI_BEHIND_PROXY"):
        addresses.proxies(given)


def test_a_setting_that_can_not_be_is_said_in_words_where_the_command_was_typed(tmp_path) -> None:
    environment = os.environ | {"TONGDAI_HOME": str(tmp_path), "TONGDAI_BEHIND_PROXY": "0.0.0.0/0"}
    done = subprocess.run(
        [sys.executable, "-m", "tongdai", "doctor"], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 2 and "Name the address itself" in done.stderr and "Traceback" not in done.stderr


def test_the_house_is_asked_where_it_listens() -> None:
    assert addresses.url("10.20.0.4", 8022) == "http://10.20.0.4:8022"
    assert addresses.url("0.0.0.0", 8022) == "http://127.0.0.1:8022"
    assert addresses.url("::", 8022) == "http://[::1]:8022"
    assert {str(each) for each in addresses.proxies("true")} == {"127.0.0.0/8", "::1/128"}
    assert addresses.proxies("false") == addresses.proxies("") == ()
