"""The process that holds the wire to the SMSC: binds, keeps alive, reconnects; one of them at a time.

Three threads: one reads the socket (so that `enquire_link` is answered during a slow commit), one commits what arrived
and acknowledges it, one sends what is queued. With the database away the line stays up and texts are refused for the
moment, so that the SMSC keeps them.
"""

from __future__ import annotations

import random
import signal
import threading
import time
from collections.abc import Callable

import structlog
from django.conf import settings
from django.db import InterfaceError, OperationalError, connection
from django.db.models.functions import Now
from smpplib import smpp

from tongdai.platform import readiness
from tongdai.platform.clock import now
from tongdai.platform.warmth import warm_up

from . import arrivals, joining, outbox
from .address import BadAddress, Smsc, is_barred, read_smsc
from .intake import Window, take_in
from .line import Line
from .models import Link
from .sending import Sender
from .wire import TEMPORARY, BindRefused, Wire, WireBroken

log = structlog.get_logger()
DATABASE_AWAY = (OperationalError, InterfaceError)
THE_WIRE = 1022_0001  # advisory lock: whoever has it may bind, take in and send
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 60.0  # seconds before another try to connect
SOUND_AFTER = 10.0  # seconds a line must have lasted for the pauses to begin anew
IN_VAIN = 4  # tries
HOUSEKEEPING = 5.0  # seconds


class NotOurs(Exception):
    """Another process holds the wire."""


def main() -> None:
    """Run until SIGTERM or SIGINT. Without an SMSC there is nothing to do, and the gateway's page says so."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    smsc = _configured()
    if smsc is None:
        readiness.say_ready()
        stop.wait()
        return
    run(smsc, stop=stop)


def _configured() -> Smsc | None:
    try:
        smsc = read_smsc(settings.SMSC)
    except BadAddress as wrong:
        log.error("sms.bad_address", why=str(wrong))
        return None
    if smsc is None:
        log.info("sms.not_configured")
    return smsc


def run(smsc: Smsc, *, stop: threading.Event) -> None:
    """Hold the wire until told to stop, whatever breaks on the way."""
    warm_up()
    pauses, tries = Pauses(), 0
    while not stop.is_set():
        began = time.monotonic()
        try:
            if is_barred(smsc):
                raise RealPhones(f"a demo city speaks to an SMSC on this machine only, and {smsc.host} is not")
            Connection(smsc, stop=stop).hold()
        except (WireBroken, BindRefused, NotOurs, RealPhones, *DATABASE_AWAY) as trouble:
            log.warning("sms.no_line", smsc=smsc.name, kind=type(trouble).__name__, why=_brief(trouble))
        finally:
            connection.close()
        tries += 1
        if tries == IN_VAIN:
            readiness.say_ready()  # all that is ours to do is done: the house need not wait for the carrier
        if time.monotonic() - began > SOUND_AFTER:
            pauses = Pauses()
        stop.wait(pauses.next())


class RealPhones(Exception):
    """A demo city may not text real phones."""


class Pauses:
    """Longer and longer, each a bit by chance, so that a thousand ESMEs don't come back in the same second."""

    def __init__(self) -> None:
        self._pause = FIRST_PAUSE

    def next(self) -> float:
        """Seconds to wait before the next try."""
        pause, self._pause = self._pause, min(self._pause * 2, LONGEST_PAUSE)
        return pause * random.uniform(0.5, 1.0)


