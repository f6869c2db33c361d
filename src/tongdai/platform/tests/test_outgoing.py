"""One way out: no inner address unless a setting names it, at no step; bounded in bytes and in time. All rooms go by it."""

from __future__ import annotations

import http.server
import re
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

import tongdai
from tongdai.platform.network import outgoing

ROOM = Path(tongdai.__file__).parent


class Doors(http.server.BaseHTTPRequestHandler):
    """Answers, leads elsewhere, never ends, drips, packs."""

    def do_GET(self) -> None:
        if self.path.startswith("/den?"):
            self.send_response(302)
            self.send_header("Location", self.path.removeprefix("/den?"))
            self.end_headers()
            return
        self.send_response(200)
        if self.path == "/nen":
            self.send_header("Content-Encoding", "gzip")
        self.end_headers()
        try:
            if self.path == "/dai":
                for _chunk in range(2000):
                    self.wfile.write(b"x" * 10_000)
            elif self.path == "/nho-giot":
                for _drop in range(100):
                    self.wfile.write(b"x")
                    self.wfile.flush()
                    time.sleep(0.05)
            else:
                self.wfile.write(b"OK")
        except OSError:
            pass  # whoever asked has had enough

    def log_message(self, *_said: object) -> None:
        pass


@pytest.fixture
def here(settings: Any) -> Iterator[str]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Doors)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.OUTGOING_INSIDE = []
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def get(url: str, **more: Any) -> outgoing.Answer:
    return outgoing.get(url, **({"seconds": 2.0, "most_bytes": 100_000} | more))


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0", "10.1.2.3", "172.16.0.9", "192.168.1.1", "169.254.169.254",
     "100.64.0.1", "[fe80::1]", "[fd00::1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "2130706433", "127.1"],
)  # fmt: skip
def test_no_inner_address_is_asked_however_it_is_written(here: str, host: str) -> None:
    port = here.rsplit(":", 1)[1]
    with pytest.raises((outgoing.Inside, httpx.HTTPError, httpx.InvalidURL)) as refused:
        get(f"http://{host}:{port}/")
    assert not isinstance(refused.value, httpx.TimeoutException)


def test_a_name_that_leads_inside_is_refused_as_well(here: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """DNS of the attacker's own: the address looked at is the one connected to."""
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_a, **_k: [(2, 1, 6, "", ("127.0.0.1", 80))])
    with pytest.raises(outgoing.Inside):
        get("http://rebound.example/")


def test_one_public_and_one_inner_address_behind_a_name_are_not_enough(
    monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.OUTGOING_INSIDE = []
    both = [(2, 1, 6, "", ("93.184.216.34", 80)), (2, 1, 6, "", ("10.0.0.1", 80))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_a, **_k: both)
    with pytest.raises(outgoing.Inside):
        get("http://mixed.example/")


def test_what_a_setting_names_is_asked_by_host_or_by_host_and_port(here: str, settings: Any) -> None:
    port = int(here.rsplit(":", 1)[1])
    for named in ("127.0.0.1", f"127.0.0.1:{port}"):
        settings.OUTGOING_INSIDE = [named]
        assert get(f"{here}/").body == b"OK"
    settings.OUTGOING_INSIDE = [f"127.0.0.1:{port + 1}"]
    with pytest.raises(outgoing.Inside):
        get(f"{here}/")


def test_each_step_of_a_redirect_is_looked_at_anew(here: str, settings: Any) -> None:
    port = here.rsplit(":", 1)[1]
    settings.OUTGOING_INSIDE = [f"127.0.0.1:{port}"]
    with pytest.raises(outgoing.Inside):
        get(f"{here}/den?http://localhost:{port}/", redirects=3)
    assert get(f"{here}/den?{here}/", redirects=3).body == b"OK"
    assert get(f"{here}/den?{here}/").status == 302  # followed only where it is asked for
    with pytest.raises(httpx.TooManyRedirects):
        get(f"{here}/den?{here}/den?{here}/den?{here}/", redirects=2)
    with pytest.raises(httpx.HTTPError):
        get(f"{here}/den?file:///etc/passwd", redirects=3)


def test_too_much_and_too_slow_are_given_up(here: str, settings: Any) -> None:
    settings.OUTGOING_INSIDE = ["127.0.0.1"]
    with pytest.raises(outgoing.TooMuch):
        get(f"{here}/dai")
    began = time.monotonic()
    with pytest.raises(httpx.TimeoutException):
        get(f"{here}/nho-giot", seconds=0.5)
    assert time.monotonic() - began < 4  # of five seconds: a byte now and then doesn't hold it


def test_a_packed_answer_that_nobody_asked_for_is_not_unpacked(here: str, settings: Any) -> None:
    settings.OUTGOING_INSIDE = ["127.0.0.1"]
    with pytest.raises(httpx.DecodingError):
        get(f"{here}/nen")


# who else opens a connection, to an address that no staff types
OWN_PEERS = {
    "platform/network/outgoing.py": "the one way",
    "platform/processes/supervisor.py": "asks our own processes whether they are ready",
    "platform/monitoring/running_checks.py": "looks at the certificate of our own address",
    "channels/voice/asterisk/client.py": "our own exchange, on loopback",
    "channels/voice/asterisk/softphones.py": "our own exchange, on loopback, for a browser's telephone",
    "channels/sms/protocol/wire.py": "the carrier, from the environment",
}
CONNECTS = re.compile(
    r"\burlopen\(|\bhttpx\.(?:Client|AsyncClient|get|post|request|stream)\(|^import requests|\baiohttp\.ClientSession\("
    r"|\bcreate_connection\(|\bhttp\.client\.HTTPS?Connection\(|\bopen_connection\(",
    re.M,
)


def test_every_room_asks_others_by_the_one_way() -> None:
    found = {
        str(file.relative_to(ROOM))
        for file in ROOM.rglob("*.py")
        if not {"tests", "scenarios", "peers"} & set(file.parts) and CONNECTS.search(file.read_text())
    }
    assert found <= set(OWN_PEERS), sorted(found - set(OWN_PEERS))
    assert "platform/network/outgoing.py" in found
