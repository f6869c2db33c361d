"""The web process's application: a request is read whole without a thread, and only then answered in one.

Slow senders cost a socket each, not one of the threads that answer pages (ADR 27). Large bodies are answered by
threads of their own.
"""

from __future__ import annotations

import asyncio
import io
import os
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import IO, Any, TypeVar

import structlog
from django.conf import settings
from django.core.wsgi import get_wsgi_application

from ..parent_death import die_with_parent
from ..processes.heartbeat import beat_by_thread, turn_by_loop
from ..processes.services import UPLOAD_THREADS, WEB_THREADS
from ..processes.warmup import warm_up
from . import bodies, proxies
from .body_limits import most_bytes
from .client_network import network
from .wsgi import Answer, ask, environ_of, peer_of

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tongdai.platform.settings")
die_with_parent()
beat_by_thread()
django_application = get_wsgi_application()
warm_up(web=True)

log = structlog.get_logger(__name__)

LARGE = 256 * 1024  # bytes: a body with files
MOST_WAITING = 256  # requests for a thread; more are told to come again
STATUS = {"too_large": 413, "too_slow": 408, "busy": 503, "disk_full": 503}
BUSY = (
    '<!doctype html><html lang="vi"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
    "<title>Tổng đài 1022</title><h1>Đang có rất đông người</h1>"
    '<p>Xin thử lại sau nửa phút. Điều bạn đã gõ vẫn còn ở trang trước. Việc gấp thì gọi <a href="tel:1022">1022</a>.</p>'
    '<p lang="en">Very many people are here just now. Please try again in half a minute: what you typed is still on the '
    'page before this one. If it is urgent, call <a href="tel:1022">1022</a>.</p></html>'
)

T = TypeVar("T")


class _Threads:
    """A few threads, and how many requests wait for one."""

    def __init__(self, count: int, *, name: str) -> None:
        self._pool = ThreadPoolExecutor(count, thread_name_prefix=name)
        self.asked = 0

    @property
    def full(self) -> bool:
        return self.asked >= MOST_WAITING

    async def run(self, work: Callable[[], T]) -> T:
        self.asked += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._pool, work)
        finally:
            self.asked -= 1


class Web:
    """The RSGI application."""

    def __init__(self) -> None:
        self.pages, self.uploads = _Threads(WEB_THREADS, name="page"), _Threads(UPLOAD_THREADS, name="upload")

    def __rsgi_init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._turning = loop.create_task(turn_by_loop("requests"))

    async def __rsgi__(self, scope: Any, protocol: Any) -> None:
        if scope.proto != "http":
            protocol.close(404)
            return
        try:
            body, refused = await _body(scope, protocol)
        except bodies.CutShort:
            return
        length = body.seek(0, io.SEEK_END)
        body.seek(0)
        environ = environ_of(scope, body=body, length=length)
        if refused:
            environ["tongdai.refused"] = refused
        threads = self.uploads if length > LARGE else self.pages
        try:
            if threads.full:
                _too_many(protocol)
                return
            answer = await threads.run(lambda: ask(django_application, environ))
        finally:
            body.close()
        if STATUS.get(refused):
            answer.headers.append(("connection", "close"))
        await _send(protocol, answer, threads)


async def _body(scope: Any, protocol: Any) -> tuple[IO[bytes], str]:
    """The body, and why it was refused if it was (it is empty then). Raises bodies.CutShort."""
    headers = scope.headers
    declared = headers.get("content-length")
    if declared in (None, "0") and headers.get("transfer-encoding") is None and scope.http_version == "1.1":
        return io.BytesIO(), ""
    most, chunks, length = most_bytes(scope.method, scope.path), _chunks(protocol), int(declared or 0)
    whose = partial(_network, scope)
    try:
        if length > most:
            raise bodies.Refused("too_large")
        if 0 < length <= bodies.IN_MEMORY:
            return await bodies.read_whole(protocol(), length=length, whose=whose), ""
        return await bodies.read(chunks, most=most, whose=whose, length=length), ""
    except bodies.Refused as refused:
        if refused.why == "disk_full":
            log.error("web.disk_full", length=declared)
        if refused.why != "too_slow" and headers.get("expect") is None:
            await bodies.throw_away(chunks)
        return io.BytesIO(), refused.why


async def _chunks(protocol: Any) -> AsyncIterator[bytes]:
    async for chunk in protocol:
        yield chunk


def _network(scope: Any) -> str:
    forwarded = ",".join(scope.headers.get_all("x-forwarded-for"))
    return network(proxies.client(peer_of(scope), forwarded, trusted=settings.TRUSTED_PROXIES))


async def _send(protocol: Any, answer: Answer, threads: _Threads) -> None:
    if answer.more is None:
        protocol.response_bytes(answer.status, answer.headers, answer.body)
        return
    transport = protocol.response_stream(answer.status, answer.headers)
    piece: bytes | None = answer.body
    more = answer.more
    try:
        while piece is not None:
            await transport.send_bytes(piece)
            piece = await threads.run(lambda: next(more, None))
    except RuntimeError:  # whoever asked is gone
        log.info("web.answer_cut_short", status=answer.status)
    finally:
        await threads.run(more.close)  # type: ignore[attr-defined]


def _too_many(protocol: Any) -> None:
    headers = [("content-type", "text/html; charset=utf-8"), ("retry-after", "30"), ("cache-control", "no-store")]
    protocol.response_str(503, headers, BUSY)


application = Web()
