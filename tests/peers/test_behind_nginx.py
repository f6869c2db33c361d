"""A house behind nginx with TLS, as docs/deploy.md has it; and what it withstands when nothing stands before it."""

from __future__ import annotations

import http.client
import io
import itertools
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from PIL import Image

from tests.house import House, free_port
from tongdai.channels.voice.asterisk.install import is_installed
from tongdai.platform.home import beside_the_code

from .line import told
from .nginx import NAME, NEEDS_NGINX, Nginx

pytestmark = NEEDS_NGINX

INNER = "127.0.0.5"  # the house listens there alone
HERE, ELSEWHERE = "127.0.0.2", "127.0.0.3"  # two clients of one proxy
MEGABYTE = 1024 * 1024
HAS_EXCHANGE = is_installed(beside_the_code("asterisk"))
CITY = """
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from tongdai.accounts.models import User
from tongdai.cases.actions.register import Matter, register
from tongdai.cases.actor import Actor
from tongdai.channels.voice.models import Line
from tongdai.platform.clock import now
hang = User.objects.create_user("hang", "mật khẩu thử 1022", full_name="Đỗ Thu Hằng", role="coordinator")
Line.objects.create(user=hang)
session = SessionStore()
backend = settings.AUTHENTICATION_BACKENDS[0]
session.update({SESSION_KEY: str(hang.pk), BACKEND_SESSION_KEY: backend, HASH_SESSION_KEY: hang.get_session_auth_hash()})
session.save()
by = Actor.citizen(channel="sms")
done = register(Matter(text="Rác", channel="sms", phone="+84912345678", proven=True), key="thu", by=by, at=now())
print(session.session_key, done.code)
"""


class Behind:
    """The house, the proxy before it, a coordinator's session and the code of a case with a proven number."""

    def __init__(self, house: House, nginx: Nginx, session: str, code: str) -> None:
        self.house, self.nginx, self.session, self.code = house, nginx, session, code

    def guess(self, four: str, *, by: str, **headers: str) -> int:
        """The status of a try at the last four digits."""
        page, words = self.nginx.ask(f"/p/{self.code}/", by=by)
        if page.status != 200:
            return page.status
        cookie = cookies(page)
        body = f"csrfmiddlewaretoken={token(words)}&digits={four}".encode()
        headers |= {"Cookie": cookie, "Content_Type": FORM, "Referer": f"{self.nginx.url}/"}
        return self.nginx.ask(f"/p/{self.code}/", method="POST", body=body, by=by, **headers)[0].status


FORM = "application/x-www-form-urlencoded"
POLES = itertools.count(1)  # the same words sent twice would be asked about


def cookies(answer: http.client.HTTPResponse) -> str:
    return "; ".join(each.partition(";")[0] for each in answer.headers.get_all("Set-Cookie") or [])


def token(page: str) -> str:
    found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
    assert found, page
    return found[1]


@pytest.fixture(scope="module")
def behind() -> Iterator[Behind]:
    nginx = Nginx()
    with ExitStack() as stack:
        stack.callback(nginx.stop)
        more = {"TONGDAI_HOST": INNER, "TONGDAI_PUBLIC_URL": nginx.url, "TONGDAI_BEHIND_PROXY": "127.0.0.1"}
        if HAS_EXCHANGE:
            more |= {"TONGDAI_SIP_PORT": str(free_port())}
        house = stack.enter_context(House(TONGDAI_RTP_PORTS="43000-43099", **more))
        nginx.start(house)
        yield Behind(house, nginx, *told(house, CITY).split())


def test_the_first_start_on_an_inner_address_becomes_ready_and_prints_links_that_open(behind: Behind) -> None:
    printed = behind.house.printed()
    assert f"{behind.nginx.url}/ban/" in printed and "Traceback" not in printed
    link = re.search(rf"{re.escape(behind.nginx.url)}(/ban/khoi-dau/\S+)", printed)
    assert link, printed
    assert behind.nginx.ask(link[1])[0].status == 200


def test_citizens_and_staff_get_their_pages_with_hsts_and_cookies_for_tls_alone(behind: Behind) -> None:
    page, words = behind.nginx.ask("/phan-anh/")
    assert page.status == 200 and "Gửi phản ánh" in words
    assert "max-age=31536000" in page.headers["Strict-Transport-Security"]
    assert all("Secure" in each for each in page.headers.get_all("Set-Cookie"))
    desk, words = behind.nginx.ask("/ban/", Cookie=f"sessionid={behind.session}")
    assert desk.status == 200 and f'data-live="{behind.nginx.url}/live"' in words
    plain = http.client.HTTPConnection("127.0.0.1", behind.nginx.plain_port, timeout=10)
    plain.request("GET", "/phan-anh/", headers={"Host": NAME})
    assert plain.getresponse().headers["Location"] == f"{behind.nginx.url}/phan-anh/"