class Connection:
    """One try to hold the wire: from taking the lock to the end of the line. The thread that holds it commits."""

    def __init__(self, smsc: Smsc, *, stop: threading.Event) -> None:
        self.smsc = smsc
        self.stop = stop
        self.link: Link | None = None
        self.turn = 0
        self._doubtful: tuple[int, int] | None = None
        self._locked: object = None
        self._kept = 0.0

    def hold(self) -> None:
        """Bind, and take in what arrives until the line breaks or we are told to stop.

        Raises:
            NotOurs, WireBroken, BindRefused; or the database's own when it is away before we have bound.
        """
        self._take_the_wire()
        self.link = self._new_link(bound=False)
        outbox.lost(at=now())  # only a crashed process leaves something `sending`; ours is the only one that runs
        wire = Wire(self.smsc)
        try:
            wire.open()
            line = Line(wire)
            log.info("sms.bound", smsc=self.smsc.name)
            readiness.say_ready()
            self._serve(line)
            raise WireBroken(line.why)
        except (WireBroken, BindRefused) as trouble:
            self._end_link(_brief(trouble))
            raise
        finally:
            wire.close()

    def _serve(self, line: Line) -> None:
        Link.objects.filter(pk=self._link.pk).update(bound_at=now(), heard_at=Now())
        sender = Sender(line, link=lambda: self.link)
        threads = [_thread("read", line.read, line), _thread("send", sender.run, line)]
        try:
            while not line.broken.is_set():
                if self.stop.is_set():
                    self._say_goodbye(line, sender)
                self._step(line)
        except WireBroken as broken:
            line.end(_brief(broken))
        finally:
            line.end("stopped")
            line.wire.close()
            for thread in threads:
                thread.join(timeout=10)

    def _step(self, line: Line) -> None:
        """One window, or a tick's housekeeping."""
        window = line.next_window(patience=0.5)
        try:
            self._take_the_wire()
            if self.link is None:
                self._begin_anew()
            if window:
                self._commit(line, window)
            if time.monotonic() - self._kept > HOUSEKEEPING:
                self._keep_house(line)
        except DATABASE_AWAY as away:
            log.warning("sms.database_away", refused=len(window), why=type(away).__name__)
            line.refuse(window, status=TEMPORARY)
            self._leave_in_doubt(line)
            connection.close()
            self.stop.wait(0.0 if window else 0.5)

    def _commit(self, line: Line, window: list[object]) -> None:
        self.turn += 1
        arrived = [arrivals.read(pdu, receipt_ids=self.smsc.receipt_ids) for pdu in window]
        take_in(arrived, window=Window(self._link, self.turn, line.confirmed), at=now())
        line.acknowledge(window, turn=self.turn)

    def _keep_house(self, line: Line) -> None:
        self._kept = time.monotonic()
        Link.objects.filter(pk=self._link.pk).update(heard_at=Now(), confirmed=line.confirmed)
        joining.give_up_waiting(at=now())

    def _say_goodbye(self, line: Line, sender: Sender) -> None:
        """No more is sent; answers still on their way are waited for, then we unbind."""
        sender.finish(patience=3.0)
        line.request(smpp.make_pdu("unbind", client=line.wire))
        deadline = time.monotonic() + 2
        while not line.broken.wait(0.05) and time.monotonic() < deadline:
            pass
        line.end("we said goodbye")

    # ── the link's row, and the lock ─────────────────────────────────────────────────────────────────────────────────

    @property
    def _link(self) -> Link:
        assert self.link is not None
        return self.link

    def _new_link(self, *, bound: bool) -> Link:
        """Of many tries in vain only the last is worth a row."""
        in_vain = Link.objects.filter(bound_at=None).order_by("-pk").values_list("pk", flat=True)[1:]
        Link.objects.filter(pk__in=list(in_vain)).delete()
        at = now()
        return Link.objects.create(smsc=self.smsc.name, started_at=at, bound_at=at if bound else None, heard_at=Now())

    def _leave_in_doubt(self, line: Line) -> None:
        """Whether the last window was committed cannot be known: only what was confirmed by now is beyond doubt."""
        if self.link is not None:
            self._doubtful = (self.link.pk, line.confirmed)
        self.link, self._locked = None, None

    def _begin_anew(self) -> None:
        """The database is back: windows count on, under a link of their own."""
        if self._doubtful is not None:
            pk, confirmed = self._doubtful
            Link.objects.filter(pk=pk).update(ended_at=now(), why="the database went away", confirmed=confirmed)
        self.link = self._new_link(bound=True)

    def _end_link(self, why: str) -> None:
        try:
            if self.link:
                Link.objects.filter(pk=self.link.pk).update(ended_at=now(), why=why[:200])
        except DATABASE_AWAY:
            pass  # the line is gone all the same

    def _take_the_wire(self) -> None:
        """Hold the lock on the very connection that commits: when one is lost, so is the other."""
        connection.ensure_connection()
        if self._locked is connection.connection:
            return
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [THE_WIRE])
            if not cursor.fetchone()[0]:
                raise NotOurs("another sms process holds the wire")
        self._locked = connection.connection


def _thread(name: str, work: Callable[[], None], line: Line) -> threading.Thread:
    """A thread that ends the line if it fails, so that we begin anew rather than hang."""

    def run() -> None:
        try:
            work()
        except Exception as trouble:  # a thread has nobody else to tell
            log.exception("sms.thread_failed", thread=name)
            line.end(f"{name}: {type(trouble).__name__}")
        finally:
            connection.close()

    thread = threading.Thread(target=run, name=f"sms-{name}", daemon=True)
    thread.start()
    return thread


def _brief(trouble: BaseException) -> str:
    return " ".join(str(trouble).split())[:200] or type(trouble).__name__
