"""A decoder that tries what none may do, for `tongdai doctor` and the tests: it says what it could."""

from __future__ import annotations

import json
import os
import socket
from typing import BinaryIO


def look(_given: BinaryIO, made: BinaryIO) -> None:
    """Write as JSON: `root`, `files`, `network`, `processes`: whether it is so, or was possible."""
    could = {"root": os.geteuid() == 0, "files": _can_read(), "network": _can_call(), "processes": _can_fork()}
    made.write(json.dumps(could).encode())


def _can_read() -> bool:
    try:
        with open("/etc/passwd", "rb"):
            return True
    except OSError:
        return False


def _can_call() -> bool:
    try:
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM).close()
    except OSError:
        return False
    return True


def _can_fork() -> bool:
    try:
        child = os.fork()
    except OSError:
        return False
    if child == 0:
        os._exit(0)
    os.waitpid(child, 0)
    return True
