"""SIP as bytes (RFC 3261), for what no telephone would send; and a carrier that wants us to register."""

from __future__ import annotations

import contextlib
import re
import socket
import threading
import uuid

import aiohttp

from tongdai.peers.sip.desks import md5, proof

SDP = (
    "v=0\r\no=- 1 1 IN IP4 {host}\r\ns=-\r\nc=IN IP4 {host}\r\nt=0 0\r\nm=audio 40000 RTP/AVP {kinds}\r\na=sendrecv\r\n"
)


class Wire:
    """A socket at `host` that speaks to the exchange."""

    def __init__(self, exchange: tuple[str, int], *, host: str = "127.0.0.1") -> None:
        self.exchange = exchange
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind((host, 0))
        self.host, self.port = self.socket.getsockname()

    def ask(
        self, method: str, *, to: str = "1022", sender: str = "0912345678", more: str = "", sdp: str = "", call: str = "",
        number: int = 1, tag: str = "", uri: str = "", who: str = "",
    ) -> str:  # fmt: skip
        """Send a request; its Call-ID. `more`: further header lines; `sdp`: the payload types offered ("" none); `who`: all of

        From before its tag.
        """
        call, (host, port) = call or uuid.uuid4().hex, self.exchange
        body = SDP.format(host=self.host, kinds=sdp) if sdp else ""
        self.socket.sendto(
            (
                f"{method} {uri or f'sip:{to}@{host}:{port}'} SIP/2.0\r\n"
                f"Via: SIP/2.0/UDP {self.host}:{self.port};branch=z9hG4bK{uuid.uuid4().hex[:12]};rport\r\n"
                f"From: {who or f'<sip:{sender}@{self.host}>'};tag=ours\r\nTo: <sip:{to}@{host}:{port}>{tag and ';tag=' + tag}\r\n"
                f"Call-ID: {call}\r\nCSeq: {number} {method}\r\nContact: <sip:{self.host}:{self.port}>\r\n"
                f"Max-Forwards: 70\r\n{more}{'Content-Type: application/sdp' + chr(13) + chr(10) if body else ''}"
                f"Content-Length: {len(body)}\r\n\r\n{body}"
            ).encode(errors="surrogateescape"),
            self.exchange,
        )
        return call

    def answers(self, call: str, *, within: float = 5) -> list[str]:
        """What comes back of this call: up to the final answer, or what came in time."""
        found: list[str] = []
        self.socket.settimeout(within)
        try:
            while True:
                text = self.socket.recv(65_535).decode(errors="replace")
                if f"Call-ID: {call}" in text and text.startswith("SIP/2.0"):
                    found.append(text)
                    if not text.startswith("SIP/2.0 1"):
                        return found
        except TimeoutError:
            return found

    def status(self, call: str, *, within: float = 5) -> int:
        """The final answer's number; 0: none."""
        heard = [int(text.split()[1]) for text in self.answers(call, within=within)]
        return heard[-1] if heard and heard[-1] >= 200 else 0

    def take_up(self, call: str, *, answer: str = "", to: str = "1022") -> str:
        """Wait for 200 OK, acknowledge it (`answer`: the payload types, in a late answer); the SDP that was offered."""
        last = self.answers(call, within=10)[-1]
        assert last.startswith("SIP/2.0 200"), last[:80]
        tag = re.search(r"^To:.*;tag=(\S+)", last, re.MULTILINE)
        assert tag
        self.ask("ACK", call=call, to=to, sdp=answer, tag=tag[1])
        self.tag = tag[1]
        return last.partition("\r\n\r\n")[2]

    def hang_up(self, call: str, *, to: str = "1022") -> None:
        self.ask("BYE", call=call, to=to, number=2, tag=self.tag)


