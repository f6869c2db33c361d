"""Decoders taken over by what they read: each tries to do harm in its own way."""

from __future__ import annotations

import json
import os
import time
from contextlib import suppress
from typing import BinaryIO


def hangs(_given: BinaryIO, _made: BinaryIO) -> None:
    time.sleep(600)


def takes_all_memory(_given: BinaryIO, _made: BinaryIO) -> None:
    held = []
    while True:
        held.append(bytearray(32 * 2**20))


def computes_for_ever(_given: BinaryIO, _made: BinaryIO) -> None:
    while True:
        pass


def writes_for_ever(_given: BinaryIO, made: BinaryIO) -> None:
    while True:
        made.write(b'["x"]\n')


def crashes(_given: BinaryIO, _made: BinaryIO) -> None:
    os.abort()


def says_its_process(_given: BinaryIO, made: BinaryIO) -> None:
    made.write(str(os.getpid()).encode())


def says_its_process_and_goes_on(_given: BinaryIO, made: BinaryIO) -> None:
    made.write(f"{os.getpid()}\n".encode())
    made.flush()
    time.sleep(600)


def says_its_open_files(_given: BinaryIO, made: BinaryIO) -> None:
    found = []
    for number in range(1024):
        with suppress(OSError):
            os.fstat(number)
            found.append(number)
    made.write(json.dumps(found).encode())


def kills_its_parent(_given: BinaryIO, made: BinaryIO) -> None:
    try:
        os.kill(os.getppid(), 9)
    except PermissionError:
        made.write(b"refused")
