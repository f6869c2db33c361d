"""The thread that sends: claims what is queued, submits it a window at a time, writes down what the SMSC answers."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import structlog
from django.conf import settings
from django.db import InterfaceError, OperationalError, connection
from smpplib import consts, smpp

from tongdai.platform.clock import now

from . import outbox
from .address import of_ours, on_the_wire
from .line import Line, Response
from .models import Link
from .outbox import Ready
from .wire import QUEUE_FULL, ROK, TEMPORARY, THROTTLED, WireBroken

log = structlog.get_logger()
LOOK_EVERY = 0.5  # seconds between two looks at an empty queue
ANSWER_WITHIN = 60.0  # seconds; then nobody knows what became of it
BUSY = frozenset({THROTTLED, QUEUE_FULL, TEMPORARY, int(consts.SMPP_ESME_RSYSERR)})


@dataclass(frozen=True)
class _Out:
    submission_id: int
    at: float


class Sender:
    """Sends on one line until it breaks. `link` is the row of the moment, None while the database is away."""

    def __init__(self, line: Line, *, link: Callable[[], Link | None]) -> None:
        self.line = line
        self.link = link
        self._waiting: dict[int, _Out] = {}  # sequence → what was submitted under it
        self._answers: list[Response] = []
        self._slow_until = 0.0
        self._pause = 1.0
        self._looked = 0.0
        self._finishing = threading.Event()

    def run(self) -> None:
        """Until the line ends; then what has no answer is counted unknown and goes back to the queue."""
        while not self.line.broken.is_set():
            try:
                self._listen()
                self._write_down()
                self._give_up_on_the_lost()
                if not self._finishing.is_set():
                    self._send_more()
            except (OperationalError, InterfaceError):
                connection.close()
                self.line.broken.wait(LOOK_EVERY)
            except WireBroken as broken:
                self.line.end(str(broken))

    def finish(self, *, patience: float) -> None:
        """Send nothing more, and wait a little for the answers still on their way."""
        self._finishing.set()
        until = time.monotonic() + patience
        while self._waiting and time.monotonic() < until and not self.line.broken.is_set():
            time.sleep(0.05)

    def _send_more(self) -> None:
        room = self.line.smsc.window - len(self._waiting)
        link = self.link()
        due = time.monotonic() - self._looked > LOOK_EVERY or self._waiting
        if room <= 0 or link is None or time.monotonic() < self._slow_until or not due:
            return
        self._looked = time.monotonic()
        ready = outbox.claim(link=link, most=room, at=now(), at_least_one=not self._waiting)
        if ready:
            self._looked = 0.0  # there may be more
        for piece in ready:
            pdu = self._pdu(piece)
            self._waiting[pdu.sequence] = _Out(piece.submission_id, time.monotonic())
            self.line.request(pdu)

    def _pdu(self, piece: Ready) -> Any:
        ton, npi, digits = on_the_wire(piece.address)
        source_ton, source_npi = of_ours(settings.SMS_SENDER)
        return smpp.make_pdu(
            "submit_sm",
            client=self.line.wire,
            source_addr_ton=source_ton,
            source_addr_npi=source_npi,
            source_addr=settings.SMS_SENDER,
            dest_addr_ton=ton,
            dest_addr_npi=npi,
            destination_addr=digits,
            esm_class=piece.esm_class,
            data_coding=piece.data_coding,
            short_message=piece.user_data,
            registered_delivery=int(self.line.smsc.receipts),
        )

    def _listen(self) -> None:
        """Gather the answers that have come; wait a moment for the first."""
        try:
            self._answers.append(self.line.responses.get(timeout=0.05 if self._waiting else LOOK_EVERY / 2))
            while True:
                self._answers.append(self.line.responses.get_nowait())
        except queue.Empty:
            pass

    def _write_down(self) -> None:
        """Every answer to its submission; they are forgotten only once the database has them."""
        known = [
            (self._waiting[each.sequence].submission_id, each)
            for each in self._answers
            if each.sequence in self._waiting
        ]
        if taken := {submission: each.message_id for submission, each in known if each.status == ROK}:
            outbox.accepted(taken, at=now())
            self._pause = 1.0
        if busy := [submission for submission, each in known if each.status in BUSY]:
            outbox.put_back(busy, at=now())
            if time.monotonic() >= self._slow_until:  # all of a window's refusals are one reason to pause
                self._slow_until = time.monotonic() + self._pause
                self._pause = min(self._pause * 2, 30.0)
        for submission, each in known:
            if each.status != ROK and each.status not in BUSY:
                described = consts.DESCRIPTIONS.get(each.status, "")
                outbox.refused(submission, error=f"0x{each.status:08x} {described}"[:80], at=now())
        for each in self._answers:
            self._waiting.pop(each.sequence, None)
        self._answers.clear()

    def _give_up_on_the_lost(self) -> None:
        late = [at for at, out in self._waiting.items() if time.monotonic() - out.at > ANSWER_WITHIN]
        if late:
            outbox.lost(at=now(), submission_ids=[self._waiting[each].submission_id for each in late])
            for each in late:
                del self._waiting[each]
