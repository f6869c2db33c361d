"""The exchange by ARI: what it says (one websocket of events) and what it is told (HTTP beside it).

A small client of our own over aiohttp: the packaged one costs twice the CPU a call and does not reconnect.
Source: Asterisk 22, REST Interface (ARI), `/ari/api-docs`.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from types import TracebackType
from typing import Any

import aiohttp

from .exchange import APPLICATION, ARI_USER, Exchange

Event = dict[str, Any]
LINES = f"{APPLICATION}-lines"  # a second application: who asks for telephones' news gets their calls' news, too
# Whatever rings, by a carrier too, is in no application before somebody answers: this one hears that it is no more, and why.
OF_LINES = ("ContactStatusChange", "ChannelDestroyed")
# The cause in a soft ChannelHangupRequest, which is no Q.850: AST_SOFTHANGUP_SHUTDOWN (Asterisk 22, channel.h).
CLOSING_DOWN = 4
PATIENCE = aiohttp.ClientTimeout(total=5)


def closes_down(event: Event) -> bool:
    """Whether this ChannelHangupRequest is Asterisk's own, of every channel: it was told to stop (SIGTERM, `core stop now`)."""
    return bool(event.get("soft")) and event.get("cause") == CLOSING_DOWN


class PbxGone(Exception):
    """The exchange does not answer, or said goodbye."""


class Refused(Exception):
    """ARI said no: the channel has gone (404), or is in no state for it (409)."""


class Pbx:
    """One connection to the exchange. Use it as a context; `events` ends with PbxGone."""

    def __init__(self, it: Exchange) -> None:
        self._it = it
        self._http: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Pbx:
        auth = aiohttp.BasicAuth(ARI_USER, self._it.ari_secret)
        self._http = aiohttp.ClientSession(auth=auth, timeout=PATIENCE, connector=aiohttp.TCPConnector(limit=100))
        return self

    async def __aexit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        if self._http:
            await self._http.close()

    async def events(self, *, connected: asyncio.Event) -> AsyncIterator[Event]:
        """Everything that happens to our calls, in order. Sets `connected` once we are the application.

        Raises:
            PbxGone
        """
        assert self._http
        url = f"{self._it.ari_url}/events?app={APPLICATION},{LINES}&subscribeAll=false"
        try:
            async with self._http.ws_connect(url, heartbeat=10, max_msg_size=0) as socket:
                await self._ask(
                    "PUT", f"applications/{LINES}/eventFilter", {}, {"allowed": [{"type": each} for each in OF_LINES]}
                )
                await self.post(f"applications/{LINES}/subscription", eventSource="endpoint:PJSIP")
                connected.set()
                async for message in socket:
                    if message.type == aiohttp.WSMsgType.TEXT:
                        yield json.loads(message.data)
        except (aiohttp.ClientError, OSError, TimeoutError, Refused) as gone:
            raise PbxGone(str(gone)) from gone
        finally:
            connected.clear()
        raise PbxGone("the exchange closed the connection")

    async def get(self, path: str) -> Any:
        return await self._ask("GET", path, {})

    async def post(self, path: str, **query: str | int) -> Any:
        return await self._ask("POST", path, query)

    async def originate(self, channel: str, *, variables: dict[str, str], **query: str | int) -> None:
        """Ring somebody, as the leg `channel` of ours."""
        await self._ask("POST", "channels", {"channelId": channel, **query}, {"variables": variables})

    async def bridge(self, name: str, *channels: str) -> str:
        """A bridge in which these talk with each other; its id."""
        made: str = (await self.post("bridges", type="mixing", name=name))["id"]
        try:
            if channels:
                await self.post(f"bridges/{made}/addChannel", channel=",".join(channels))
        except Refused:
            await self.delete(f"bridges/{made}")
            raise
        return made

    async def delete(self, path: str, **query: str | int) -> Any:
        return await self._ask("DELETE", path, query)

    async def _ask(self, how: str, path: str, query: dict[str, str | int], body: object | None = None) -> Any:
        """Raises Refused, PbxGone."""
        assert self._http
        try:
            async with self._http.request(how, f"{self._it.ari_url}/{path}", params=query, json=body) as answer:
                body = await answer.read()
                if answer.status >= 400:
                    raise Refused(f"{how} {path}: {answer.status} {body[:200].decode(errors='replace')}")
                return json.loads(body) if body else None
        except (aiohttp.ClientError, OSError, TimeoutError) as gone:
            raise PbxGone(str(gone)) from gone
