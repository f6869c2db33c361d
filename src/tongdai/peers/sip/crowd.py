"""Many citizens with telephones in one process: they dial, hear the first sound, press keys, speak, hang up.

A small SIP caller over UDP (RFC 3261) with RTP (RFC 3550) and keys as RFC 4733 events: sipp can't say when the first
sound came, and can't press keys and speak in one call.
"""

from __future__ import annotations

import asyncio
import math
import random
import re
import struct
import time
import uuid
from typing import Any

from .caller import alaw

PCMA, KEYS = 8, 96
TONES = {"0": (941, 1336), "1": (697, 1209), "2": (697, 1336), "3": (697, 1477), "9": (852, 1477)}  # hertz
FRAME = 160  # samples in 20 ms
AGAIN_AFTER, AGAIN_AT_MOST, GIVES_UP = 0.5, 4.0, 32.0  # seconds: T1, T2 and 64 T1 of RFC 3261 section 17.1
SPOKEN = bytes((0x2A, 0x6B, 0xD5, 0x94) * (FRAME // 4))


class Crowd(asyncio.DatagramProtocol):
    """One SIP address from which all of them call."""

    def __init__(self, exchange: tuple[str, int]) -> None:
        self.exchange = exchange
        self.calls: dict[str, Call] = {}
        self.port = 0
        self._wire: asyncio.DatagramTransport | None = None

    async def open(self) -> Crowd:
        self._wire, _ = await asyncio.get_running_loop().create_datagram_endpoint(lambda: self, ("127.0.0.1", 0))
        self.port = self._wire.get_extra_info("sockname")[1]
        return self

    def close(self) -> None:
        assert self._wire
        self._wire.close()

    def send(self, message: str) -> None:
        assert self._wire
        if not self._wire.is_closing():
            self._wire.sendto(message.encode(), self.exchange)

    def datagram_received(self, data: bytes, _from: Any) -> None:
        text = data.decode(errors="replace")
        found = re.search(r"^Call-ID:\s*(\S+)", text, re.MULTILINE | re.IGNORECASE)
        if found and (call := self.calls.get(found[1])):
            call.receive(text)


class Call:
    """One of them. Times are `time.time()`; 0 until it happens.

    `keys`: the telephone offers RFC 4733 events; an old one has only the tones themselves (`tones`).
    """

    def __init__(self, crowd: Crowd, number: str, *, dialled: str = "1022", keys: bool = True) -> None:
        self.crowd, self.number, self.dialled = crowd, number, dialled
        self.id, self.tag = uuid.uuid4().hex, uuid.uuid4().hex[:8]
        self.dialled_at = self.answered_at = self.first_sound_at = self.ended_at = 0.0
        self.refused = ""
        self._keys = keys
        self.answered, self.ended, self.heard = asyncio.Event(), asyncio.Event(), asyncio.Event()
        self._to = f"<sip:{dialled}@{crowd.exchange[0]}:{crowd.exchange[1]}>"
        self._contact = f"sip:{dialled}@{crowd.exchange[0]}:{crowd.exchange[1]}"
        self._rtp: Any = None
        self._theirs: tuple[str, int] | None = None
        self._sequence, self._stamp = random.randrange(1 << 15), random.randrange(1 << 30)
        self._source = random.randrange(1 << 31)
        self._replied: set[int] = set()  # to which of our requests anything came back
        self._asking: set[asyncio.Task[None]] = set()
        crowd.calls[self.id] = self

    async def dial(self) -> Call:
        loop = asyncio.get_running_loop()
        self._rtp, _ = await loop.create_datagram_endpoint(lambda: _Ear(self), ("127.0.0.1", 0))
        port = self._rtp.get_extra_info("sockname")[1]
        kinds, events = ("8 96", "a=rtpmap:96 telephone-event/8000\r\na=fmtp:96 0-15\r\n") if self._keys else ("8", "")
        sdp = (
            f"v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio {port} RTP/AVP {kinds}\r\n"
            f"a=rtpmap:8 PCMA/8000\r\n{events}a=sendrecv\r\n"
        )
        self.dialled_at = time.time()
        self._ask("INVITE", 1, body=sdp)
        return self

    async def press(self, key: str) -> None:
        """A key for 100 ms."""
        event = "0123456789*#".index(key)
        self._stamp += FRAME
        for step in range(8):
            over = step >= 5
            payload = struct.pack("!BBH", event, (0x80 if over else 0) | 10, min(step + 1, 6) * FRAME)
            self._packet(payload, KEYS, marked=step == 0)
            await asyncio.sleep(0 if over else 0.02)
        self._stamp += 8 * FRAME

    async def speak(self, seconds: float) -> None:
        begun = time.monotonic()
        for spoken in range(1, int(seconds * 50) + 1):
            if self.ended.is_set():
                return
            self._stamp += FRAME
            self._packet(SPOKEN, PCMA)
            await asyncio.sleep(begun + spoken * 0.02 - time.monotonic())

    async def tones(self, key: str, seconds: float = 0.3) -> None:
        """A key as its two tones in the voice itself (ITU-T Q.23)."""
        low, high = TONES[key]
        for frame in range(int(seconds * 50)):
            self._stamp += FRAME
            voice = (
                6000 * (math.sin(2 * math.pi * low * n / 8000) + math.sin(2 * math.pi * high * n / 8000))
                for n in range(frame * FRAME, (frame + 1) * FRAME)
            )
            self._packet(bytes(alaw(int(sample)) for sample in voice), PCMA)
            await asyncio.sleep(0.02)

    def hang_up(self) -> None:
        if not self.ended.is_set():
            self._ask("BYE", 2)
            self._over()

    def receive(self, text: str) -> None:
        """What the exchange says in this call."""
        head = text.partition("\r\n")[0]
        if head.startswith("SIP/2.0 ") and (found := re.search(r"^CSeq:\s*(\d+)", text, re.MULTILINE)):
            self._replied.add(int(found[1]))
        if head.startswith("BYE"):
            self.crowd.send(_reply(text))
            self._over()
        elif head.startswith("SIP/2.0 ") and re.search(r"^CSeq:\s*1 INVITE", text, re.MULTILINE):
            status = int(head.split()[1])
            if status >= 200:
                if found := re.search(r"^To:\s*(.+?)\r$", text, re.MULTILINE):
                    self._to = found[1]
                if found := re.search(r"^Contact:\s*<(.+?)>", text, re.MULTILINE):
                    self._contact = found[1]
                self._ask("ACK", 1)
            if 200 <= status < 300 and not self.answered.is_set():
                found = re.search(r"^m=audio (\d+)", text, re.MULTILINE)
                self._theirs = ("127.0.0.1", int(found[1])) if found else None
                self.answered_at = time.time()
                self.answered.set()
            elif status >= 300:
                self.refused = head
                self._over()

    def _over(self) -> None:
        if not self.ended.is_set():
            self.ended_at = time.time()
            self.ended.set()
            self.answered.set()
            if self._rtp:
                self._rtp.close()

    def _packet(self, payload: bytes, kind: int, *, marked: bool = False) -> None:
        if self._theirs is None or self.ended.is_set():
            return
        self._sequence = (self._sequence + 1) & 0xFFFF
        head = struct.pack(
            "!BBHII", 0x80, kind | (0x80 if marked else 0), self._sequence, self._stamp & 0xFFFFFFFF, self._source
        )
        self._rtp.sendto(head + payload, self._theirs)

    def _ask(self, method: str, number: int, *, body: str = "") -> None:
        kind = "Content-Type: application/sdp\r\n" if body else ""
        asked = (
            f"{method} {self._contact} SIP/2.0\r\n"
            f"Via: SIP/2.0/UDP 127.0.0.1:{self.crowd.port};branch=z9hG4bK{uuid.uuid4().hex[:12]};rport\r\n"
            f"From: <sip:{self.number}@127.0.0.1:{self.crowd.port}>;tag={self.tag}\r\nTo: {self._to}\r\n"
            f"Call-ID: {self.id}\r\nCSeq: {number} {method}\r\n"
            f"Contact: <sip:{self.number}@127.0.0.1:{self.crowd.port}>\r\nMax-Forwards: 70\r\n{kind}"
            f"Content-Length: {len(body)}\r\n\r\n{body}"
        )
        self.crowd.send(asked)
        if method == "ACK":
            return
        task = asyncio.ensure_future(self._until_answered(asked, number))
        self._asking.add(task)
        task.add_done_callback(self._asking.discard)

    async def _until_answered(self, asked: str, number: int) -> None:
        """UDP loses packets: say it again until anything comes back (section 17.1.1.2)."""
        begun, pause = time.monotonic(), AGAIN_AFTER
        while time.monotonic() - begun < GIVES_UP:
            await asyncio.sleep(pause)
            if number in self._replied:
                return
            self.crowd.send(asked)
            pause = min(pause * 2, AGAIN_AT_MOST)


class _Ear(asyncio.DatagramProtocol):
    def __init__(self, call: Call) -> None:
        self.call = call

    def datagram_received(self, data: bytes, _from: Any) -> None:
        if not self.call.first_sound_at and len(data) > 12 and data[1] & 0x7F == PCMA:
            self.call.first_sound_at = time.time()
            self.call.heard.set()


def _reply(request: str) -> str:
    headers = [line for line in request.split("\r\n") if re.match(r"(Via|From|To|Call-ID|CSeq):", line, re.IGNORECASE)]
    return "SIP/2.0 200 OK\r\n" + "\r\n".join(headers) + "\r\nContent-Length: 0\r\n\r\n"