def test_a_forged_host_is_told_so_in_words_and_leaves_no_traceback(behind: Behind) -> None:
    page, words = behind.nginx.ask("/", Host="evil.example")
    assert page.status == 400 and "Trang này không đọc được" in words and "evil" not in words
    assert "Traceback" not in behind.house.printed()


def test_live_events_pass_the_proxy_as_they_happen(behind: Behind) -> None:
    with behind.nginx.connect() as stream:
        ask = f"GET /live HTTP/1.1\r\nHost: {NAME}:{behind.nginx.port}\r\nOrigin: {behind.nginx.url}\r\n"
        stream.sendall(f"{ask}Cookie: sessionid={behind.session}\r\n\r\n".encode())
        heard = read_until(stream, b": listening")
        assert heard.startswith(b"HTTP/1.1 200")
        report(behind, by=ELSEWHERE)
        read_until(stream, b"event: cases")


def test_a_report_with_a_photo_arrives_through_the_proxy(behind: Behind) -> None:
    answer = report(behind, by=ELSEWHERE, photo=picture())
    assert answer.status == 303 and "/phan-anh/da-gui/" in answer.headers["Location"]


@pytest.mark.skipif(not HAS_EXCHANGE, reason="needs `make voice` (Asterisk)")
def test_the_softphone_of_who_is_signed_in_reaches_the_exchange_through_the_proxy_and_ari_nobody(
    behind: Behind,
) -> None:
    upgrade = {
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec_WebSocket_Key": "dGhlIHNhbXBsZSBub25jZQ==",
        "Sec_WebSocket_Version": "13",
        "Sec_WebSocket_Protocol": "sip",
        "Origin": behind.nginx.url,
        "Cookie": f"sessionid={behind.session}",
    }
    behind.house.wait_for(lambda: upgrades(behind, "/ws", **upgrade) == 101, within=60)
    assert upgrades(behind, "/ws", **upgrade | {"Origin": "https://evil.example"}) == 403
    assert upgrades(behind, "/ws", **upgrade | {"Cookie": "none=1"}) == 403
    assert upgrades(behind, "/ari/events?app=tongdai", **upgrade) == 404


def test_two_clients_of_one_proxy_are_two_and_a_forged_address_is_not_believed(behind: Behind) -> None:
    tries = [behind.guess("0000", by=HERE, X_Forwarded_For=f"203.0.113.{number}") for number in range(5)]
    assert tries == [422] * 5
    assert behind.guess("0000", by=HERE, X_Forwarded_For="203.0.113.9") == 429
    assert behind.guess("5678", by=HERE) == 429
    assert behind.guess("5678", by=ELSEWHERE) == 303


def test_the_proxys_log_holds_no_token_and_no_word(behind: Behind) -> None:
    for path in (
        f"/p/{behind.code}/AbCdEfGhIjKl/",
        "/ban/khoi-dau/SecretSecret/",
        "/tim/?q=benh+gan",
        "/anh/tam/Ticket/",
    ):
        behind.nginx.ask(path)
    logged = (behind.nginx.folder / "access.log").read_text()
    assert f"/p/{behind.code}/" in logged and "/tim/" in logged
    assert not [word for word in ("AbCdEf", "SecretSecret", "benh", "Ticket") if word in logged]


def test_probes_are_answered_to_this_machine_alone(behind: Behind) -> None:
    assert behind.nginx.ask("/readyz")[0].status == 200
    assert behind.nginx.ask("/readyz", by=HERE)[0].status == 403


@pytest.mark.parametrize("path", ["/tim/", "/phan-anh/"])
def test_a_body_too_large_for_its_page_is_refused_in_words_before_it_is_kept(behind: Behind, path: str) -> None:
    page, words = behind.nginx.ask(
        path, method="POST", body=b"", Content_Length=str(200 * MEGABYTE), Connection="close"
    )
    assert page.status == 413 and "nặng quá" in words and 'lang="en"' in words


