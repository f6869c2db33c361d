"""Start the SMSC on loopback, and speak to its control port: text as a citizen does, see what came back."""

from __future__ import annotations

import json
import os
import random
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from urllib.request import Request, urlopen

SERVER = Path(__file__).with_name("server.mjs")
PORTS = 6500, 8000  # below those of the exchange's sound, and those that Linux gives out
SYSTEM_ID, PASSWORD = "tongdai", "demo"


class PeerMissing(RuntimeError):
    """It cannot be started here; the message says what to do."""


@dataclass(frozen=True)
class Control:
    """The control port of a running SMSC."""

    url: str

    def text(self, sender: str, text: str = "", **how: object) -> int:
        """Send one text from a phone; `how` as mo.mjs has it (by, coding, ref, order, hex …). Its id."""
        return self.texts([{"from": sender, "text": text, **how}])[0]

    def texts(self, texts: Iterable[Mapping[str, object]]) -> list[int]:
        return list(self._call("/mo", list(texts))["ids"])

    def progress(self, ids: Iterable[int] | None = None) -> list[dict[str, Any]]:
        """How far these texts (default: all) have come: state, tries, acked and refused parts, times in ms."""
        return list(self._call("/mo" if ids is None else "/mo?" + urlencode({"ids": ",".join(map(str, ids))})))

    def received_by(self, phone: str = "", *, after: int = 0) -> list[dict[str, Any]]:
        """What was sent to a phone (to all, without one), joined, oldest first."""
        return list(self._call("/mt?" + urlencode({"to": phone, "after": after})))

    def counts(self) -> dict[str, int]:
        """What the centre itself counted."""
        return dict(self._call("/counts"))

    def behave(self, **mood: object) -> None:
        """Misbehave from now on: see `mood` in server.mjs."""
        self._call("/behave", mood)

    def forget(self) -> None:
        """Begin anew: no text, no count."""
        self._call("/forget", {})

    def kick(self) -> None:
        """Cut every connection without a goodbye."""
        self._call("/kick", {})

    def _call(self, path: str, body: object | None = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        with urlopen(Request(self.url + path, data=data), timeout=30) as answer:
            return json.load(answer)


@dataclass
class Peer:
    """A running SMSC, ours to stop."""

    process: subprocess.Popen[bytes]
    port: int
    control: Control
    tls: bool = False

    @property
    def url(self) -> str:
        """What to set TONGDAI_SMSC to."""
        return f"smpp{'s' if self.tls else ''}://{SYSTEM_ID}:{PASSWORD}@127.0.0.1:{self.port}"

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(timeout=5)


def start_peer(
    *, port: int = 0, control: int = 0, log: Path | None = None, tls: tuple[Path, Path] | None = None
) -> Peer:
    """Start the SMSC (on free ports where none is given) and wait until it listens. It ends with its starter.

    `tls`: files of a key and its certificate; SMPP is then spoken over TLS.

    Raises:
        PeerMissing
    """
    port, control = port or free_port(), control or free_port()
    out = log.open("ab") if log else subprocess.DEVNULL
    process = subprocess.Popen(
        command(port=port, control=control, tls=tls),
        stdin=subprocess.PIPE,
        stdout=out,
        stderr=out,
        env=os.environ | {"TONGDAI_PEER_FOLLOWS_STDIN": "1"},
    )
    url = f"http://127.0.0.1:{control}"
    for _ in range(100):
        if process.poll() is not None:
            raise PeerMissing(f"the SMSC peer ended at once: is port {port} or {control} taken?")
        try:
            Control(url).counts()
        except OSError:
            time.sleep(0.05)
        else:
            return Peer(process, port, Control(url), tls=tls is not None)
    process.kill()
    raise PeerMissing("the SMSC peer does not answer")


def command(*, port: int, control: int, tls: tuple[Path, Path] | None = None) -> list[str]:
    """The command line that runs the SMSC in the foreground.

    Raises:
        PeerMissing: no Node, or its one package isn't installed.
    """
    node = shutil.which("node") or shutil.which("node", path=str(Path(sys.prefix) / "bin"))
    if node is None:
        raise PeerMissing("the SMSC peer needs Node 20 or newer: run `make install`")
    if not (SERVER.parent / "node_modules" / "smpp").is_dir():
        raise PeerMissing("the SMSC peer's package is not installed: run `make install`")
    keys = ["--tls-key", str(tls[0]), "--tls-cert", str(tls[1])] if tls else []
    return [node, str(SERVER), "--port", str(port), "--control", str(control), *keys]


def free_port() -> int:
    """Return a port of loopback that nobody has now, by TCP or UDP.

    None of those the system gives out by itself: it may give one to somebody else before whoever asked here binds it.
    """
    while True:
        port = random.randrange(*PORTS)
        if port in _GIVEN:
            continue
        with socket.socket(type=socket.SOCK_STREAM) as by_tcp, socket.socket(type=socket.SOCK_DGRAM) as by_udp:
            try:
                by_tcp.bind(("127.0.0.1", port))
                by_udp.bind(("127.0.0.1", port))
            except OSError:
                continue
        _GIVEN.add(port)
        return port


_GIVEN: set[int] = set()  # to nobody twice; whoever got one may not have bound it yet
