"""The thread that sends: claims what is queued, submits it a window at a time, writes down what the SMSC answers.

Window, rate, what is put back and what is sent again are all counted in pieces (one `submit_sm` each).
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import structlog
from django.conf import settings
from django.db import InterfaceError, OperationalError, connection
from smpplib import consts, smpp

from tongdai.platform.clock import now

from ..models import Link
from ..protocol.address import of_ours, on_the_wire
from ..protocol.connection import Line, Response
from ..protocol.wire import ROK, THROTTLED, WireBroken
from . import held_back
from .congestion import BUSY, Troubles, Whose
from .expiry import as_validity_period
from .queue import Ready, accepted, claim, lost, put_back
from .routes import Board
from .throttle import Pace

log = structlog.get_logger()
LOOK_EVERY = 0.5  # seconds between two looks at an empty queue
ANSWER_WITHIN = 60.0  # seconds; then nobody knows what became of it
SILENT_AFTER = 10.0  # seconds without any answer to what was submitted: danger goes by another carrier
TRIED_EVERY = 60.0  # seconds between two pieces by which a silent carrier may show that it is well again
LATE_ANSWERS = 5000  # submissions whose answer is still recognised afterwards
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0  # seconds, while the SMSC takes nothing from anybody


@dataclass(frozen=True)
class Out:
    """A piece that was submitted."""

    submission_id: int
    interaction_id: int
    address: str
    at: float
    urgent: bool


@dataclass
class Memory:
    """What outlives a connection: how fast the bind may send, what it had trouble with, answers not yet written down."""

    pace: Pace
    troubles: Troubles = field(default_factory=Troubles)
    answers: list[tuple[Out, Response]] = field(default_factory=list)


class Sender:
    """Sends on one line until it breaks. `link` is the row of the moment, None while the database is away."""

    def __init__(
        self,
        line: Line,
        *,
        link: Callable[[], Link | None],
        memory: Memory,
        board: Board | None = None,
    ) -> None:
        self.line = line
        self.link = link
        self.memory = memory
        self.board = board
        self._waiting: dict[int, Out] = {}  # sequence → what was submitted under it
        self._late: dict[int, Out] = {}  # given up on, and the SMSC may answer yet
        self._slow_until = 0.0
        self._pause = FIRST_PAUSE
        self._looked = 0.0
        self._heard = self._tried = (
            time.monotonic()
        )  # when it last answered; when it was last given a piece though silent
        self._is_silent = False
        self._finishing = threading.Event()

    def run(self) -> None:
        """Until the line ends; then what has no answer is counted unknown and goes back to the queue."""
        while not self.line.broken.is_set():
            try:
                self._listen()
                self._write_down()
                self._look_whether_it_answers()
                self._give_up_on_the_lost()
                if not self._finishing.is_set():
                    self._send_more()
            except (OperationalError, InterfaceError):
                connection.close()
                self.line.broken.wait(LOOK_EVERY)
            except WireBroken as broken:
                self.line.end(str(broken))
        self._last_words()

    def _last_words(self) -> None:
        """Answers that came before the line broke: what they say was taken must not be sent again."""
        self.line.drained.wait(2.0)
        self._gather()
        link = self.link()
        if link is not None:
            try:
                write_down(self.memory, link=link)
            except (OperationalError, InterfaceError):
                connection.close()  # the next connection writes them down before it sends anything

    def finish(self, *, patience: float) -> None:
        """Send nothing more, and wait a little for the answers still on their way."""
        self._finishing.set()
        until = time.monotonic() + patience
        while self._waiting and time.monotonic() < until and not self.line.broken.is_set():
            time.sleep(0.05)

    def _send_more(self) -> None:
        link = self.link()
        due = time.monotonic() - self._looked > LOOK_EVERY or self._waiting
        if link is None or time.monotonic() < self._slow_until or not due:
            return
        room = min(self.line.smsc.window - len(self._waiting), self.memory.pace.room())
        trying = False
        if self._is_silent:
            trying = time.monotonic() - self._tried > TRIED_EVERY
            room = min(room, 1)
        if room <= 0:
            return
        self._looked = time.monotonic()
        numbers = self.board.numbers_of(self.line.smsc, trying=trying) if self.board else None
        ready = claim(link=link, most=room, at=now(), numbers=numbers)
        if trying:
            self._tried = time.monotonic()
        if ready:
            self._looked = 0.0  # there may be more
        for at, piece in enumerate(ready):
            pdu = self._pdu(piece)
            self._waiting[pdu.sequence] = Out(
                piece.submission_id, piece.interaction_id, piece.address, time.monotonic(), piece.urgent
            )
            self.memory.pace.spend()
            try:
                self.line.request(pdu)
            except WireBroken:
                put_back([each.submission_id for each in ready[at + 1 :]], at=now())  # surely not sent
                raise

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
            validity_period=as_validity_period(piece.left) if self.line.smsc.validity else "",
        )

    def _listen(self) -> None:
        """Gather the answers that have come; wait a moment for the first."""
        try:
            first = self.line.responses.get(timeout=0.05 if self._waiting else LOOK_EVERY / 2)
        except queue.Empty:
            return
        self._gather(first)

    def _gather(self, first: Response | None = None) -> None:
        """Every answer beside what it answers, kept until the database has it."""
        answers = [first] if first else []
        while True:
            try:
                answers.append(self.line.responses.get_nowait())
            except queue.Empty:
                break
        if answers:
            self._heard, self._is_silent = time.monotonic(), False
            if self.board:
                self.board.heard(self.line.smsc)
        for each in answers:
            out = self._waiting.pop(each.sequence, None) or self._late.pop(each.sequence, None)
            if out is not None:
                self.memory.answers.append((out, each))

    def _write_down(self) -> None:
        link = self.link()
        if link is None or not self.memory.answers:
            return
        outcome = write_down(self.memory, link=link)
        if outcome.taken:
            self._pause = FIRST_PAUSE
        elif outcome.bind_is_busy and time.monotonic() >= self._slow_until:
            self._slow_until = time.monotonic() + self._pause  # all of a window's refusals are one reason to pause
            self._pause = min(self._pause * 2, LONGEST_PAUSE)

    def _look_whether_it_answers(self) -> None:
        """One that is bound, and answers nothing that was submitted, is as good as away."""
        oldest = min((out.at for out in self._waiting.values()), default=None)
        if self._is_silent or oldest is None or time.monotonic() - max(oldest, self._heard) < SILENT_AFTER:
            return
        self._is_silent, self._tried = True, time.monotonic()
        log.warning("sms.silent", bind=self.line.smsc.key, waiting=len(self._waiting))
        if self.board:
            self.board.silent(self.line.smsc)

    def _give_up_on_the_lost(self) -> None:
        """What had no answer in time; what is urgent sooner, where another carrier may take it."""
        others = self._is_silent and self.board is not None and self.board.has_another(self.line.smsc)
        late = [at for at, out in self._waiting.items()
                if time.monotonic() - out.at > (SILENT_AFTER if out.urgent and others else ANSWER_WITHIN)]  # fmt: skip
        if late:
            lost(at=now(), submission_ids=[self._waiting[each].submission_id for each in late])
            for each in late:
                self._late[each] = self._waiting.pop(each)
            while len(self._late) > LATE_ANSWERS:
                del self._late[next(iter(self._late))]


@dataclass(frozen=True)
class Outcome:
    """What a batch of answers comes to."""

    taken: int
    bind_is_busy: bool


def write_down(memory: Memory, *, link: Link) -> Outcome:
    """Every answer to its submission; each is forgotten only once the database has it.

    Raises: the database's own when it is away; what is not written down yet stays in `memory`.
    """
    taken = [(out, each) for out, each in memory.answers if each.status == ROK]
    if taken:
        accepted({out.submission_id: each.message_id for out, each in taken}, link=link, at=now())
        memory.answers = [(out, each) for out, each in memory.answers if each.status != ROK]
        for out, _answer in taken:
            memory.troubles.taken(out.interaction_id)
    binds: list[int] = []
    throttled = False
    while memory.answers:
        out, answer = memory.answers[0]
        throttled |= answer.status == THROTTLED
        if not _is_texts_own(memory, out, answer):
            binds.append(out.submission_id)
        memory.answers.pop(0)
    if throttled:
        memory.pace.slow_down()
    put_back(binds, at=now())
    return Outcome(len(taken), bind_is_busy=bool(binds) and not throttled)


def _is_texts_own(memory: Memory, out: Out, answer: Response) -> bool:
    """Hold the text back where the SMSC's trouble is with it; False where it is with all."""
    error = f"0x{answer.status:02x} {consts.DESCRIPTIONS.get(answer.status, '')}".strip()
    if answer.status not in BUSY:
        held_back.hold_back(out.submission_id, error=error, at=now())
        return True
    whose, pause = memory.troubles.busy(out.interaction_id, out.address, status=answer.status)
    if whose is Whose.BINDS:
        return False
    own = whose is Whose.TEXTS
    held_back.hold_back(out.submission_id, error=error, at=now(), pause=None if own else pause)
    return True
