"""The browsers' telephones: the live process takes their WebSocket and carries SIP (RFC 7118) through to the exchange.

Asterisk's own WebSocket takes anybody from any page (RFC 6455, section 10.2, leaves the Origin to the server, and it looks at
none). So this door stands before it: our own pages alone, whoever is signed in and has a telephone, so many messages a second.
Who then rings or registers still proves it to the exchange by password.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections import Counter
from typing import Any
from urllib.parse import parse_qs

import aiohttp
import structlog
from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import Error, close_old_connections

from tongdai.accounts.models import User
from tongdai.platform.clock import now
from tongdai.platform.database.installation import is_demo
from tongdai.platform.live.sockets import Asker, Receive, Send

from ..models import Line
from .exchange import exchange
from .refusals import Door, Reason, Tally

log = structlog.get_logger(__name__)

PATIENCE = aiohttp.ClientTimeout(total=None, connect=5)
LONGEST = 65_536  # octets of a message
EACH, BURST = 10.0, 60.0  # messages a second of one connection, and at once; a call makes some ten
ANYBODY = 0
AT_ONCE = 8  # connections of one person: tabs that are tried, a telephone that comes back
LOOKED_AT_EVERY = 15.0  # seconds: who was out while nobody could say so
LEFT, REFUSED, STARTS_ANEW, LATER = 1000, 1008, 1012, 1013  # codes of RFC 6455, section 7.4

_open: Counter[int] = Counter()  # connections by person
_refused = Tally()
_writing: set[asyncio.Task[None]] = set()


def address(host: str) -> str:
    """Where a page that was asked at this host (without its port) finds it."""
    return settings.SOFTPHONE_URL or f"ws://{host}:{settings.LIVE_PORT}/ws"


async def carry(scope: dict[str, Any], receive: Receive, send: Send, asker: Asker) -> None:
    """One connection, until either end goes or the person may not have it any more."""
    browser = parse_qs(scope.get("query_string", b"").decode()).get("o", [""])[0]
    try:
        person = await _may_have(asker, browser) if asker.ours and "sip" in scope.get("subprotocols", ()) else None
    except Error:
        await send({"type": "websocket.close", "code": LATER})
        return
    if person is None or person != ANYBODY and _open[person] >= AT_ONCE:
        _note(Reason.PAGE if person is None else Reason.FLOOD, asker.client)
        await send({"type": "websocket.close", "code": REFUSED})
        return
    _open[person] += 1
    try:
        async with (
            aiohttp.ClientSession(timeout=PATIENCE) as http,
            http.ws_connect(exchange().browsers_url, protocols=("sip",), max_msg_size=LONGEST) as wire,
        ):
            await send({"type": "websocket.accept", "subprotocol": "sip"})
            code = await _both_ways(wire, receive, send, asker, browser)
        if code != LEFT:
            await send({"type": "websocket.close", "code": code})
    except (aiohttp.ClientError, OSError, TimeoutError) as gone:
        log.warning("softphone.no_exchange", error=type(gone).__name__)
        await send({"type": "websocket.close", "code": LATER})
    finally:
        _open[person] -= 1


async def _both_ways(
    wire: aiohttp.ClientWebSocketResponse, receive: Receive, send: Send, asker: Asker, browser: str
) -> int:
    """Until one of them ends it; with which code the browser is told."""
    ways = [
        asyncio.ensure_future(each)
        for each in (_to_the_exchange(wire, receive, asker), _to_the_browser(wire, send), _until_out(asker, browser))
    ]
    try:
        done, _waiting = await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        return next(iter(done)).result()
    finally:
        for each in ways:
            each.cancel()
        await asyncio.gather(*ways, return_exceptions=True)


async def _to_the_exchange(wire: aiohttp.ClientWebSocketResponse, receive: Receive, asker: Asker) -> int:
    left, since = BURST, time.monotonic()
    while (message := await receive())["type"] == "websocket.receive":
        at = time.monotonic()
        left, since = min(BURST, left + EACH * (at - since)) - 1, at
        text = message.get("text") or (message.get("bytes") or b"").decode(errors="replace")
        if left < 0 or len(text) > LONGEST:
            log.warning("softphone.flood", client=asker.client)
            _note(Reason.FLOOD, asker.client)
            return REFUSED
        await wire.send_str(text)
    return LEFT


async def _to_the_browser(wire: aiohttp.ClientWebSocketResponse, send: Send) -> int:
    async for message in wire:
        if message.type == aiohttp.WSMsgType.TEXT:
            await send({"type": "websocket.send", "text": message.data})
        elif message.type == aiohttp.WSMsgType.BINARY:
            await send({"type": "websocket.send", "bytes": message.data})
    return STARTS_ANEW


async def _until_out(asker: Asker, browser: str) -> int:
    """Whoever is signed out, no more of the staff, or at another browser now, has no telephone here; while the database is
    away, talks go on.
    """
    while True:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LOOKED_AT_EVERY):
                await asker.doubted.wait()
        asker.doubted.clear()
        try:
            if await _may_have(asker, browser) is None:
                return REFUSED
        except Error:
            continue


async def _may_have(asker: Asker, browser: str) -> int | None:
    """The key of the person who may have a telephone in this browser: with a line of that kind, which no other browser holds;
    in the demo ANYBODY.
    """
    user = await asker.viewer()
    return await sync_to_async(_has_line)(user, browser)


def _has_line(user: User | None, browser: str) -> int | None:
    close_old_connections()
    if user and Line.objects.filter(user=user, kind=Line.Kind.WEBRTC, holder__in=("", browser)).exists():
        return user.pk
    return ANYBODY if is_demo() else None


def _note(reason: str, client: str) -> None:
    """Count it; written a moment later, so that a flood is one question to the database."""
    _refused.add(Door.BROWSERS, reason, client)
    if not _writing:
        task = asyncio.create_task(_write_soon())
        _writing.add(task)
        task.add_done_callback(_writing.discard)


async def _write_soon() -> None:
    await asyncio.sleep(1)
    with contextlib.suppress(Error):
        await sync_to_async(_write)()


def _write() -> None:
    close_old_connections()
    _refused.write(at=now())
