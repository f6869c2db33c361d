"""The archive process: what the exchange has recorded goes into storage, what it noted alone becomes calls.

Beside the voice process, so that no caller waits for a disk. Killed at any moment, it begins again.
"""

from __future__ import annotations

import signal
import threading

import structlog
from django.db import Error, close_old_connections

from tongdai.platform.clock import now
from tongdai.platform.decoders.connection import Unavailable
from tongdai.platform.processes import readiness

from .asterisk import refusals
from .asterisk.exchange import exchange
from .recordings.intake import take_in
from .records import queue_log
from .speech.engines import Mute

log = structlog.get_logger(__name__)
EVERY = 1.0  # seconds


def main() -> None:
    """Until told to stop."""
    it, stop, refused = exchange(), threading.Event(), refusals.Tally()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    readiness.report_ready()
    while not stop.wait(EVERY):
        close_old_connections()
        try:
            refusals.read(it, refused)
            queue_log.take_in(it)
            take_in(it)
            refused.write(at=now())
        except (Error, OSError, Mute, Unavailable) as trouble:
            log.warning("archive.waits", error=type(trouble).__name__, why=str(trouble)[:200])
            stop.wait(5)
