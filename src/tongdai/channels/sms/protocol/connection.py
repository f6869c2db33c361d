"""One bound connection, and what the threads that read, commit and send on it share."""

from __future__ import annotations

import contextlib
import queue
import threading
import time
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import structlog
from smpplib import smpp

from .address import Smsc
from .wire import REJECTED, ROK, THROTTLED, UNKNOWN_COMMAND, Unreadable, Wire, WireBroken

log = structlog.get_logger()
WINDOW = 100  # texts committed together
BURST = 0.002  # seconds between two texts that still belong to one
MOST_WAITING = 2000  # an SMSC that knows no window is throttled beyond this


@dataclass(frozen=True)
class Response:
    """What the SMSC answered to a `submit_sm`."""

    sequence: int
    status: int
    message_id: str


class Connection:
    """State of one connection. `acked` and `confirmed` count windows: sent back, and surely read by the SMSC."""

    def __init__(self, wire: Wire) -> None:
        self.wire = wire
        self.smsc: Smsc = wire.smsc
        self.broken = threading.Event()
        self.drained = threading.Event()  # broken, and nothing of what had come before is left unread
        self.why = ""
        self.texts: queue.Queue[Any] = queue.Queue()
        self.responses: queue.SimpleQueue[Response] = queue.SimpleQueue()
        self.acked = 0
        self.confirmed = 0
        self.last_sign = time.monotonic()
        self._asked: dict[int, int] = {}  # sequence of a request of ours → windows acknowledged before it was sent
        self._enquired: float | None = None

    def end(self, why: str) -> None:
        """The connection is of no more use; the first reason counts."""
        if not self.broken.is_set():
            self.why = why
            self.broken.set()

    # ── reading ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def read(self) -> None:
        """Read until the connection ends: texts to the queue, answers to who waits for them, `enquire_link` both ways."""
        try:
            while not self.broken.is_set():
                for pdu in self.wire.incoming():
                    self.last_sign = time.monotonic()
                    self._sort(pdu)
                self._enquire()
        except WireBroken as broken:
            self.end(str(broken) or "the connection broke")
        finally:
            self._drain()
            self.drained.set()

    def _drain(self) -> None:
        """Answers that lie in the socket still, where another thread found it broken first."""
        with contextlib.suppress(WireBroken):
            for pdu in self.wire.incoming():
                if pdu.command == "submit_sm_resp":
                    self._sort(pdu)

    def _sort(self, pdu: Any) -> None:
        match pdu.command:
            case "deliver_sm" | "data_sm":
                if self.texts.qsize() >= MOST_WAITING:
                    self.wire.send_raw(self.wire.answer(f"{pdu.command}_resp", to=pdu, status=THROTTLED))
                else:
                    self.texts.put(pdu)
            case "submit_sm_resp" | "generic_nack":
                self._answered(pdu.sequence)
                named = bytes(getattr(pdu, "message_id", None) or b"").decode("latin-1")
                self.responses.put(Response(pdu.sequence, int(pdu.status or 0), named))
            case "enquire_link":
                self.wire.send_raw(self.wire.answer("enquire_link_resp", to=pdu))
            case "enquire_link_resp":
                self._enquired = None
                self._answered(pdu.sequence)
            case "unbind":
                self.wire.send_raw(self.wire.answer("unbind_resp", to=pdu))
                self.end("the SMSC said goodbye")
            case "unbind_resp":
                self.end("we said goodbye")
            case _ if isinstance(pdu, Unreadable):
                log.warning("sms.unknown_pdu", octets=len(pdu.raw))
                self.wire.send_raw(self.wire.answer("generic_nack", to=pdu, status=UNKNOWN_COMMAND))
            case other:
                log.warning("sms.unexpected_pdu", command=other)

    def _enquire(self) -> None:
        """Ask for a sign of life after silence, and early when acknowledgements are still in doubt."""
        silent = time.monotonic() - self.last_sign
        if self._enquired is not None and time.monotonic() - self._enquired > self.smsc.enquire:
            raise WireBroken("the SMSC no longer answers")
        if self._enquired is None and (silent > self.smsc.enquire or (self.acked > self.confirmed)):
            self._enquired = time.monotonic()
            self.request(smpp.make_pdu("enquire_link", client=self.wire))

    # ── sending ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def request(self, pdu: Any) -> int:
        """Send a request whose answer will show that all acknowledgements before it were read. Its sequence."""
        self._asked[pdu.sequence] = self.acked
        self.wire.send_pdu(pdu)
        return int(pdu.sequence)

    def _answered(self, sequence: int) -> None:
        self.confirmed = max(self.confirmed, self._asked.pop(sequence, 0))

    # ── committing ───────────────────────────────────────────────────────────────────────────────────────────────────

    def next_window(self, *, patience: float) -> list[Any]:
        """What has arrived, at least one PDU within `patience` seconds, or nothing. A burst is waited out."""
        window: list[Any] = []
        with contextlib.suppress(queue.Empty):
            window.append(self.texts.get(timeout=patience))
            while len(window) < WINDOW:
                window.append(self.texts.get(timeout=BURST))
        return window

    def acknowledge(self, window: list[Any], *, turn: int, rejected: Collection[int] = ()) -> None:
        """Every text of the window is committed, but for those at these places, which we never take."""
        self._answer(window, [REJECTED if at in rejected else ROK for at in range(len(window))])
        self.acked = turn

    def refuse(self, window: list[Any], *, status: int) -> None:
        """None of the window was taken, or we cannot know: the SMSC shall send it again."""
        self._answer(window, [status] * len(window))

    def _answer(self, window: list[Any], statuses: list[int]) -> None:
        answers = [
            self.wire.answer(f"{pdu.command}_resp", to=pdu, status=status)
            for pdu, status in zip(window, statuses, strict=True)
        ]
        self.wire.send_raw(b"".join(answers))
