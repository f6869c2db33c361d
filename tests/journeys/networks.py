"""Two networks of Linux namespaces: the office, from which only the edge is reached, and the edge, which reaches the house.

Nothing is forwarded: from the office no packet comes to the exchange but what a program in the edge carries over.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

HOUSE, EDGE, EDGE_INSIDE, OFFICE = "10.99.1.1", "10.99.1.2", "10.99.2.1", "10.99.2.2"
CARRY = """
import asyncio, sys
async def pump(reader, writer):
    while data := await reader.read(65536):
        writer.write(data)
        await writer.drain()
    writer.close()
async def main(inside, house, *ports):
    async def carry(reader, writer, port):
        there = await asyncio.open_connection(house, port)
        await asyncio.gather(pump(reader, there[1]), pump(there[0], writer), return_exceptions=True)
    for port in map(int, ports):
        await asyncio.start_server(lambda r, w, port=port: carry(r, w, port), inside, port)
    await asyncio.Event().wait()
asyncio.run(main(*sys.argv[1:]))
"""


def can_be_made() -> bool:
    """Whether this machine and this user make namespaces."""
    if os.geteuid() != 0:
        return False
    probe = f"probe-{os.getpid()}"
    try:
        made = subprocess.run(["ip", "netns", "add", probe], capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        return False
    if made:
        _ip("netns", "del", probe)
    return made


def _sweep() -> None:
    """Away with those whose tests were killed: their addresses are ours."""
    for name in subprocess.run(["ip", "netns", "list"], capture_output=True, text=True, check=True).stdout.splitlines():
        found = re.match(r"(?:edge|office)-(\d+)\b", name)
        if found and not Path("/proc", found[1]).exists():
            left = subprocess.run(["ip", "netns", "pids", found[0]], capture_output=True, text=True, check=False).stdout
            for pid in left.split():
                os.kill(int(pid), signal.SIGKILL)
            _ip("netns", "del", found[0])


class Networks:
    """Use it as a context: what was started in them ends with it."""

    def __init__(self) -> None:
        own = os.getpid()
        self.edge, self.office = f"edge-{own}", f"office-{own}"
        self._started: list[subprocess.Popen[bytes]] = []

    def __enter__(self) -> Networks:
        own = os.getpid()
        _sweep()
        for name in (self.edge, self.office):
            _ip("netns", "add", name)
            _ip("-n", name, "link", "set", "lo", "up")
        self._join(f"h{own}", HOUSE, None, f"e{own}", EDGE, self.edge)
        self._join(f"i{own}", EDGE_INSIDE, self.edge, f"o{own}", OFFICE, self.office)
        return self

    def __exit__(self, *_: object) -> None:
        for process in self._started:
            process.kill()
            process.wait()
        for name in (self.edge, self.office):
            subprocess.run(["ip", "netns", "del", name], check=False)

    def carry(self, *ports: int) -> None:
        """Connections by TCP to these ports of the edge go on to the house's."""
        self.start(self.edge, sys.executable, "-c", CARRY, EDGE_INSIDE, HOUSE, *map(str, ports))

    def start(self, where: str, *command: str, log: Path | None = None) -> subprocess.Popen[bytes]:
        out = log.open("wb") if log else subprocess.DEVNULL
        process = subprocess.Popen(["ip", "netns", "exec", where, *command], stdout=out, stderr=out)
        self._started.append(process)
        return process

    def run(self, where: str, *command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["ip", "netns", "exec", where, *command], capture_output=True, text=True, timeout=60, check=False
        )

    def reaches(self, where: str, address: str, port: int) -> bool:
        """Whether a connection by TCP comes about, within a second."""
        asked = f"import socket; socket.create_connection(('{address}', {port}), 1)"
        return self.run(where, sys.executable, "-c", asked).returncode == 0

    def until_it_listens(self, where: str, address: str, port: int, *, within: float = 20) -> None:
        end = time.monotonic() + within
        while not self.reaches(where, address, port):
            assert time.monotonic() < end, f"nobody listens at {address}:{port}"

    def program(self, where: str, program: str, folder: Path) -> str:
        """A program of that name which runs there."""
        file = folder / "there"
        file.write_text(f'#!/bin/sh\nexec ip netns exec {where} {program} "$@"\n')
        file.chmod(0o755)
        return str(file)

    def _join(self, one: str, here: str, space: str | None, other: str, there: str, with_space: str) -> None:
        at = ["-n", space] if space else []
        _ip("link", "add", one, "type", "veth", "peer", "name", other)
        if space:
            _ip("link", "set", one, "netns", space)
        _ip("link", "set", other, "netns", with_space)
        for name, address, options in ((one, here, at), (other, there, ["-n", with_space])):
            _ip(*options, "addr", "add", f"{address}/30", "dev", name)
            _ip(*options, "link", "set", name, "up")


def _ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, capture_output=True)
