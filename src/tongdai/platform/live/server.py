"""The live process: server-sent events that say which rows changed, to those who may know of them.

A stream carries ids only; what they stand for is fetched through the faces with the viewer's rights. One connection
LISTENs; each viewer's news are gathered for a moment, so that a storm of changes is one question to the database.
"""

from __future__ import annotations

import asyncio
import json
import os
import time
from collections import deque
from collections.abc import Iterable
from functools import partial
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import parse_qs, urlsplit

import django
import psycopg

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tongdai.platform.settings")
django.setup()

import structlog  # noqa: E402
from asgiref.sync import sync_to_async  # noqa: E402
from django.conf import settings  # noqa: E402
from django.contrib.auth import get_user  # noqa: E402
from django.contrib.sessions.backends.db import SessionStore  # noqa: E402
from django.db import Error, close_old_connections  # noqa: E402
from django.http import HttpRequest  # noqa: E402

from ..database import connection_settings  # noqa: E402
from ..parent_death import die_with_parent  # noqa: E402
from ..processes.heartbeat import beat_by_loop  # noqa: E402
from ..wake import listen  # noqa: E402
from ..web import proxies  # noqa: E402
from . import registry  # noqa: E402
from .sockets import Asker, Receive, Send  # noqa: E402

log = structlog.get_logger(__name__)
die_with_parent()

GATHERED = 0.25  # seconds
AT_ONCE = frozenset({"calls", "agents"})  # a telephone rings: nothing is gathered, and their filters ask no database
HEARTBEAT = 15.0
LOOKED_AT_EVERY = 60.0  # seconds: who was out while nobody could say so
VIEWERS = "viewers"  # the channel that says whose rights or sessions have changed
AGAIN_AFTER = 1.0
REMEMBERED = 60.0  # seconds of news: for what came after a page was drawn, and before its stream was open
APART = 1.0  # seconds by which the clocks of two machines may differ
OF_ONE_PERSON = 8  # streams: a browser opens one, however many its tabs


class Stream:
    """One viewer's stream: what is new since it was last told, and whether they may still be told anything."""

    def __init__(self, user: Any, cookie: str) -> None:
        self.user, self.cookie = user, cookie
        self.new = asyncio.Event()
        self.due: dict[str, set[int] | None] = {}
        self.in_doubt = self.ended = False
        self.looked_at = time.monotonic()

    def add(self, news: dict[str, list[int] | str]) -> None:
        for channel, ids in news.items():
            if channel == VIEWERS:
                self.in_doubt |= isinstance(ids, str) or self.user.pk in ids
                continue
            known = self.due.get(channel, set())
            self.due[channel] = None if known is None or isinstance(ids, str) else known | set(ids)
        self.new.set()

    def end(self) -> None:
        """Somebody opened more than a person has browsers: this one, the oldest, makes room."""
        self.ended = True
        self.new.set()

    def take(self) -> dict[str, set[int] | None]:
        due, self.due = self.due, {}
        self.new.clear()
        return due


_streams: dict[Stream, None] = {}  # the oldest first
_recent: deque[tuple[float, dict[str, list[int] | str]]] = deque()  # when it came, by the machine's clock
_askers: set[Asker] = set()  # whose WebSockets are open
_listening = False


async def application(scope: dict[str, Any], receive: Receive, send: Send) -> None:
    """ASGI: `/live`, `/healthz`, `/readyz`, and the sockets of the rooms above (`registry.sockets`)."""
    if scope["type"] == "lifespan":
        await _live_on(receive, send)
    elif scope["type"] == "websocket":
        await _socket(scope, receive, send)
    elif scope["type"] == "http":
        if scope["path"] == "/live":
            await _stream(scope, receive, send)
        elif scope["path"] in ("/healthz", "/readyz"):
            ready = scope["path"] == "/healthz" or _listening
            await _answer(send, 200 if ready else 503, b'{"status": "ready"}' if ready else b'{"status": "unready"}')
        else:
            await _answer(send, 404, b"{}")


async def _socket(scope: dict[str, Any], receive: Receive, send: Send) -> None:
    """Hand it to the room whose path it is, with what is known of who asks: browsers let any page open any socket."""
    await receive()
    carry = registry.sockets.get(scope["path"])
    if carry is None:
        await send({"type": "websocket.close", "code": 1008})
        return
    headers = _headers(scope)
    asker = Asker(
        ours=_is_ours(headers.get("origin", ""), headers.get("host", "")),
        viewer=partial(sync_to_async(_viewer), headers.get("cookie", "")),
        client=proxies.client(
            str((scope.get("client") or ("",))[0]), headers.get("x-forwarded-for", ""), trusted=settings.TRUSTED_PROXIES
        ),
    )
    _askers.add(asker)
    try:
        await carry(scope, receive, send, asker)
    finally:
        _askers.discard(asker)


async def _live_on(receive: Receive, send: Send) -> None:
    tasks: list[asyncio.Task[None]] = []
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            tasks = [asyncio.create_task(_listen_for_ever()), asyncio.create_task(beat_by_loop())]
            await send({"type": "lifespan.startup.complete"})
        else:
            for task in tasks:
                task.cancel()
            await send({"type": "lifespan.shutdown.complete"})
            return


async def _listen_for_ever() -> None:
    """LISTEN, again and again while the database is away; then everyone is told to look for themselves."""
    global _listening
    while True:
        try:
            async for news in listen(connection_settings.parameters(directly=True)):
                _listening = True
                _send_to_all(news or {VIEWERS: "many", "cases": "many", "callbacks": "many", "calls": "many"})
        except (psycopg.Error, OSError) as error:
            log.warning("live.database_away", error=type(error).__name__)
        _listening = False
        await asyncio.sleep(AGAIN_AFTER)


