"""A stand-in for Asterisk at its REST interface: telephones that are taken up or not, sounds that end at once.

The distribution is ours and is tested as it is; what a real Asterisk does stands in tests/peers.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

from ..agents import states
from ..asterisk.client import Event, Pbx, Refused
from ..asterisk.exchange import Exchange
from ..asterisk.legs import Leg
from ..board.board import Caller
from ..menu import menu
from ..menu.menu import Menu
from ..models import Line, Prompt, Step
from ..records import call_records
from ..switchboard import Switchboard


class StandIn(Pbx):
    """`rung`: the endpoints, in order; `media`: what was played.

    `trouble`: the start of a request → what comes of it instead, each once.
    `rings_on`: telephones that ring until we stop; `refuse`: endpoint → why it ends at once (Q.850). Who dials a number
    outside rings the endpoint `NUMBER@trunk-1`. `playing`: what does not end by itself: name of the playback → channel.
    """

    switchboard: Switchboard  # hears what it says

    def __init__(self, it: Exchange) -> None:
        super().__init__(it)
        self.asked: list[str] = []
        self.inside: dict[str, set[str]] = {}  # bridge → who is in it
        self.snooped: dict[str, tuple[str, str]] = {}  # spy → (channel, whisper)
        self.media: list[str] = []
        self.rung: list[str] = []
        self.originated: list[dict[str, Any]] = []
        self.answers: set[str] = set()
        self.rings_on: set[str] = set()
        self.refuse: dict[str, int] = {}
        self.ringing: dict[str, str] = {}  # channel → endpoint
        self.channels: list[dict[str, Any]] = []
        self.bridges: list[dict[str, Any]] = []
        self.endpoints: list[dict[str, str]] = []
        self.trouble: dict[str, Exception] = {}
        self.playing: dict[str, str] = {}
        self.recording: set[str] = set()
        self.info: dict[str, Any] | None = None

    async def events(self, *, connected: asyncio.Event) -> AsyncIterator[Event]:
        connected.set()
        await asyncio.Event().wait()
        yield {}

    async def _ask(self, how: str, path: str, query: dict[str, str | int], body: object | None = None) -> Any:
        await asyncio.sleep(0)
        said = f"{how} {path}"
        self.asked.append(said)
        for start in [start for start in self.trouble if said.startswith(start)]:
            raise self.trouble.pop(start)
        match how, path.split("/"):
            case "POST", ["channels"]:
                self.originated.append(query | (body or {}))  # type: ignore[operator]
                self._ring(str(query["channelId"]), str(query["endpoint"]).removeprefix("PJSIP/"))
            case "POST", ["channels", channel, "play", name]:
                self.media.append(str(query["media"]))
                self._soon(_over(channel, name))
            case "DELETE", ["playbacks", name]:
                if name not in self.playing:
                    raise Refused("404")
                self._soon(_over(self.playing.pop(name), name))
            case "POST", ["bridges"]:
                return {"id": f"bridge-{len(self.asked)}"}
            case "POST", ["bridges", bridge, "addChannel"]:
                self.inside.setdefault(bridge, set()).update(str(query["channel"]).split(","))
            case "POST", ["bridges", bridge, "removeChannel"]:
                self.inside.get(bridge, set()).discard(str(query["channel"]))
            case "DELETE", ["bridges", bridge]:
                self.inside.pop(bridge, None)
            case "POST", ["channels", channel, "snoop", name]:
                self.snooped[name] = channel, str(query["whisper"])
                self._soon({"type": "StasisStart", "args": ["ours"], "channel": {"id": name, "name": f"Snoop/{name}"}})
            case "DELETE", ["channels", channel]:
                self.snooped.pop(channel, None)
                self.ringing.pop(channel, None)
                self._soon({"type": "StasisEnd", "channel": {"id": channel}})
            case "GET", ["recordings", "live", name] if name not in self.recording:
                raise Refused("404")
            case "GET", ["channels"]:
                return self.channels
            case "GET", ["channels", channel]:
                return next((each for each in self.channels if each["id"] == channel), None)
            case "GET", ["asterisk", "info"]:
                return self.info
            case "GET", ["bridges"]:
                return self.bridges
            case "GET", ["endpoints", "PJSIP"]:
                return self.endpoints
        return None

    def _ring(self, channel: str, endpoint: str) -> None:
        self.rung.append(endpoint)
        if endpoint in self.rings_on:
            self.ringing[channel] = endpoint
            return
        what: Event = {"type": "ChannelDestroyed", "cause": self.refuse.get(endpoint, 19)}
        if endpoint in self.answers:
            what = {"type": "StasisStart", "args": ["ours"]}
        self._soon(what | {"channel": {"id": channel, "name": f"PJSIP/{endpoint}-{len(self.asked)}"}})

    def take_up(self, endpoint: str) -> None:
        """Somebody answers the telephone that rings."""
        [channel] = [each for each, where in self.ringing.items() if where == endpoint]
        del self.ringing[channel]
        name = f"PJSIP/{endpoint}-{len(self.asked)}"
        self._soon({"type": "StasisStart", "args": ["ours"], "channel": {"id": channel, "name": name}})

    def _soon(self, event: Event) -> None:
        asyncio.get_running_loop().call_soon(self.switchboard._take, event)


def _over(channel: str, playback: str) -> Event:
    return {"type": "PlaybackFinished", "playback": {"id": playback, "target_uri": f"channel:{channel}"}}


class PlayedSwitchboard(Switchboard):
    """A switchboard on a stand-in. The database is asked in the test's own thread, inside its transaction."""

    pbx: StandIn

    def __init__(self, folder: Path) -> None:
        it = Exchange(folder, folder / "none", "", "127.0.0.1", 0, 0, 0, 0)
        super().__init__(it, pbx := StandIn(it))
        self.pbx, pbx.switchboard = pbx, self
        self.said: list[str] = []  # to Asterisk's own command line
        menu.write_the_usual_one()
        sound = folder / "sound.wav"
        sound.write_bytes(bytes(800))
        sounds = {(code, "vi"): sound for code in Prompt.objects.values_list("code", flat=True)}
        self.menu = Menu({step.code: step for step in Step.objects.select_related("queue")}, sounds)

    async def db(self, function: Callable[..., Any], *given: Any, **named: Any) -> Any:
        await asyncio.sleep(0)
        return function(*given, **named)

    async def ask(self, words: str) -> str:
        self.said.append(words)
        return ""

    def telephone(self, user: Any, *, answers: bool = True) -> str:
        """This person has one, is there and ready; its endpoint."""
        endpoint: str = Line.objects.get_or_create(user=user)[0].endpoint
        states.set_state(user, "ready")
        self.telephones._set(endpoint, True)
        if answers:
            self.pbx.answers.add(endpoint)
        return endpoint

    def comes(self, number: str = "+84912345678") -> Caller:
        """Somebody is on the line, and through the menu."""
        channel = f"1.{len(self.legs)}"
        self.legs[channel] = Leg(self.pbx, channel, f"PJSIP/trunk-1-{channel}")
        return Caller(self.legs[channel], call_records.came(channel=channel, number=number, dialled="1022").pk, number)

    async def until(self, true: Callable[[], object], *, within: float = 10.0) -> None:
        async with asyncio.timeout(within):
            while not true():
                await asyncio.sleep(0.01)

    def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
