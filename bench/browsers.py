"""Browsers that only post: keep-alive connections that send whole reports and read what comes back."""

from __future__ import annotations

import itertools
import re
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.request import urlopen
from uuid import uuid4

BOUNDARY = "----tongdai-bench"
FIELDS = {
    "text": "Nắp cống trước số nhà 12 ngõ 61 phố Tam Bạc bị vỡ đã ba hôm, trẻ con đi học suýt thụt chân",
    "place": "", "place_for": "", "latitude": "", "longitude": "", "landmark": "Đầu ngõ",
    "name": "Thuyên", "visibility": "private", "topic": "",
}  # fmt: skip


@dataclass
class Tally:
    """What came of the posts of one turn; times in seconds."""

    times: list[float] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)
    failed: int = 0
    took: float = 0.0

    @property
    def per_second(self) -> float:
        return len(self.times) / self.took if self.took else 0.0


def post_all(port: int, *, connections: int, seconds: float, request: Callable[[], bytes]) -> Tally:
    """Post over so many connections for so long; `request` makes each whole HTTP request."""
    tally, lock, stop = Tally(), threading.Lock(), time.monotonic() + seconds

    def browse() -> None:
        times: list[float] = []
        codes: list[str] = []
        failed = 0
        with socket.create_connection(("127.0.0.1", port)) as link:
            link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            while time.monotonic() < stop:
                began = time.perf_counter()
                link.sendall(request())
                head = _answer(link)
                times.append(time.perf_counter() - began)
                found = re.search(rb"[?&]ma=(\d{11})", head)
                if head.startswith(b"HTTP/1.1 303") and found:
                    codes.append(found[1].decode())
                else:
                    failed += 1
        with lock:
            tally.times += times
            tally.codes += codes
            tally.failed += failed

    threads = [threading.Thread(target=browse) for _ in range(connections)]
    began = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    tally.took = time.monotonic() - began
    return tally


_numbers = itertools.count(12_000_000)  # the same words from the same number within a day are one report


def report_maker(port: int) -> Callable[[], bytes]:
    """Requests of the form's own POST, with its token and cookie, each with a key and a phone of its own."""
    with urlopen(f"http://127.0.0.1:{port}/phan-anh/") as page:
        cookie = page.headers["Set-Cookie"].split(";")[0]
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.read().decode())
    assert token

    def make() -> bytes:
        key = uuid4()
        fields = FIELDS | {"csrfmiddlewaretoken": token[1], "key": key.hex, "phone": f"09{next(_numbers):08d}"}
        body = "".join(
            f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
            for name, value in fields.items()
        )
        return _request(port, f"{body}--{BOUNDARY}--\r\n".encode(), cookie)

    return make


def _request(port: int, body: bytes, cookie: str) -> bytes:
    head = (
        f"POST /phan-anh/ HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nOrigin: http://127.0.0.1:{port}\r\nCookie: {cookie}\r\n"
        f"Content-Type: multipart/form-data; boundary={BOUNDARY}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def _answer(link: socket.socket) -> bytes:
    """The head of one answer; its body is read and dropped."""
    data = b""
    while b"\r\n\r\n" not in data:
        came = link.recv(65536)
        if not came:
            raise ConnectionError("the server closed the connection")
        data += came
    head, rest = data.split(b"\r\n\r\n", 1)
    length = re.search(rb"(?i)content-length: (\d+)", head)
    left = int(length[1]) - len(rest) if length else 0
    while left > 0:
        left -= len(link.recv(min(left, 65536)))
    return head
