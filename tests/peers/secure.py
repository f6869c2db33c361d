"""A carrier that speaks SIP over TLS and voice by SRTP (RFC 3711, AES_CM_128_HMAC_SHA1_80), and the certificates of both ends."""

from __future__ import annotations

import base64
import hashlib
import hmac
import math
import os
import re
import socket
import ssl
import struct
import subprocess
import threading
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from tongdai.peers.sip.caller import alaw

PCMA, FRAME = 8, 160


class Authority:
    """Who vouches for carriers and for the house, in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in ("ca", "stranger"):
            self._make(name, "-addext", "basicConstraints=critical,CA:TRUE", "-subj", f"/CN={name}")
        for name, by in (("house", "ca"), ("carrier", "ca"), ("impostor", "stranger")):
            signed = ["-CA", f"{folder}/{by}.pem", "-CAkey", f"{folder}/{by}.key"]
            self._make(name, *signed, "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1")

    def of(self, name: str) -> tuple[str, str]:
        """Its certificate and its key."""
        return f"{self.folder}/{name}.pem", f"{self.folder}/{name}.key"

    def _make(self, name: str, *more: str) -> None:
        key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"]
        files = ["-keyout", f"{self.folder}/{name}.key", "-out", f"{self.folder}/{name}.pem"]
        subprocess.run(["openssl", "req", "-x509", *key, *files, *more], check=True, capture_output=True)


class Srtp:
    """One direction of an encrypted voice. `keying`: what the SDP names as `inline:`, of 30 octets."""

    def __init__(self, keying: str = "") -> None:
        self.keying = keying or base64.b64encode(os.urandom(30)).decode()
        octets = base64.b64decode(self.keying)
        self._master, self._salt = octets[:16], int.from_bytes(octets[16:])
        self._cipher, self._auth = self._derived(0, 16), self._derived(1, 20)
        self._own_salt = int.from_bytes(self._derived(2, 14))

    def seal(self, packet: bytes) -> bytes:
        sealed = packet[:12] + self._crypt(packet[:12], packet[12:])
        return sealed + self._tag(sealed)

    def opens(self, packet: bytes) -> bool:
        """Whether it was sealed with this key."""
        return hmac.compare_digest(self._tag(packet[:-10]), packet[-10:])

    def _tag(self, sealed: bytes) -> bytes:
        return hmac.new(self._auth, sealed + bytes(4), hashlib.sha1).digest()[:10]  # of the first 65,536 packets

    def _crypt(self, head: bytes, content: bytes) -> bytes:
        sequence, source = struct.unpack("!2xH4xI", head)
        return _aes(self._cipher, self._own_salt << 16 ^ source << 64 ^ sequence << 16, content)

    def _derived(self, label: int, length: int) -> bytes:
        return _aes(self._master, (self._salt ^ label << 48) << 16, bytes(length))


def _aes(key: bytes, counter: int, content: bytes) -> bytes:
    return Cipher(algorithms.AES(key), modes.CTR(counter.to_bytes(16))).encryptor().update(content)


class Carrier(threading.Thread):
    """Where the house sends to: takes TLS from it, answers OPTIONS, refuses whoever is rung as busy; keeps what came."""

    def __init__(self, certificate: tuple[str, str]) -> None:
        super().__init__(daemon=True)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*certificate)
        self._context = context
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        self.came: list[str] = []
        self.start()

    def methods(self) -> set[str]:
        return {text.split(" ", 1)[0] for text in self.came}

    def stop(self) -> None:
        self._socket.close()

    def run(self) -> None:
        while True:
            try:
                plain, _where = self._socket.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(plain,), daemon=True).start()

    def _serve(self, plain: socket.socket) -> None:
        try:
            with self._context.wrap_socket(plain, server_side=True) as link:
                for text in messages(link):
                    self.came.append(text)
                    if not text.startswith(("ACK", "SIP/2.0")):
                        link.sendall(answer(text, "486 Busy Here" if text.startswith("INVITE") else "200 OK"))
        except OSError:
            return


class SecureCaller:
    """A carrier's call to the house: `plain` by UDP, else by TLS."""

    def __init__(self, house: tuple[str, int], *, authority: Authority, shows: str = "", plain: bool = False) -> None:
        self.house, self.plain = house, plain
        self.voice = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.voice.bind(("127.0.0.1", 0))
        if plain:
            self.link: socket.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            self.link.connect(house)
        else:
            context = ssl.create_default_context(cafile=authority.of("ca")[0])
            if shows:
                context.load_cert_chain(*authority.of(shows))
            self.link = context.wrap_socket(socket.create_connection(house), server_hostname="127.0.0.1")
        self.link.settimeout(15)
        self.ours, self.theirs = Srtp(), ""

    def invite(self, number: str, *, encrypted: bool = True) -> str:
        """Call the house; the final answer. `encrypted`: the voice is offered by SRTP."""
        self.call, self.number = uuid.uuid4().hex, number
        profile = "RTP/SAVP" if encrypted else "RTP/AVP"
        crypto = f"a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:{self.ours.keying}\r\n" if encrypted else ""
        sdp = (
            "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
            f"m=audio {self.voice.getsockname()[1]} {profile} 8\r\n{crypto}a=rtpmap:8 PCMA/8000\r\na=sendrecv\r\n"
        )
        self._ask("INVITE", 1, sdp=sdp)
        for text in messages(self.link):
            if text.startswith("SIP/2.0") and not text.startswith("SIP/2.0 1") and self.call in text:
                self.tag = found[1] if (found := re.search(r"^To:.*;tag=(\S+)", text, re.MULTILINE)) else ""
                self._ask("ACK", 1)
                keyed = re.search(r"inline:([A-Za-z0-9+/=]+)", text)
                self.theirs = keyed[1] if keyed else ""
                media = re.search(r"^m=audio (\d+)", text, re.MULTILINE)
                self.to = ("127.0.0.1", int(media[1])) if media else None
                return text
        raise AssertionError("no answer")

    def speak(self, seconds: float, *, sealed: bool, hertz: float = 620) -> list[bytes]:
        """A tone, in real time; the packets that came meanwhile."""
        came: list[bytes] = []
        self.voice.settimeout(0.001)
        source = int.from_bytes(os.urandom(4))
        for number in range(int(seconds * 50)):
            head = struct.pack("!BBHII", 0x80, PCMA, number + 1, number * FRAME, source)
            packet = head + tone(hertz, number * FRAME)
            self.voice.sendto(self.ours.seal(packet) if sealed else packet, self.to)
            begun = time.monotonic()
            while time.monotonic() - begun < 0.02:
                try:
                    came.append(self.voice.recv(2048))
                except TimeoutError:
                    continue
        return came

    def hang_up(self) -> None:
        self._ask("BYE", 2)

    def close(self) -> None:
        self.link.close()
        self.voice.close()

    def _ask(self, method: str, number: int, *, sdp: str = "") -> None:
        host, port = self.house
        how, our = ("UDP", self.link.getsockname()[1]) if self.plain else ("TLS", self.link.getsockname()[1])
        uri = f"sip:1022@{host}:{port}" + ("" if self.plain else ";transport=tls")
        tag = f";tag={self.tag}" if method != "INVITE" else ""
        kind = "Content-Type: application/sdp\r\n" if sdp else ""
        self.link.sendall(
            (
                f"{method} {uri} SIP/2.0\r\nVia: SIP/2.0/{how} 127.0.0.1:{our};branch=z9hG4bK{uuid.uuid4().hex[:12]};rport\r\n"
                f"From: <sip:{self.number}@127.0.0.1>;tag=ours\r\nTo: <sip:1022@{host}>{tag}\r\nCall-ID: {self.call}\r\n"
                f"CSeq: {number} {method}\r\nContact: <sip:127.0.0.1:{our};transport={how.lower()}>\r\nMax-Forwards: 70\r\n{kind}"
                f"Content-Length: {len(sdp)}\r\n\r\n{sdp}"
            ).encode()
        )


def messages(link: socket.socket) -> Iterator[str]:
    """One after the other, as they come, until the other end goes."""
    held = b""
    while data := link.recv(65_535):
        held += data
        while b"\r\n\r\n" in held:
            head, _, rest = held.partition(b"\r\n\r\n")
            length = re.search(rb"^(?:Content-Length|l): *(\d+)", head, re.MULTILINE | re.IGNORECASE)
            size = int(length[1]) if length else 0
            if len(rest) < size:
                break
            yield (head + b"\r\n\r\n" + rest[:size]).decode(errors="replace")
            held = rest[size:]


def answer(request: str, status: str) -> bytes:
    kept = [each for each in request.split("\r\n") if re.match(r"(Via|From|To|Call-ID|CSeq):", each, re.IGNORECASE)]
    kept = [each + ";tag=carrier" if each.startswith("To:") and ";tag=" not in each else each for each in kept]
    return "\r\n".join([f"SIP/2.0 {status}", *kept, "Content-Length: 0", "", ""]).encode()


def tone(hertz: float, since: int) -> bytes:
    """20 ms of it as G.711 A-law."""
    return bytes(alaw(int(9000 * math.sin(2 * math.pi * hertz * n / 8000))) for n in range(since, since + FRAME))
