"""Die with the parent: a child whose parent was killed must not go on by itself, holding ports and half a house."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from collections.abc import Callable

PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True)


def die_with_parent(how: signal.Signals = signal.SIGTERM) -> None:
    """Ask the kernel to signal this process when the thread that started it ends. Cleared by setuid: call it after."""
    _libc.prctl(PR_SET_PDEATHSIG, how)


def between_fork_and_exec(how: signal.Signals = signal.SIGTERM) -> Callable[[], None]:
    """A `preexec_fn` that does so, and ends at once if the parent is gone already."""
    parent = os.getpid()

    def ask() -> None:
        die_with_parent(how)
        if os.getppid() != parent:
            sys.exit(1)

    return ask