class Page:
    """A browser's page as the network sees it: a WebSocket that carries SIP (RFC 7118), with an Origin and a cookie."""

    URI = "sip:1022@here.invalid"

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket

    async def ask(self, method: str, *, sender: str, more: str = "", uri: str = URI) -> str:
        """Send a request; its final answer, or an empty string."""
        call, body = uuid.uuid4().hex, SDP.format(host="127.0.0.1", kinds="8") if method == "INVITE" else ""
        to = f"<sip:{sender}@here.invalid>" if method == "REGISTER" else f"<{uri}>"
        await self._socket.send_str(
            f"{method} {uri} SIP/2.0\r\nVia: SIP/2.0/WS page.invalid;branch=z9hG4bK{uuid.uuid4().hex[:12]}\r\n"
            f"From: <sip:{sender}@here.invalid>;tag=ours\r\nTo: {to}\r\nCall-ID: {call}\r\nCSeq: 1 {method}\r\n"
            f"Contact: <sip:{sender}@page.invalid;transport=ws>\r\nMax-Forwards: 70\r\n{more}"
            f"{'Content-Type: application/sdp' + chr(13) + chr(10) if body else ''}Content-Length: {len(body)}\r\n\r\n{body}"
        )
        with contextlib.suppress(TimeoutError):
            while (message := await self._socket.receive(timeout=5)).type == aiohttp.WSMsgType.TEXT:
                if f"Call-ID: {call}" in message.data and not message.data.startswith("SIP/2.0 1"):
                    return str(message.data)
        return ""

    async def prove(self, method: str, *, sender: str, password: str, more: str = "", uri: str = URI) -> str:
        """The same, with the password where it is asked for."""
        challenged = await self.ask(method, sender=sender, more=more, uri=uri)
        proven = proof(challenged, username=sender, password=password, method=method, uri=uri)
        return await self.ask(method, sender=sender, more=more + proven, uri=uri)


class Registrar(threading.Thread):
    """A carrier at which the exchange must register (RFC 3261, section 10), by digest (section 22)."""

    def __init__(self, username: str, password: str) -> None:
        super().__init__(daemon=True)
        self.username, self.password = username, password
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.contact = ""
        self.refused = 0

    def run(self) -> None:
        while True:
            data, where = self.socket.recvfrom(65_535)
            text = data.decode(errors="replace")
            if text.startswith("REGISTER") and not self._proves(text):
                self._reply(
                    text, where, "401 Unauthorized", 'WWW-Authenticate: Digest realm="carrier", nonce="abc"\r\n'
                )
            elif text.startswith("REGISTER"):
                contact = re.search(r"^Contact: *(.+?)\r$", text, re.MULTILINE)
                self.contact = contact[1] if contact else ""
                self._reply(text, where, "200 OK", f"Contact: {self.contact};expires=120\r\n")
            elif text.startswith(("OPTIONS", "INVITE", "BYE")):
                self._reply(text, where, "200 OK")

    def _proves(self, text: str) -> bool:
        given = dict(
            re.findall(r'(\w+)="?([^",\r]+)"?', text.partition("Authorization: Digest ")[2].partition("\r\n")[0])
        )
        if not given:
            return False
        first = md5(f"{self.username}:carrier:{self.password}")
        second = md5(f"REGISTER:{given.get('uri', '')}")
        rest = f"{given['nc']}:{given['cnonce']}:{given['qop']}:" if "qop" in given else ""
        proven = given.get("response") == md5(f"{first}:abc:{rest}{second}")
        self.refused += not proven
        return proven

    def _reply(self, request: str, where: tuple[str, int], status: str, more: str = "") -> None:
        kept = [line for line in request.split("\r\n") if re.match(r"(Via|From|To|Call-ID|CSeq):", line)]
        kept = [line + ";tag=carrier" if line.startswith("To:") and ";tag=" not in line else line for line in kept]
        lines = "\r\n".join([f"SIP/2.0 {status}", *kept])
        self.socket.sendto(f"{lines}\r\n{more}Content-Length: 0\r\n\r\n".encode(), where)
