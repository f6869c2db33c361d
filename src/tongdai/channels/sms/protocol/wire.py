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
CONNECT_WITHIN = 10.0  # seconds, to connect and to be answered a bind
ROK = int(consts.SMPP_ESME_ROK)
TEMPORARY = int(consts.SMPP_ESME_RX_T_APPN)
THROTTLED = int(consts.SMPP_ESME_RTHROTTLED)
REJECTED = int(consts.SMPP_ESME_RX_R_APPN)  # 0x66, for good: the SMSC sends it no more, and its sender may learn so
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

    def __init__(self, smsc: Smsc, *, tick: float = 0.5) -> None:
        super().__init__(smsc.host, smsc.port, timeout=CONNECT_WITHIN, allow_unknown_opt_params=True)
        self.logger = _QUIET
        self.smsc = smsc
        self.tick = tick
        self._socket: socket.socket | None = None
        self._buffer = bytearray()
        self._sending = threading.Lock()
        self._numbering = threading.Lock()

    def open(self) -> None:
        """Connect and bind, as a transceiver or as one of a pair.

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
            bind = {"trx": self.bind_transceiver, "tx": self.bind_transmitter, "rx": self.bind_receiver}[self.smsc.mode]
            bind(system_id=self.smsc.system_id, password=self.smsc.password, system_type=self.smsc.system_type)
        except exceptions.PDUError as refused:
            raise BindRefused(str(refused.args[0])) from None
        except TimeoutError:
            raise WireBroken("nobody answered the bind in time") from None
        except WireBroken as broken:  # smpplib says of a bind without an answer only that
            raise WireBroken(str(broken) or "nobody answered the bind in time") from None
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
            pdu = parsed(raw, client=self)
        except UNPARSABLE:
            return Unreadable(_NAMES.get(command_id, "unknown"), sequence, raw, status)
        if not pdu.is_error() and pdu.command in consts.STATE_SETTERS:
            self.state = consts.STATE_SETTERS[pdu.command]
        return pdu


def parsed(raw: bytes, *, client: Client) -> Any:
    """The PDU as smpplib parses it; a `deliver_sm` or `data_sm` has its optional parameters as `tlvs`, {tag: value}.

    smpplib takes the last octet off a string among them whether it is the NUL it should be or not, and fails on a tag
    that it knows from another command: it is given those alone that it can read. The same with the message id of a
    `submit_sm_resp`.

    Raises: one of UNPARSABLE.
    """
    (command_id,) = struct.unpack_from(">L", raw, 4)
    if command_id == _SUBMIT_SM_RESP and len(raw) > 16:
        message_id = raw[16:].split(b"\0", 1)[0]
        raw = struct.pack(">L", 17 + len(message_id)) + raw[4:16] + message_id + b"\0"
    if command_id not in _NAMES:
        return smpp.parse_pdu(raw, client=client, allow_unknown_opt_params=True)
    end = _end_of_fields(raw, is_data_sm=command_id == _DATA_SM)
    tlvs = dict(_tlvs(raw, end))
    readable = b"".join(
        struct.pack(">HH", tag, len(value)) + value for tag, value in tlvs.items() if tag in _READ_BY_SMPPLIB
    )
    pdu = smpp.parse_pdu(struct.pack(">L", end + len(readable)) + raw[4:end] + readable, client=client)
    pdu.tlvs = tlvs
    return pdu


def _end_of_fields(raw: bytes, *, is_data_sm: bool) -> int:
    """Where the optional parameters begin (SMPP 3.4 §4.6.1 and §4.7.1). Raises ValueError for an unended string."""
    at = raw.index(b"\0", 16) + 1  # service_type
    at = raw.index(b"\0", at + 2) + 1  # type of number, numbering plan, source_addr
    at = raw.index(b"\0", at + 2) + 1  # likewise destination_addr
    if is_data_sm:
        return min(at + 3, len(raw))
    at = raw.index(b"\0", at + 3) + 1  # esm_class, protocol_id, priority_flag, schedule_delivery_time
    at = raw.index(b"\0", at) + 1  # validity_period
    return min(at + 5 + raw[at + 4], len(raw))  # four octets, sm_length, short_message


def _tlvs(raw: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    """Tag and value of each; one that is longer than the PDU ends them."""
    while at + 4 <= len(raw):
        tag, size = struct.unpack_from(">HH", raw, at)
        if at + 4 + size > len(raw):
            return
        yield tag, raw[at + 4 : at + 4 + size]
        at += 4 + size


UNPARSABLE = (exceptions.UnknownCommandError, struct.error, LookupError, ValueError, TypeError, AttributeError)
RECEIPTED_MESSAGE_ID, MESSAGE_PAYLOAD, NETWORK_ERROR_CODE, MESSAGE_STATE = 0x001E, 0x0424, 0x0423, 0x0427
DESTINATION_PORT = 0x020B
_DATA_SM, _SUBMIT_SM_RESP = 0x00000103, 0x80000004
_READ_BY_SMPPLIB = frozenset({MESSAGE_PAYLOAD, 0x020C, 0x020E, 0x020F})  # and the three of SAR
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
