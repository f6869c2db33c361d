"""The thread that sends: claims what is queued, submits it a window at a time, writes down what the SMSC answers.

Window, rate, what is put back and what is sent again are all counted in parts (one `submit_sm` each).
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
from django.db import InterfaceError, OperationalError
from django.db import connection as database
from smpplib import consts, smpp

from tongdai.platform.clock import now

from ..models import Link
from ..protocol.address import as_destination, as_source
from ..protocol.connection import Connection, Response
from ..protocol.wire import ROK, THROTTLED, WireBroken
from . import held_back
from .congestion import BUSY, Troubles, Whose
from .expiry import as_validity_period
from .queue import Ready, accepted, claim, lost, put_back
from .routes import Board
from .throttle import Throttle

log = structlog.get_logger()
LOOK_EVERY = 0.5  # seconds between two looks at an empty queue
ANSWER_WITHIN = 60.0  # seconds; then nobody knows what became of it
SILENT_AFTER = 10.0  # seconds without any answer to what was submitted: danger goes by another carrier
TRIED_EVERY = 60.0  # seconds between two parts by which a silent carrier may show that it is well again
LATE_ANSWERS = 5000  # submissions whose answer is still recognised afterwards
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0  # seconds, while the SMSC takes nothing from anybody


@dataclass(frozen=True)
class Submitted:
    """A part that was submitted."""

    submission_id: int
    interaction_id: int
    address: str
    at: float
    urgent: bool


@dataclass
class Memory:
    """What outlives a connection: how fast the bind may send, what it had trouble with, answers not yet written down."""

    pace: Throttle
    troubles: Troubles = field(default_factory=Troubles)
    answers: list[tuple[Submitted, Response]] = field(default_factory=list)


class Sender:
    """Sends on one connection until it breaks. `link` is the row of the moment, None while the database is away."""

    def __init__(
        self,
        connection: Connection,
        *,
        link: Callable[[], Link | None],
        memory: Memory,
        board: Board | None = None,
    ) -> None:
        self.connection = connection
        self.link = link
        self.memory = memory
        self.board = board
        self._waiting: dict[int, Submitted] = {}  # sequence → what was submitted under it
        self._late: dict[int, Submitted] = {}  # given up on, and the SMSC may answer yet
        self._slow_until = 0.0
        self._pause = FIRST_PAUSE
        self._looked = 0.0
        self._answered_at = self._tried = (
            time.monotonic()
        )  # when it last answered; when it was last given a part though silent
        self._is_silent = False
        self._finishing = threading.Event()

    def run(self) -> None:
        """Until the connection ends; then what has no answer is counted unknown and goes back to the queue."""
        while not self.connection.broken.is_set():
            try:
                self._collect()
                self._write_down()
                self._look_whether_it_answers()
                self._give_up_on_the_lost()
                if not self._finishing.is_set():
                    self._send_more()
            except (OperationalError, InterfaceError):
                database.close()
                self.connection.broken.wait(LOOK_EVERY)
            except WireBroken as broken:
                self.connection.end(str(broken))
        self._write_last_answers()

    def _write_last_answers(self) -> None:
        """Answers that came before the connection broke: what they say was taken must not be sent again."""
        self.connection.drained.wait(2.0)
        self._gather()
        link = self.link()
        if link is not None:
            try:
                write_down(self.memory, link=link)
            except (OperationalError, InterfaceError):
                database.close()  # the next connection writes them down before it sends anything

    def finish(self, *, patience: float) -> None:
        """Send nothing more, and wait a little for the answers still on their way."""
        self._finishing.set()
        until = time.monotonic() + patience
        while self._waiting and time.monotonic() < until and not self.connection.broken.is_set():
            time.sleep(0.05)

    def _send_more(self) -> None:
        link = self.link()
        due = time.monotonic() - self._looked > LOOK_EVERY or self._waiting
        if link is None or time.monotonic() < self._slow_until or not due:
            return
        room = min(self.connection.smsc.window - len(self._waiting), self.memory.pace.room())
        trying = False
        if self._is_silent:
            trying = time.monotonic() - self._tried > TRIED_EVERY
            room = min(room, 1)
        if room <= 0:
            return
        self._looked = time.monotonic()
        numbers = self.board.numbers_of(self.connection.smsc, trying=trying) if self.board else None
        ready = claim(link=link, most=room, at=now(), numbers=numbers, alphabet=self.connection.smsc.alphabet)
        if trying:
            self._tried = time.monotonic()
        if ready:
            self._looked = 0.0  # there may be more
        for at, part in enumerate(ready):
            pdu = self._pdu(part)
            self._waiting[pdu.sequence] = Submitted(
                part.submission_id, part.interaction_id, part.address, time.monotonic(), part.urgent
            )
            self.memory.pace.spend()
            try:
                self.connection.request(pdu)
            except WireBroken:
                put_back([each.submission_id for each in ready[at + 1 :]], at=now())  # surely not sent
                raise

    def _pdu(self, part: Ready) -> Any:
        ton, npi, digits = as_destination(part.address)
        source_ton, source_npi = as_source(settings.SMS_SENDER)
        return smpp.make_pdu(
            "submit_sm",
            client=self.connection.wire,
            source_addr_ton=source_ton,
            source_addr_npi=source_npi,
            source_addr=settings.SMS_SENDER,
            dest_addr_ton=ton,
            dest_addr_npi=npi,
            destination_addr=digits,
            esm_class=part.esm_class,
            data_coding=part.data_coding,
            short_message=part.user_data,
            registered_delivery=int(self.connection.smsc.receipts),
            validity_period=as_validity_period(part.left) if self.connection.smsc.validity else "",
        )

    def _collect(self) -> None:
        """Gather the answers that have come; wait a moment for the first."""
        try:
            first = self.connection.responses.get(timeout=0.05 if self._waiting else LOOK_EVERY / 2)
        except queue.Empty:
            return
        self._gather(first)

    def _gather(self, first: Response | None = None) -> None:
        """Every answer beside what it answers, kept until the database has it."""
        answers = [first] if first else []
        while True:
            try:
                answers.append(self.connection.responses.get_nowait())
            except queue.Empty:
                break
        if answers:
            self._answered_at, self._is_silent = time.monotonic(), False
            if self.board:
                self.board.answered(self.connection.smsc)
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
        if self._is_silent or oldest is None or time.monotonic() - max(oldest, self._answered_at) < SILENT_AFTER:
            return
        self._is_silent, self._tried = True, time.monotonic()
        log.warning("sms.silent", bind=self.connection.smsc.key, waiting=len(self._waiting))
        if self.board:
            self.board.silent(self.connection.smsc)

    def _give_up_on_the_lost(self) -> None:
        """What had no answer in time; what is urgent sooner, where another carrier may take it."""
        others = self._is_silent and self.board is not None and self.board.has_another(self.connection.smsc)
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


def _is_texts_own(memory: Memory, out: Submitted, answer: Response) -> bool:
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
