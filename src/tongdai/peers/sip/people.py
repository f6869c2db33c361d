"""Telephones behind a carrier, as people use them; each number has its habits, and notes what happened to it.

One is not heard, one is busy, one is taken up and a key pressed, one is an answering machine that only speaks.
"""

from __future__ import annotations

import re
import socket
import struct
import threading
import time
from dataclasses import dataclass, field

PCMA, FRAME = 8, 160
SPOKEN = bytes((0x2A, 0x6B, 0xD5, 0x94) * (FRAME // 4))


@dataclass
class Habit:
    """How a telephone is answered. `key`: pressed `after` seconds of listening; without one it is only spoken into."""

    answers: bool = True
    busy: bool = False
    refuses: str = ""  # with this answer: "480 Temporarily Unavailable"
    rings: float = 0.3  # seconds until it is taken up
    key: str = ""
    after: float = 1.5
    speaks: bool = False
    hangs_up: float = 0  # seconds after it was taken up; 0: when the other end does


@dataclass
class _Call:
    number: str
    invite: str
    where: tuple[str, int]
    over: threading.Event = field(default_factory=threading.Event)
    acknowledged: threading.Event = field(default_factory=threading.Event)
    theirs: tuple[str, int] | None = None
    keys: int = 101  # the payload type that was offered for them (RFC 4733)


class People(threading.Thread):
    """All of them, at one port: the carrier's. `rung`: (number, when) as they were rung; `talked`: as they were taken up."""

    def __init__(self, port: int, habits: dict[str, Habit]) -> None:
        super().__init__(daemon=True)
        self.habits = habits
        self.rung: list[tuple[str, float]] = []
        self.talked: list[tuple[str, float]] = []
        self.invites: list[str] = []  # as they came
        self.at_once = 0
        self._calls: dict[str, _Call] = {}
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._socket.bind(("127.0.0.1", port))
        self.port = self._socket.getsockname()[1]
        self._open = True
        self.start()

    def stop(self) -> None:
        self._open = False
        self._socket.close()

    def numbers_rung(self) -> list[str]:
        """In order, each as often as it was rung."""
        return [number for number, _at in self.rung]

    def is_quiet(self) -> bool:
        """Whether nobody rings or listens."""
        return all(call.over.is_set() for call in list(self._calls.values()))

    def run(self) -> None:
        while self._open:
            try:
                data, where = self._socket.recvfrom(65_535)
            except OSError:
                return
            text = data.decode(errors="replace")
            method = text.split(" ", 1)[0]
            call = self._calls.get(_header(text, "Call-ID"))
            if method == "INVITE" and call is None:
                self._invited(text, where)
            elif method == "ACK" and call:
                call.acknowledged.set()
            elif method in ("BYE", "CANCEL") and call:
                self._answer(text, where, "200 OK")
                if method == "CANCEL" and not call.over.is_set():
                    self._answer(call.invite, where, "487 Request Terminated")
                call.over.set()
            elif method in ("OPTIONS", "BYE", "CANCEL"):
                self._answer(text, where, "200 OK")

    def _invited(self, text: str, where: tuple[str, int]) -> None:
        found = re.match(r"INVITE sips?:([^@;>]+)@", text)
        number = found[1] if found else ""
        call = self._calls[_header(text, "Call-ID")] = _Call(number, text, where)
        self.invites.append(text)
        self.rung.append((number, time.time()))
        self.at_once = max(self.at_once, sum(not each.over.is_set() for each in self._calls.values()))
        if media := re.search(r"^m=audio (\d+)", text, re.MULTILINE):
            call.theirs = ("127.0.0.1", int(media[1]))
        if event := re.search(r"^a=rtpmap:(\d+) telephone-event/8000", text, re.MULTILINE):
            call.keys = int(event[1])
        threading.Thread(target=self._live, args=(call,), daemon=True).start()

    def _live(self, call: _Call) -> None:
        habit = self.habits.get(call.number, Habit(answers=False))
        if habit.busy or habit.refuses:
            self._answer(call.invite, call.where, habit.refuses or "486 Busy Here")
            call.over.set()
            return
        self._answer(call.invite, call.where, "180 Ringing")
        if not habit.answers or call.over.wait(habit.rings):
            return
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as media:
            media.bind(("127.0.0.1", 0))
            self.talked.append((call.number, time.time()))
            self._answer(call.invite, call.where, "200 OK", sdp=_sdp(media.getsockname()[1], keys=call.keys))
            self._talk(call, habit, media)

    def _talk(self, call: _Call, habit: Habit, media: socket.socket) -> None:
        begun, stamp, sequence, pressed = time.time(), 0, 0, False
        while not call.over.wait(0.02):
            habit = self.habits.get(call.number, habit)  # she may change her mind
            stamp += FRAME
            sequence += 1
            if habit.key and not pressed and time.time() - begun > habit.after:
                pressed = True
                event = "0123456789*#".index(habit.key)
                for step in range(8):
                    payload = struct.pack("!BBH", event, (0x80 if step >= 5 else 0) | 10, min(step + 1, 6) * FRAME)
                    self._packet(media, call, call.keys | (0x80 if step == 0 else 0), sequence + step, stamp, payload)
                    time.sleep(0.02)
                sequence += 8
                stamp += 8 * FRAME
            elif habit.speaks:
                self._packet(media, call, PCMA, sequence, stamp, SPOKEN)
            if habit.hangs_up and time.time() - begun > habit.hangs_up:
                self._bye(call)
                return

    def _packet(self, media: socket.socket, call: _Call, kind: int, sequence: int, stamp: int, payload: bytes) -> None:
        if call.theirs:
            media.sendto(struct.pack("!BBHII", 0x80, kind, sequence & 0xFFFF, stamp, 1022) + payload, call.theirs)

    def _bye(self, call: _Call) -> None:
        call.over.set()
        contact = re.search(r"^Contact:\s*<(.+?)>", call.invite, re.MULTILINE | re.IGNORECASE)
        uri = contact[1] if contact else f"sip:{call.where[0]}:{call.where[1]}"
        message = (
            f"BYE {uri} SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:{self.port};branch=z9hG4bK{time.time_ns()}\r\n"
            f"From: {_tagged(_header(call.invite, 'To'))}\r\nTo: {_header(call.invite, 'From')}\r\n"
            f"Call-ID: {_header(call.invite, 'Call-ID')}\r\nCSeq: 1 BYE\r\nMax-Forwards: 70\r\nContent-Length: 0\r\n\r\n"
        )
        self._send(message, call.where)

    def _answer(self, request: str, where: tuple[str, int], status: str, *, sdp: str = "") -> None:
        headers = [
            each for each in request.split("\r\n") if re.match(r"(Via|From|Call-ID|CSeq|Record-Route):", each, re.I)
        ]
        more = f"Contact: <sip:127.0.0.1:{self.port}>\r\n"
        more += "Content-Type: application/sdp\r\n" if sdp else ""
        lines = "\r\n".join([f"SIP/2.0 {status}", *headers, f"To: {_tagged(_header(request, 'To'))}"])
        self._send(f"{lines}\r\n{more}Content-Length: {len(sdp)}\r\n\r\n{sdp}", where)

    def _send(self, message: str, where: tuple[str, int]) -> None:
        try:
            self._socket.sendto(message.encode(), where)
        except OSError:
            return


def _header(text: str, name: str) -> str:
    found = re.search(rf"^{name}:\s*(.+?)\r?$", text, re.MULTILINE | re.IGNORECASE)
    return found[1] if found else ""


def _tagged(to: str) -> str:
    return to if ";tag=" in to else f"{to};tag=people"


def _sdp(port: int, *, keys: int) -> str:
    return (
        f"v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio {port} RTP/AVP 8 {keys}\r\n"
        f"a=rtpmap:8 PCMA/8000\r\na=rtpmap:{keys} telephone-event/8000\r\na=fmtp:{keys} 0-15\r\na=sendrecv\r\n"
    )
