"""The agents' SIP telephones in one process: registered with their passwords, and each ring is dealt with as one is told.

A small SIP user agent over UDP (RFC 3261) with a packet of RTP now and then (RFC 3550); sipp can't decide anew at each ring.
"""

from __future__ import annotations

import asyncio
import hashlib
import re
import struct
import time
import uuid
from collections.abc import Callable
from typing import Any

EXPIRES = 3600
PACKET_EVERY = 0.5  # seconds between two packets of voice: enough to be there
SPOKEN = bytes((0x2A, 0x6B, 0xD5, 0x94) * 40)


class Desks(asyncio.DatagramProtocol):
    """All telephones at one address. `rings` is told of each new ring, in the loop; `legs`: what rings or talks now."""

    def __init__(self, exchange: tuple[str, int], lines: dict[str, str], *, rings: Callable[[Leg], None]) -> None:
        self.exchange, self.lines, self._rings = exchange, lines, rings
        self.legs: dict[str, Leg] = {}  # by Call-ID
        self.registered: set[str] = set()
        self._asked: dict[str, tuple[str, asyncio.Event]] = {}  # Call-ID of a registration → endpoint
        self._wire: asyncio.DatagramTransport | None = None
        self.port = 0

    async def open(self) -> Desks:
        """Bind, and register every line. TimeoutError: the exchange didn't take one."""
        self._wire, _ = await asyncio.get_running_loop().create_datagram_endpoint(lambda: self, ("127.0.0.1", 0))
        self.port = self._wire.get_extra_info("sockname")[1]
        for endpoint in self.lines:
            await self.register(endpoint)
        return self

    def close(self) -> None:
        assert self._wire
        self._wire.close()

    async def register(self, endpoint: str, *, expires: int = EXPIRES) -> None:
        """With its password; `expires` 0: the telephone goes."""
        call, done = uuid.uuid4().hex, asyncio.Event()
        self._asked[call] = (endpoint, done)
        self._register(endpoint, call, number=1, expires=expires)
        async with asyncio.timeout(20):
            await done.wait()
        (self.registered.add if expires else self.registered.discard)(endpoint)

    def of(self, endpoint: str) -> list[Leg]:
        """What rings or talks at this telephone."""
        return [leg for leg in self.legs.values() if leg.endpoint == endpoint]

    def send(self, message: str) -> None:
        assert self._wire
        self._wire.sendto(message.encode(), self.exchange)

    def datagram_received(self, data: bytes, _from: Any) -> None:
        text = data.decode(errors="replace")
        call, head = header(text, "Call-ID"), text.partition("\r\n")[0]
        if call in self._asked:
            self._registered(text, call, head)
        elif leg := self.legs.get(call):
            leg.receive(text, head)
        elif head.startswith("INVITE"):
            leg = self.legs[call] = Leg(self, text)
            leg.reply("180 Ringing")
            self._rings(leg)
        elif head.startswith(("OPTIONS", "BYE")):
            self.send(answer(text, "200 OK"))

    def _registered(self, text: str, call: str, head: str) -> None:
        endpoint, done = self._asked[call]
        number = int(header(text, "CSeq").split()[0])
        if head.startswith("SIP/2.0 401") and number == 1:
            self._register(endpoint, call, number=2, expires=EXPIRES, challenged=text)
        elif head.startswith("SIP/2.0 200"):
            self._asked.pop(call)
            done.set()

    def _register(self, endpoint: str, call: str, *, number: int, expires: int, challenged: str = "") -> None:
        uri = f"sip:{self.exchange[0]}"
        proven = (
            proof(challenged, username=endpoint, password=self.lines[endpoint], method="REGISTER", uri=uri)
            if challenged
            else ""
        )
        self.send(
            f"REGISTER {uri} SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:{self.port};branch=z9hG4bK{uuid.uuid4().hex[:12]};rport\r\n"
            f"From: <sip:{endpoint}@{self.exchange[0]}>;tag={call[:8]}\r\nTo: <sip:{endpoint}@{self.exchange[0]}>\r\n"
            f"Call-ID: {call}\r\nCSeq: {number} REGISTER\r\nContact: <sip:{endpoint}@127.0.0.1:{self.port}>\r\n"
            f"Max-Forwards: 70\r\nExpires: {expires}\r\n{proven}Content-Length: 0\r\n\r\n"
        )


