"""How processes without a port say that they are ready: a file that holds their number, named by the supervisor."""

from __future__ import annotations

import os
from pathlib import Path

from .heartbeat import notify_systemd

VARIABLE = "TONGDAI_READY_FILE"


def report_ready(ready: bool = True) -> None:
    """Called by a process when it can do its work (and with False when it can't any more).

    Alone: systemd is told, where it listens.
    """
    name = os.environ.get(VARIABLE)
    if not name:
        notify_systemd("READY=1" if ready else "STATUS=waiting")
        return
    if ready:
        Path(name).write_text(str(os.getpid()))
    else:
        Path(name).unlink(missing_ok=True)


def is_ready(file: Path, pid: int) -> bool:
    """Whether the process `pid` has said so."""
    try:
        return int(file.read_text()) == pid
    except (OSError, ValueError):
        return False
