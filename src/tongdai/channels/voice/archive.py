"""The archive process: what the exchange has recorded goes into storage, what it noted alone becomes calls.

Beside the voice process, so that no caller waits for a disk. Killed at any moment, it begins again.
"""

from __future__ import annotations

import signal
import threading
from datetime import UTC, datetime

import structlog
from django.db import Error, close_old_connections

from tongdai.people.phones import normalise
from tongdai.platform import readiness
from tongdai.platform.clock import now
from tongdai.platform.decoders.connection import Unavailable

from . import records, strangers
from .engines import Mute
from .exchange.home import Exchange, exchange
from .models import Call
from .recordings import take_in

log = structlog.get_logger(__name__)
EVERY = 1.0  # seconds


def main() -> None:
    """Until told to stop."""
    it, stop, refused = exchange(), threading.Event(), strangers.Tally()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    readiness.say_ready()
    while not stop.wait(EVERY):
        close_old_connections()
        try:
            strangers.read(it, refused)
            take_in_notes(it)
            take_in(it)
            refused.write(at=now())
        except (Error, OSError, Mute, Unavailable) as trouble:
            log.warning("archive.waits", error=type(trouble).__name__, why=str(trouble)[:200])
            stop.wait(5)


def take_in_notes(it: Exchange) -> int:
    """What Asterisk dealt with alone (exchange/conf/extensions.conf) becomes calls, messages and call-backs; how many.

    A note is `.open` when the caller came into the net and `.done` when she had gone; one without a `.done` whose channel
    is no more was cut off with Asterisk itself.
    """
    taken, channels = 0, ""
    for opened in sorted(it.messages.glob("*.open")):
        done = opened.with_suffix(".done")
        channel, number, shown, epoch = [*opened.read_text().strip().split("|"), "", "", ""][:4]
        if not done.exists():
            channels = channels or it.ask("core show channels concise")
            if not channels or channel in channels:
                continue
        _over, _status, member = [*(done.read_text().strip().split("|")[1:] if done.exists() else []), "", "", ""][:3]
        came_at = datetime.fromtimestamp(int(epoch or 0), UTC)
        phone = "" if shown.startswith("prohib") else normalise(number) or ""
        call = records.came(channel=channel, number=phone, dialled="1022", at=came_at)
        left_words = opened.with_suffix(".wav").exists()
        outcome = Call.Outcome.ANSWERED if member else Call.Outcome.MESSAGE if left_words else Call.Outcome.ABANDONED
        records.ended(call.pk, path=[*call.path, records.ALONE], outcome=outcome)
        opened.unlink()
        done.unlink(missing_ok=True)
        taken += 1
    return taken