class Leg:
    """One ring at one telephone. `call`: the city's own number of the call, as the exchange tells the telephone."""

    def __init__(self, desks: Desks, invite: str) -> None:
        self.desks, self._invite, self._tag = desks, invite, uuid.uuid4().hex[:8]
        found = re.match(r"INVITE sip:([^@;>]+)@", invite)
        self.endpoint = found[1] if found else ""
        self.call = int(header(invite, "X-Call") or 0)
        self.began_at = time.time()
        self.talks = False
        self.over, self.acknowledged = asyncio.Event(), asyncio.Event()
        self._rtp: asyncio.DatagramTransport | None = None
        self._speaks: asyncio.Task[None] | None = None

    async def take(self) -> bool:
        """Answer; whether the talk came about."""
        if self.over.is_set():
            return False
        loop = asyncio.get_running_loop()
        self._rtp, _ = await loop.create_datagram_endpoint(asyncio.DatagramProtocol, ("127.0.0.1", 0))
        port = self._rtp.get_extra_info("sockname")[1]
        self.reply("200 OK", sdp=f"v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
                   f"m=audio {port} RTP/AVP 8\r\na=rtpmap:8 PCMA/8000\r\na=sendrecv\r\n")  # fmt: skip
        self.talks = True
        self._speaks = asyncio.create_task(self._speak(self._rtp))
        return True

    def refuse(self, status: str = "486 Busy Here") -> None:
        if not self.over.is_set():
            self.reply(status)
            self._end()

    def hang_up(self) -> None:
        """End a talk."""
        if self.over.is_set():
            return
        contact = re.search(r"<(.+?)>", header(self._invite, "Contact"))
        self.desks.send(
            f"BYE {contact[1] if contact else 'sip:1022@127.0.0.1'} SIP/2.0\r\n"
            f"Via: SIP/2.0/UDP 127.0.0.1:{self.desks.port};branch=z9hG4bK{uuid.uuid4().hex[:12]};rport\r\n"
            f"From: {header(self._invite, 'To')};tag={self._tag}\r\nTo: {header(self._invite, 'From')}\r\n"
            f"Call-ID: {header(self._invite, 'Call-ID')}\r\nCSeq: 1 BYE\r\nMax-Forwards: 70\r\nContent-Length: 0\r\n\r\n"
        )
        self._end()

    def receive(self, text: str, head: str) -> None:
        """What the exchange says in this leg."""
        if head.startswith("CANCEL"):
            self.desks.send(answer(text, "200 OK", tag=self._tag))
            if not self.talks:
                self.reply("487 Request Terminated")
                self._end()
        elif head.startswith("BYE"):
            self.desks.send(answer(text, "200 OK"))
            self._end()
        elif head.startswith("INVITE"):  # sent again
            self.reply("180 Ringing")
        elif head.startswith("ACK"):
            self.acknowledged.set()

    def reply(self, status: str, *, sdp: str = "") -> None:
        more = f"Contact: <sip:{self.endpoint}@127.0.0.1:{self.desks.port}>\r\n"
        self.desks.send(answer(self._invite, status, tag=self._tag, more=more, sdp=sdp))

    async def _speak(self, rtp: asyncio.DatagramTransport) -> None:
        found = re.search(r"^m=audio (\d+)", self._invite, re.MULTILINE)
        number = 0
        while found and not self.over.is_set():
            number += 1
            head = struct.pack("!BBHII", 0x80, 8, number & 0xFFFF, number * 4000 & 0xFFFFFFFF, 1022)
            rtp.sendto(head + SPOKEN, ("127.0.0.1", int(found[1])))
            await asyncio.sleep(PACKET_EVERY)

    def _end(self) -> None:
        self.over.set()
        self.desks.legs.pop(header(self._invite, "Call-ID"), None)
        if self._rtp:
            self._rtp.close()


def header(text: str, name: str) -> str:
    """The first of this name, without its name."""
    found = re.search(rf"^{name}:\s*(.+?)\r?$", text, re.MULTILINE | re.IGNORECASE)
    return found[1] if found else ""


def answer(request: str, status: str, *, tag: str = "", more: str = "", sdp: str = "") -> str:
    """A response to this request (RFC 3261, 8.2.6)."""
    headers = [line for line in request.split("\r\n") if re.match(r"(Via|From|Call-ID|CSeq|Record-Route):", line, re.I)]
    to = header(request, "To")
    to = to if ";tag=" in to or not tag or status.startswith("100") else f"{to};tag={tag}"
    kind = "Content-Type: application/sdp\r\n" if sdp else ""
    lines = "\r\n".join([f"SIP/2.0 {status}", *headers, f"To: {to}"])
    return f"{lines}\r\n{more}{kind}Content-Length: {len(sdp)}\r\n\r\n{sdp}"


def proof(challenged: str, *, username: str, password: str, method: str, uri: str) -> str:
    """The Authorization line that answers a 401 (RFC 2617, with quality of protection)."""
    asked = re.search(r"^WWW-Authenticate: Digest (.*)\r$", challenged, re.MULTILINE)
    assert asked, challenged[:80]
    given = dict(re.findall(r'(\w+)="?([^",\r]+)"?', asked[1]))
    first, second = md5(f"{username}:{given['realm']}:{password}"), md5(f"{method}:{uri}")
    response = md5(f"{first}:{given['nonce']}:00000001:ours:auth:{second}")
    return (
        f'Authorization: Digest username="{username}", realm="{given["realm"]}", nonce="{given["nonce"]}", uri="{uri}", '
        f'response="{response}", algorithm=MD5, qop=auth, nc=00000001, cnonce="ours", opaque="{given.get("opaque", "")}"\r\n'
    )


def md5(text: str) -> str:
    """In hexadecimal, as digest authentication has it."""
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
