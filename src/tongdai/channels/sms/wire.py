"""The wire to an SMSC: SMPP 3.4 by smpplib, with what it leaves to us.

smpplib parses and packs. Here: reading that survives half a PDU and one it cannot parse, sending from several threads,
and texts handed over to be acknowledged once they are committed (smpplib answers as soon as its handler returns; a
window committed together takes seventeen times as many, docs/adr/0001-parts.md).
"""

from __future__ import annotations

import contextlib
import logging
import socket
import ssl
import struct
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from smpplib import consts, exceptions, smpp
from smpplib.client import Client

from .address import Smsc

LONGEST_PDU = 64 * 1024 + 256  # a message_payload of 64 KB and its header; more is no SMPP
ROK = int(consts.SMPP_ESME_ROK)
TEMPORARY = int(consts.SMPP_ESME_RX_T_APPN)
THROTTLED = int(consts.SMPP_ESME_RTHROTTLED)
QUEUE_FULL = int(consts.SMPP_ESME_RMSGQFUL)
UNKNOWN_COMMAND = int(consts.SMPP_ESME_RINVCMDID)
_NAMES = {0x00000005: "deliver_sm", 0x00000103: "data_sm"}

WireBroken = exceptions.ConnectionError


class BindRefused(Exception):
    """The SMSC said no to our system_id and password, or to the moment."""


@dataclass(frozen=True)
class Unreadable:
    """A PDU smpplib cannot parse: its header, and all of it as it came."""

    command: str
    sequence: int
    raw: bytes
    status: int = 0

    def is_error(self) -> bool:
        return False


class Wire(Client):  # type: ignore[misc]
    """One connection. Any thread may send; one reads."""

    def __init__(self, smsc: Smsc, *, connect_timeout: float = 10.0, tick: float = 0.5) -> None:
        super().__init__(smsc.host, smsc.port, timeout=connect_timeout, allow_unknown_opt_params=True)
        self.logger = _QUIET
        self.smsc = smsc
        self.tick = tick
        self._socket: socket.socket | None = None
        self._buffer = bytearray()
        self._sending = threading.Lock()
        self._numbering = threading.Lock()

    def open(self) -> None:
        """Connect and bind as a transceiver.

        Raises:
            WireBroken: nobody there, or gone before answering.
            BindRefused
        """
        try:
            self._socket = socket.create_connection((self.smsc.host, self.smsc.port), timeout=self.timeout)
            if self.smsc.tls:
                trusted = ssl.create_default_context(cafile=self.smsc.ca or None)
                self._socket = trusted.wrap_socket(self._socket, server_hostname=self.smsc.host)
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.state = consts.SMPP_CLIENT_STATE_OPEN
            self.bind_transceiver(
                system_id=self.smsc.system_id, password=self.smsc.password, system_type=self.smsc.system_type
            )
        except exceptions.PDUError as refused:
            raise BindRefused(str(refused.args[0])) from None
        except OSError as broken:
            raise WireBroken(str(broken)) from None
        self._socket.settimeout(self.tick)

    def close(self) -> None:
        """Let go of the socket; a thread that reads or sends wakes with WireBroken."""
        at, self._socket = self._socket, None
        if at is not None:
            with contextlib.suppress(OSError):  # gone already
                at.shutdown(socket.SHUT_RDWR)
            at.close()
        self.state = consts.SMPP_CLIENT_STATE_CLOSED

    def incoming(self) -> Iterator[Any]:
        """Every whole PDU that has arrived; ends after a tick without any. Raises WireBroken."""
        try:
            yield self.read_pdu()
            while (raw := self._whole()) is not None:
                yield self._parsed(raw)
        except TimeoutError:
            return

    def read_pdu(self) -> Any:
        """The next PDU. Raises TimeoutError (nothing is lost of what has come so far), WireBroken."""
        while (raw := self._whole()) is None:
            try:
                came = self._at.recv(65536)
            except TimeoutError:
                raise
            except OSError as broken:
                raise WireBroken(str(broken)) from None
            if not came:
                raise WireBroken("the SMSC closed the connection")
            self._buffer += came
        return self._parsed(raw)

    def send_pdu(self, pdu: Any) -> bool:
        """Send one PDU whole. Raises WireBroken."""
        return self.send_raw(pdu.generate())

    def send_raw(self, data: bytes) -> bool:
        with self._sending:
            try:
                self._at.sendall(data)
            except OSError as broken:
                raise WireBroken(str(broken)) from None
        return True

    def next_sequence(self) -> int:
        with self._numbering:
            return int(super().next_sequence())

    def answer(self, command: str, *, to: Any, status: int = ROK) -> bytes:
        """The octets that acknowledge a PDU (or refuse it with a status)."""
        body = b"\x00" if command in ("deliver_sm_resp", "data_sm_resp") else b""
        return struct.pack(">LLLL", 16 + len(body), _RESPONSES[command], status, to.sequence) + body

    @property
    def _at(self) -> socket.socket:
        if self._socket is None:
            raise WireBroken("closed")
        return self._socket

    def _whole(self) -> bytes | None:
        """Take one whole PDU off the buffer."""
        if len(self._buffer) < 4:
            return None
        (length,) = struct.unpack_from(">L", self._buffer)
        if not 16 <= length <= LONGEST_PDU:
            raise WireBroken(f"a PDU of {length} octets: this is not SMPP")
        if len(self._buffer) < length:
            return None
        raw = bytes(self._buffer[:length])
        del self._buffer[:length]
        return raw

    def _parsed(self, raw: bytes) -> Any:
        command_id, status, sequence = struct.unpack_from(">LLL", raw, 4)
        try:
            pdu = smpp.parse_pdu(raw, client=self, allow_unknown_opt_params=True)
        except (exceptions.UnknownCommandError, struct.error, LookupError, ValueError, TypeError, AttributeError):
            return Unreadable(_NAMES.get(command_id, "unknown"), sequence, raw, status)
        if not pdu.is_error() and pdu.command in consts.STATE_SETTERS:
            self.state = consts.STATE_SETTERS[pdu.command]
        return pdu


_RESPONSES = {
    "deliver_sm_resp": 0x80000005,
    "data_sm_resp": 0x80000103,
    "enquire_link_resp": 0x80000015,
    "unbind_resp": 0x80000006,
    "generic_nack": 0x80000000,
}
_QUIET = logging.getLogger("tongdai.smpp")  # smpplib logs octets, which hold what citizens wrote
_QUIET.setLevel(logging.ERROR)
logging.getLogger("smpplib").setLevel(logging.ERROR)
