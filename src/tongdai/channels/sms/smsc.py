"""The process that holds the connections to the SMSCs: binds, keeps alive, reconnects; each bind by one process at a time.

Three threads a bind: one reads the socket (so that `enquire_link` is answered during a slow commit), one commits what
arrived and acknowledges it, one sends what is queued. With the database away the connection stays up and texts are refused
for the moment, so that the SMSC keeps them.
"""

from __future__ import annotations

import random
import signal
import threading
import time
import zlib
from collections.abc import Callable, Sequence

import structlog
from django.conf import settings
from django.db import InterfaceError, OperationalError, connection
from django.db.models.functions import Now
from smpplib import smpp

from tongdai.platform.clock import now
from tongdai.platform.processes import heartbeat, readiness
from tongdai.platform.processes.warmup import warm_up

from .inbound import dead_letters, overdue, pdus
from .inbound.intake import take_in
from .inbound.retries import Window
from .models import Link
from .outbound import backlog, queue, sender
from .outbound.routes import Board
from .outbound.sender import Memory, Sender
from .outbound.throttle import Throttle
from .protocol.address import Smsc, is_barred, read_binds
from .protocol.connection import Connection
from .protocol.wire import TEMPORARY, BindRefused, Wire, WireBroken

log = structlog.get_logger()
DATABASE_AWAY = (OperationalError, InterfaceError)
BIND_LOCK = 1022_0001  # advisory lock, with the bind's own number: whoever has it may bind, take in and send
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 60.0  # seconds before another try to connect
SOUND_AFTER = 10.0  # seconds a bind must have lasted for the pauses to begin anew
IN_VAIN = 4  # tries
HOUSEKEEPING, SWEEPING = 5.0, 60.0  # seconds between two


class NotOurs(Exception):
    """Another process holds this bind."""


