"""Our sms process and the SMSC it speaks to, both real, started and killed by the tests."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable

from tongdai.scenarios.smsc_peer.peer import Control

RUN = [sys.executable, "-m", "tongdai", "run", "sms"]
GENTLE = {
    "refuseBind": 0, "window": 50, "dieAfter": 0, "loseAcks": 0, "patience": 60_000, "retryAfter": 100,
    "receipts": "DELIVRD", "receiptAfter": 10, "throttle": 0, "reject": "", "deaf": False, "silent": False,
    "idBase": 10,
}  # fmt: skip


class SmsProcess:
    """`tongdai run sms` on the tests' database."""

    def __init__(self, smsc_url: str) -> None:
        self.smsc_url = smsc_url
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, *, query: str = "enquire=0.5") -> None:
        """`query`: settings of the address, see address.py; a short enquire_link makes a dead line noticed soon."""
        self.process = subprocess.Popen(RUN, env=os.environ | {"TONGDAI_SMSC": f"{self.smsc_url}?{query}"})

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


def until(true: Callable[[], object], *, within: float = 30) -> None:
    """Wait for what other processes do; fails the test if it doesn't come true."""
    end = time.monotonic() + within
    while not true():
        assert time.monotonic() < end, "it did not come true in time"
        time.sleep(0.05)


def all_acked(smsc: Control, ids: list[int]) -> Callable[[], bool]:
    """Whether the SMSC saw every part of these texts acknowledged."""
    return lambda: all(text["state"] == "acked" for text in smsc.progress(ids))