def _send_to_all(news: dict[str, list[int] | str]) -> None:
    _recent.append((time.time(), news))
    while _recent[0][0] < time.time() - REMEMBERED:
        _recent.popleft()
    for stream in list(_streams):
        stream.add(news)
    if VIEWERS in news:
        for asker in _askers:
            asker.doubted.set()


async def _stream(scope: dict[str, Any], receive: Receive, send: Send) -> None:
    headers = _headers(scope)
    origin = headers.get("origin", "")
    if origin and not _is_ours(origin, headers.get("host", "")):
        await _answer(send, 403, b"{}")
        return
    try:
        user = await sync_to_async(_viewer)(headers.get("cookie", ""))
    except Error:
        await _answer(send, 503, b"{}")
        return
    if user is None:
        await _answer(send, 401, b"{}")
        return
    allowed = [(b"access-control-allow-origin", origin.encode()), (b"access-control-allow-credentials", b"true")]
    await send(
        {
            "type": "http.response.start",
            "status": 200,
            "headers": [
                (b"content-type", b"text/event-stream; charset=utf-8"),
                (b"cache-control", b"no-store"),
                (b"x-accel-buffering", b"no"),
                *(allowed if origin else []),
                (b"vary", b"Origin, Cookie"),
            ],
        }
    )
    stream = Stream(user, headers.get("cookie", ""))
    _make_room(user.pk)
    _streams[stream] = None
    since = _drawn_at(scope) - APART
    for news in [news for at, news in _recent if at >= since]:
        stream.add(news)
    gone = asyncio.create_task(_until_gone(receive))
    try:
        await _write(send, ": listening\nretry: 2000\n\n")
        while not gone.done() and await _may_go_on(stream, send):
            await _pass_on(stream, send)
    finally:
        _streams.pop(stream, None)
        gone.cancel()


def _drawn_at(scope: dict[str, Any]) -> float:
    """When the page was drawn that asks, in seconds since 1970; of who doesn't say, now."""
    try:
        return float(parse_qs(scope.get("query_string", b"").decode("latin-1"))["since"][0])
    except (KeyError, ValueError):
        return float("inf")


def _make_room(person: int) -> None:
    theirs = [stream for stream in _streams if stream.user.pk == person]
    for oldest in theirs[: max(0, len(theirs) - OF_ONE_PERSON + 1)]:
        del _streams[oldest]
        oldest.end()


async def _may_go_on(stream: Stream, send: Send) -> bool:
    """Look again at whoever may be out: their stream ends with a word, at once. Others are told by the rights of now."""
    if stream.ended:
        await send({"type": "http.response.body", "body": b""})
        return False
    late = time.monotonic() - stream.looked_at > LOOKED_AT_EVERY
    if not stream.in_doubt and not late:
        return True
    changed, stream.in_doubt, stream.looked_at = stream.in_doubt, False, time.monotonic()
    try:
        user = await sync_to_async(_viewer)(stream.cookie)
    except Error:
        stream.in_doubt = True  # the database is away: nothing is told meanwhile
        await asyncio.sleep(AGAIN_AFTER)
        return True
    if user is None:
        await _write(send, "event: signed-out\ndata: null\n\n")
        await send({"type": "http.response.body", "body": b""})
        return False
    stream.user = user
    if changed:
        stream.add({"cases": "many"})
    return True


async def _pass_on(stream: Stream, send: Send) -> None:
    try:
        async with asyncio.timeout(HEARTBEAT):
            await stream.new.wait()
    except TimeoutError:
        await _write(send, ": still here\n\n")
        return
    if not stream.due.keys() & AT_ONCE:
        await asyncio.sleep(GATHERED)
    if stream.in_doubt or stream.ended:  # first whether they may be told
        return
    for channel, ids in stream.take().items():
        try:
            known = None if ids is None else await _known(stream.user, channel, ids)
        except Error:
            known = None
        if known is None or known:
            await _write(send, f"event: {channel}\ndata: {json.dumps(known)}\n\n")


async def _known(user: Any, channel: str, ids: Iterable[int]) -> list[int]:
    if channel in AT_ONCE:
        return _allowed(user, channel, ids)
    return await sync_to_async(_seen_by)(user, channel, ids)


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _viewer(cookie: str) -> Any:
    """The member of staff whose session this is, or None."""
    close_old_connections()
    found = SimpleCookie(cookie).get(settings.SESSION_COOKIE_NAME)
    if found is None:
        return None
    request = HttpRequest()
    request.session = SessionStore(found.value)
    user = get_user(request)
    return user if user.is_authenticated and registry.may_listen(request, user) else None


def _seen_by(user: Any, channel: str, ids: Iterable[int]) -> list[int]:
    """The same, where the database is asked."""
    close_old_connections()
    return _allowed(user, channel, ids)


def _allowed(user: Any, channel: str, ids: Iterable[int]) -> list[int]:
    """Of these rows those the viewer may know of; of a channel that nobody answers for, none."""
    decides = registry.known_to.get(channel)
    return list(decides(user, ids)) if decides else []


def _headers(scope: dict[str, Any]) -> dict[str, str]:
    return {name.decode().lower(): value.decode("latin-1") for name, value in scope["headers"]}


def _is_ours(origin: str, host: str) -> bool:
    """Exactly the portal's origin, or the web port on the very host name the stream was asked at."""
    if origin == settings.PUBLIC_URL:
        return True
    asked = urlsplit(origin)
    return asked.hostname == urlsplit(f"//{host}").hostname and asked.port == settings.PORT


async def _write(send: Send, text: str) -> None:
    await send({"type": "http.response.body", "body": text.encode(), "more_body": True})


async def _answer(send: Send, status: int, body: bytes) -> None:
    headers = [(b"content-type", b"application/json")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