def main() -> None:
    """Run until SIGTERM or SIGINT. Without an SMSC there is nothing to do, and the gateway's page says so."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    binds = read_binds(settings.SMSC)
    for why in binds.wrong:
        log.error("sms.bad_address", why=why)
    if not binds.usable:
        log.info("sms.not_configured")
        readiness.report_ready()
        stop.wait()
        return
    run(binds.usable, stop=stop)


def run(binds: Sequence[Smsc], *, stop: threading.Event) -> None:
    """Hold every bind until told to stop, whatever breaks on the way."""
    warm_up()
    board, ready = Board(binds), _Readiness(len(binds))
    keepers = [BindKeeper(smsc, binds=binds, board=board, ready=ready, stop=stop) for smsc in binds]
    threads = [threading.Thread(target=each.run, name=f"sms-{each.smsc.key}") for each in keepers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


class _Readiness:
    """The process is ready once each bind is up, or was tried in vain: the house need not wait for a carrier."""

    def __init__(self, binds: int) -> None:
        self._missing = binds
        self._lock = threading.Lock()

    def one_more(self) -> None:
        with self._lock:
            self._missing -= 1
            if self._missing == 0:
                readiness.report_ready()


class BindKeeper:
    """One bind, from one connection to the next."""

    def __init__(
        self, smsc: Smsc, *, binds: Sequence[Smsc], board: Board, ready: _Readiness, stop: threading.Event
    ) -> None:
        self.smsc = smsc
        self.binds = binds
        self.board = board
        self.stop = stop
        self.memory = Memory(Throttle(smsc.tps))
        self._ready = ready
        self._is_ready = False

    def run(self) -> None:
        """Bind again and again until told to stop."""
        pauses, tries = Pauses(), 0
        while not self.stop.is_set():
            heartbeat.turned(self.smsc.key)
            one = Session(self)
            try:
                if is_barred(self.smsc):
                    raise RealPhones(f"a demo city speaks to an SMSC on this machine only, and {self.smsc.host} is not")
                one.hold()
            except (WireBroken, BindRefused, NotOurs, RealPhones, *DATABASE_AWAY) as trouble:
                log.warning("sms.no_line", bind=self.smsc.key, kind=type(trouble).__name__, why=_brief(trouble))
                self.board.up(self.smsc) if isinstance(trouble, NotOurs) else self.board.away(self.smsc)
            except Exception:  # whatever it is, it must not end the other binds, nor this one for good
                log.exception("sms.bind_failed", bind=self.smsc.key)
                self.board.away(self.smsc)
            finally:
                connection.close()
            tries += 1
            if tries >= IN_VAIN:
                self.report_ready()
            if one.was_sound():
                pauses = Pauses()
            self.stop.wait(pauses.next())
        heartbeat.turns_no_more(self.smsc.key)

    def report_ready(self) -> None:
        if not self._is_ready:
            self._is_ready = True
            self._ready.one_more()


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


class Session:
    """One try to hold a bind: from taking the lock to the end of the connection. The thread that holds it commits."""

    def __init__(self, keeper: BindKeeper) -> None:
        self.keeper = keeper
        self.smsc = keeper.smsc
        self.stop = keeper.stop
        self.link: Link | None = None
        self.bound_since: float | None = None
        self.turn = 0
        self._doubtful: tuple[int, int] | None = None
        self._locked: object = None
        self._is_announced = False
        self._housekept = self._swept = 0.0

    def hold(self) -> None:
        """Bind, and take in what arrives until the connection breaks or we are told to stop.

        Raises:
            NotOurs, WireBroken, BindRefused; or the database's own when it is away before we have bound.
        """
        self._take_the_lock()
        self.link = self._new_link(bound=False)
        sender.write_down(self.keeper.memory, link=self.link)
        # what is `sending` still was left so by a connection that broke or a process that crashed: nobody else has this bind
        queue.lost(at=now(), bind=self.smsc.key, binds=[each.key for each in self.keeper.binds])
        wire = Wire(self.smsc)
        try:
            wire.open()
            connected = Connection(wire)
            self.bound_since = time.monotonic()
            log.info("sms.bound", bind=self.smsc.key, smsc=self.smsc.name)
            self._serve(connected)
            raise WireBroken(connected.why)
        except (WireBroken, BindRefused) as trouble:
            self._end_link(_brief(trouble))
            raise
        finally:
            wire.close()

    def was_sound(self) -> bool:
        """Whether it was bound for a while: one that is never answered is tried more and more seldom, however slowly."""
        return self.bound_since is not None and time.monotonic() - self.bound_since > SOUND_AFTER

    def _serve(self, connected: Connection) -> None:
        self.keeper.board.up(self.smsc)
        sender = Sender(
            connected,
            link=lambda: self.link,
            memory=self.keeper.memory,
            board=self.keeper.board,
        )
        threads = [_thread("read", connected.read, connected)]
        try:
            while not connected.broken.is_set():
                if self.stop.is_set():
                    self._unbind(connected, sender)
                if self._step(connected) and self.smsc.sends and len(threads) == 1:
                    threads.append(_thread("send", sender.run, connected))
        except WireBroken as broken:
            connected.end(_brief(broken))
        finally:
            connected.end("stopped")
            self.keeper.board.away(self.smsc)
            connected.drained.wait(1.5)
            connected.wire.close()
            for thread in threads:
                thread.join(timeout=10)

    def _step(self, connected: Connection) -> bool:
        """One window, or a tick's housekeeping. False: the database is away, and what arrived was refused."""
        heartbeat.turned(self.smsc.key)
        window = connected.next_window(patience=0.5 if self._is_announced else 0.0)
        try:
            self._take_the_lock()
            if self.link is None:
                self._begin_anew()
            if not self._is_announced:
                self._announce()
            if window:
                self._commit(connected, window)
            if time.monotonic() - self._housekept > HOUSEKEEPING:
                self._housekeeping(connected)
        except DATABASE_AWAY as away:
            log.warning("sms.database_away", refused=len(window), why=type(away).__name__)
            connected.refuse(window, status=TEMPORARY)
            self._leave_in_doubt(connected)
            connection.close()
            self.stop.wait(0.0 if window else 0.5)
            return False
        return True

    def _announce(self) -> None:
        """On record that it is bound; what has waited too long is asked about before the first text is sent."""
        if self.smsc.sends:
            numbers = self.keeper.board.numbers_of(self.smsc)
            backlog.ask_first(carrier=self.smsc.carrier, numbers=numbers, at=now())
        Link.objects.filter(pk=self._link.pk).update(bound_at=now(), last_seen_at=Now())
        self.keeper.report_ready()
        self._is_announced = True

    def _commit(self, connected: Connection, window: list[object]) -> None:
        self.turn += 1
        read = [pdus.read(pdu, receipt_ids=self.smsc.receipt_ids, alphabet=self.smsc.alphabet) for pdu in window]
        arrived = [each for each in read if not isinstance(each, pdus.Data)]
        take_in(arrived, window=Window(self._link, self.turn, connected.confirmed), at=now())
        rejected = {at: each for at, each in enumerate(read) if isinstance(each, pdus.Data)}
        for each in rejected.values():
            log.warning("sms.data_rejected", bind=self.smsc.key, data_coding=each.data_coding, octets=each.octets)
        connected.acknowledge(window, turn=self.turn, rejected=rejected.keys())

    def _housekeeping(self, connected: Connection) -> None:
        self._housekept = time.monotonic()
        slowed_to = self.keeper.memory.pace.slowed_to
        Link.objects.filter(pk=self._link.pk).update(
            last_seen_at=Now(), confirmed=connected.confirmed, slowed_to=slowed_to
        )
        overdue.give_up_waiting(at=now())
        if self._housekept - self._swept > SWEEPING:
            self._swept = self._housekept
            backlog.drop_stale(at=now())
        dead_letters.store_strays()

    def _unbind(self, connected: Connection, sender: Sender) -> None:
        """No more is sent; answers still on their way are waited for, then we unbind."""
        sender.finish(patience=3.0)
        connected.request(smpp.make_pdu("unbind", client=connected.wire))
        deadline = time.monotonic() + 2
        while not connected.broken.wait(0.05) and time.monotonic() < deadline:
            pass
        connected.end("we said goodbye")

    # ── the link's row, and the lock ─────────────────────────────────────────────────────────────────────────────────

    @property
    def _link(self) -> Link:
        assert self.link is not None
        return self.link

    def _new_link(self, *, bound: bool) -> Link:
        """Of many tries in vain only the last is worth a row."""
        tries = Link.objects.filter(bound_at=None, bind=self.smsc.key).order_by("-pk")
        Link.objects.filter(pk__in=list(tries.values_list("pk", flat=True)[1:])).delete()
        at = now()
        return Link.objects.create(
            smsc=self.smsc.name, bind=self.smsc.key, carrier=self.smsc.carrier,
            sends=self.smsc.sends, started_at=at, bound_at=at if bound else None, last_seen_at=Now(),
        )  # fmt: skip

    def _leave_in_doubt(self, connected: Connection) -> None:
        """Whether the last window was committed cannot be known: only what was confirmed by now is beyond doubt."""
        if self.link is not None:
            self._doubtful = (self.link.pk, connected.confirmed)
        self.link, self._locked = None, None

    def _begin_anew(self) -> None:
        """The database is back: windows count on, under a link of their own."""
        if self._doubtful is not None:
            pk, confirmed = self._doubtful
            Link.objects.filter(pk=pk).update(ended_at=now(), why="the database went away", confirmed=confirmed)
        self.link = self._new_link(bound=self._is_announced)

    def _end_link(self, why: str) -> None:
        try:
            if self.link:
                Link.objects.filter(pk=self.link.pk).update(ended_at=now(), why=why[:200])
        except DATABASE_AWAY:
            pass  # the connection is gone all the same

    def _take_the_lock(self) -> None:
        """Hold the lock on the very connection that commits: when one is lost, so is the other."""
        connection.ensure_connection()
        if self._locked is connection.connection:
            return
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_try_advisory_lock(%s, %s)", [BIND_LOCK, zlib.crc32(self.smsc.key.encode()) & 0x7FFFFFFF]
            )
            if not cursor.fetchone()[0]:
                raise NotOurs("another sms process holds this bind")
        self._locked = connection.connection


def _thread(name: str, work: Callable[[], None], connected: Connection) -> threading.Thread:
    """A thread that ends the connection if it fails, so that we begin anew rather than hang."""

    def run() -> None:
        try:
            work()
        except Exception as trouble:  # a thread has nobody else to tell
            log.exception("sms.thread_failed", thread=name)
            connected.end(f"{name}: {type(trouble).__name__}")
        finally:
            connection.close()

    thread = threading.Thread(target=run, name=f"sms-{name}", daemon=True)
    thread.start()
    return thread


def _brief(trouble: BaseException) -> str:
    return " ".join(str(trouble).split())[:200] or type(trouble).__name__