@pytest.mark.skipif(not shutil.which("curl"), reason="no curl here")
def test_by_http_2_a_body_too_large_is_refused_in_words_too(behind: Behind, tmp_path: Path) -> None:
    (tmp_path / "body").write_bytes(b"x" * 3 * MEGABYTE)
    done = subprocess.run(
        ["curl", "--silent", "--insecure", "--http2", "--noproxy", "*", "--connect-to", f"::127.0.0.1:{behind.nginx.port}",
         "--write-out", "\n%{http_version} %{http_code}", "--data-binary", f"@{tmp_path / 'body'}", f"{behind.nginx.url}/tim/"],
        capture_output=True, text=True, timeout=30, check=False,
    )  # fmt: skip
    assert done.stdout.endswith("\n2 413") and "nặng quá" in done.stdout, done.stdout + done.stderr


def test_without_a_proxy_two_hundred_megabytes_fill_no_disk_and_are_answered_in_words_or_json(behind: Behind) -> None:
    for accept, said in (("text/html", "nặng quá"), ("application/json", '"code": "too_large"')):
        link = http.client.HTTPConnection(INNER, behind.house.port, timeout=20)
        link.request("POST", "/tim/", body=lumps(200), headers={"Host": NAME, "Accept": accept}, encode_chunked=True)
        answer = link.getresponse()
        assert answer.status == 413 and said in answer.read().decode()


def test_without_a_proxy_sixty_slow_senders_stop_no_page_and_no_form(behind: Behind) -> None:
    head = f"POST /phan-anh/ HTTP/1.1\r\nHost: {NAME}\r\nContent-Type: {FORM}\r\nContent-Length: 900\r\n\r\nt"
    half = f"GET / HTTP/1.1\r\nHost: {NAME}\r\n"
    with ExitStack() as stack:
        slow = [stack.enter_context(socket.create_connection((INNER, behind.house.port))) for _ in range(120)]
        for number, each in enumerate(slow):
            each.sendall((head if number % 2 else half).encode())
        started = time.monotonic()
        for method, path, body in (
            ("GET", "/", None),
            ("GET", "/phan-anh/", None),
            ("POST", "/tim/", b"q=khai+sinh"),
        ) * 3:
            link = http.client.HTTPConnection(INNER, behind.house.port, timeout=20)
            link.request(method, path, body=body, headers={"Host": NAME, "Content-Type": FORM})
            assert link.getresponse().status == 200
        assert time.monotonic() - started < 9 * 2
    link = http.client.HTTPConnection(INNER, behind.house.port, timeout=20)
    link.request("GET", "/", headers={"Host": NAME})
    assert link.getresponse().status == 200
    assert "RSGIProtocolClosed" not in behind.house.printed()  # they hung up amid a body: nobody's fault


def lumps(megabytes: int) -> Iterator[bytes]:
    for _ in range(megabytes):
        yield b"x" * MEGABYTE


def read_until(stream: socket.socket, mark: bytes) -> bytes:
    heard = b""
    stream.settimeout(20)
    while mark not in heard:
        piece = stream.recv(4096)
        assert piece, heard
        heard += piece
    return heard


def upgrades(behind: Behind, path: str, **headers: str) -> int:
    with behind.nginx.connect() as link:
        lines = [f"GET {path} HTTP/1.1", f"Host: {NAME}:{behind.nginx.port}"]
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        link.sendall("\r\n".join([*lines, "", ""]).encode())
        return int(link.recv(100).split(b" ")[1])


def picture() -> bytes:
    out = io.BytesIO()
    Image.effect_noise((2000, 1500), 80).convert("RGB").save(out, "JPEG", quality=95)
    return out.getvalue()


def report(behind: Behind, *, by: str, photo: bytes = b"") -> http.client.HTTPResponse:
    """Open the form and send it."""
    page, words = behind.nginx.ask("/phan-anh/", by=by)
    fields = {
        "csrfmiddlewaretoken": token(words),
        "text": f"Đèn đường hỏng ở Cát Dài, cột {next(POLES)}",
        "phone": "0912345679",
    }
    edge, body = "ranh-gioi", b""
    for name, value in fields.items():
        body += f'--{edge}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
    if photo:
        body += f'--{edge}\r\nContent-Disposition: form-data; name="photos"; filename="a.jpg"\r\n'.encode()
        body += b"Content-Type: image/jpeg\r\n\r\n" + photo + b"\r\n"
    body += f"--{edge}--\r\n".encode()
    headers = {"Cookie": cookies(page), "Content_Type": f"multipart/form-data; boundary={edge}"}
    return behind.nginx.ask(
        "/phan-anh/", method="POST", body=body, by=by, Referer=f"{behind.nginx.url}/phan-anh/", **headers
    )[0]
