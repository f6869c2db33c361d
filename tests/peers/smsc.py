"""Our sms process and the SMSC it speaks to, both real, started and killed by the tests."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.db.models import Max

from tongdai.channels.sms.models import Link
from tongdai.peers.smsc.peer import Control
from tongdai.platform.processes import nursery

STARTS_WITHIN = 120  # seconds, beside other work: how soon a process is there is not what is tested
GENTLE = {
    "refuseBind": 0, "window": 50, "dieAfter": 0, "loseAcks": 0, "patience": 60_000, "retryAfter": 100,
    "receipts": "DELIVRD", "receiptAfter": 10, "throttle": 0, "reject": "", "deaf": False, "silent": False,
    "idBase": 10, "answerBase": 10, "refuse": {}, "perSecond": 0, "answerAfter": 0, "dieAfterSubmits": 0, "mute": False,
    "receiptClass": 4, "receiptParameters": True,
    "receiptWords": "id:{id} sub:001 dlvrd:{good} submit date:{day} done date:{day} stat:{stat} err:000 text:",
}  # fmt: skip


class SmsProcess:
    """`tongdai run sms` on the tests' database, born as in a house: of what has everything loaded."""

    def __init__(self, smsc_url: str) -> None:
        self.smsc_url = smsc_url
        self.process: nursery.Born | None = None
        handle, name = tempfile.mkstemp(prefix="tongdai-sms-", suffix=".log")
        os.close(handle)
        self.log = Path(name)

    def start(self, *, query: str = "enquire=2", ask_above: int = 10_000, binds: bool = True) -> None:
        """`query`: settings of the address, see address.py; a short enquire_link makes a dead line noticed soon."""
        self.start_with(f"{self.smsc_url}?{query}", ask_above=ask_above, binds=binds)

    def start_with(self, *addresses: str, ask_above: int = 10_000, binds: bool = True) -> None:
        """With these addresses; wait until it has tried each of them, if it is to (`binds`)."""
        before = Link.objects.aggregate(last=Max("pk"))["last"] or 0
        self.process = _born(addresses="\n".join(addresses), ask_above=ask_above, log=self.log)
        if binds:
            wanted = len(" ".join(addresses).split())
            until(lambda: Link.objects.filter(pk__gt=before).count() >= wanted, within=STARTS_WITHIN)

    def printed(self) -> str:
        """All that it has printed so far, on both ways."""
        return self.log.read_text()

    def end(self) -> None:
        """Killed, and what it printed is shown where the test fails."""
        self.kill()
        print(self.printed(), file=sys.stderr)
        self.log.unlink()

    def kill(self) -> None:
        """As the kernel does when memory is out: no goodbye, nothing finished."""
        self._end(signal.SIGKILL)

    def stop(self) -> int:
        """As `tongdai up` does on Ctrl-C. The exit code."""
        return self._end(signal.SIGTERM)

    def _end(self, how: int) -> int:
        if self.process is None:
            return 0
        self.process.send_signal(how)
        code = self.process.wait(timeout=20)
        self.process = None
        return code


def _born(*, addresses: str, ask_above: int, log: Path) -> nursery.Born:
    nursery.open_nursery()
    process = multiprocessing.get_context("forkserver").Process(
        target=_run_sms, args=(addresses, ask_above, str(log), dict(os.environ))
    )
    process.start()
    return nursery.Born(process)


def _run_sms(addresses: str, ask_above: int, log: str, environment: dict[str, str]) -> None:
    """In the new process: what the nursery read of the environment was said before these were."""
    to = os.open(log, os.O_WRONLY | os.O_APPEND)
    os.dup2(to, sys.stdout.fileno())
    os.dup2(to, sys.stderr.fileno())
    settings.SMSC, settings.SMS_ASK_ABOVE = addresses, ask_above
    nursery.live(("run", "sms"), environment)


def until(true: Callable[[], object], *, within: float = 120) -> None:
    """Wait for what other processes do, beside other work too; where soon is promised, say how soon (`within` seconds)."""
    end = time.monotonic() + within
    while not true():
        assert time.monotonic() < end, "it did not come true in time"
        time.sleep(0.05)


def all_acked(smsc: Control, ids: list[int]) -> Callable[[], bool]:
    """Whether the SMSC saw every part of these texts acknowledged."""
    return lambda: all(text["state"] == "acked" for text in smsc.progress(ids))
