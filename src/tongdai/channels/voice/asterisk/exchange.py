"""Where this house's exchange lies: its files, its ports, its secrets. Several houses run side by side."""

from __future__ import annotations

import hashlib
import os
import subprocess
import tempfile
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from django.conf import settings

from tongdai.platform.home import home, secret

from .install import is_installed

ARI_USER = "tongdai"
APPLICATION = "tongdai"
LONGEST_MESSAGE, WARNED_AT = 180, 150  # seconds: what one may say in all, and when the end is announced


@dataclass(frozen=True)
class Tls:
    """The carriers' port for SIP over TLS: our certificate and its key, whose certificates we believe.

    `mutual`: a carrier that calls shows one, too.
    """

    port: int
    certificate: str
    key: str
    authorities: str
    mutual: bool

    def missing(self) -> list[str]:
        """Files that can't be read."""
        return [each for each in (self.certificate, self.key, self.authorities) if not os.access(each, os.R_OK)]


@dataclass(frozen=True)
class Exchange:
    """One Asterisk of ours. `tree`: where it was unpacked; `program`: the city's own instead.

    Carriers come in at `sip_port`, agents' plain SIP telephones at `phones_port`, browsers through the live process.
    """

    folder: Path
    tree: Path
    program: str
    sip_host: str
    sip_port: int
    http_port: int
    rtp_first: int
    rtp_last: int
    phones_host: str = ""
    phones_port: int = 0  # 0: no plain SIP telephones
    tls: Tls | None = None

    @property
    def etc(self) -> Path:
        return self.folder / "etc"

    @property
    def recordings(self) -> Path:
        """Both sides of every call, as they are being written."""
        return self.folder / "recordings"

    @property
    def messages(self) -> Path:
        """What callers left where Asterisk dealt with them alone."""
        return self.folder / "messages"

    @property
    def spool_recordings(self) -> Path:
        """Messages taken by our process, as Asterisk's ARI keeps them."""
        return self.folder / "spool" / "recording"

    @property
    def sounds(self) -> Path:
        return self.folder / "sounds"

    @cached_property
    def run(self) -> Path:
        """Short: a socket's path may have 107 bytes."""
        name = hashlib.sha256(str(self.folder).encode()).hexdigest()[:12]
        return Path(tempfile.gettempdir()) / f"tongdai-{name}-x"

    @cached_property
    def http_prefix(self) -> str:
        """Before every path of Asterisk's HTTP server, so that its WebSocket, which asks nobody who comes, is found by us alone."""
        return hashlib.sha256(f"http prefix:{self.ari_secret}".encode()).hexdigest()[:32]

    @property
    def ari_url(self) -> str:
        return f"http://127.0.0.1:{self.http_port}/{self.http_prefix}/ari"

    @property
    def browsers_url(self) -> str:
        """Where the exchange takes SIP over a WebSocket (RFC 7118): for `softphones` alone."""
        return f"http://127.0.0.1:{self.http_port}/{self.http_prefix}/ws"

    @property
    def strangers_log(self) -> Path:
        """What Asterisk says of whoever it turned away, until `refusals` has counted it."""
        return self.folder / "log" / "strangers"

    @property
    def net_log(self) -> Path:
        """What Asterisk notes of those it deals with alone: its queue log."""
        return self.folder / "log" / "net"

    @property
    def ari_secret(self) -> str:
        return secret("ari")

    @cached_property
    def triplet(self) -> str:
        """The folder of libraries of this machine's kind: `x86_64-linux-gnu`."""
        loaders = sorted((self.tree / "usr" / "lib").glob("*-linux-gnu*/asterisk"))
        return loaders[0].parent.name if loaders else ""

    @property
    def libraries(self) -> Path:
        return self.tree / "usr" / "lib" / self.triplet

    @property
    def modules(self) -> Path:
        """Where Asterisk's modules are."""
        return Path(settings.ASTERISK_MODULES) if self.program else self.libraries / "asterisk" / "modules"

    @property
    def data(self) -> Path:
        return Path("/usr/share/asterisk") if self.program else self.tree / "usr" / "share" / "asterisk"

    def is_installed(self) -> bool:
        return bool(self.program) or is_installed(self.tree)

    @property
    def loader(self) -> list[str]:
        """What runs a program of the unpacked tree with its own libraries."""
        here = next(self.libraries.glob("ld-linux*"), None) or next((self.tree / "usr").glob("lib*/ld-linux*"))
        paths = [self.libraries, *(folder.parent for folder in self.libraries.glob("*/libpulsecommon-*"))]
        return [str(here), "--library-path", ":".join(map(str, paths))]

    def command(self, *arguments: str) -> list[str]:
        """The command line of Asterisk with our configuration."""
        own = ["-C", str(self.etc / "asterisk.conf"), *arguments]
        if self.program:
            return [self.program, *own]
        return [*self.loader, str(self.tree / "usr" / "sbin" / "asterisk"), *own]

    def ask(self, words: str) -> str:
        """What the running Asterisk answers on its own command line; empty when it doesn't run."""
        done = subprocess.run(self.command("-rx", words), capture_output=True, text=True, check=False, timeout=20)
        return done.stdout if done.returncode == 0 else ""


def exchange() -> Exchange:
    """This house's."""
    first, last = (int(port) for port in settings.RTP_PORTS.split("-"))
    return Exchange(
        folder=home() / "exchange",
        tree=Path(settings.EXCHANGE_TREE).absolute(),
        program=settings.ASTERISK,
        sip_host=settings.SIP_HOST,
        sip_port=settings.SIP_PORT,
        http_port=settings.EXCHANGE_PORT,
        rtp_first=first,
        rtp_last=last,
        phones_host=settings.PHONES_HOST,
        phones_port=settings.PHONES_PORT,
        tls=_tls(),
    )


def _tls() -> Tls | None:
    if not settings.SIP_TLS_PORT:
        return None
    return Tls(
        port=settings.SIP_TLS_PORT, certificate=settings.SIP_TLS_CERTIFICATE, key=settings.SIP_TLS_KEY,
        authorities=settings.SIP_TLS_CA, mutual=settings.SIP_TLS_MUTUAL,
    )  # fmt: skip


def is_here() -> bool:
    """Whether this house has an Asterisk to start, and a port for it."""
    return bool(settings.SIP_PORT) and exchange().is_installed()
