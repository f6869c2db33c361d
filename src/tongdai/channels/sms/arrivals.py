"""What arrived, read out of a PDU: a citizen's text or a piece of it, or a receipt."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import Any

from .address import phone_of
from .segments import Place, part_of, sar
from .wire import Unreadable

_RECEIPT = 0x04  # esm_class, bits 5–2 (SMPP 3.4 §5.2.12)
_FIELDS = re.compile(r"(?i)\b(id|stat|err)\s*:\s*([^\s]*)")
_STATES = {
    1: "ENROUTE",
    2: "DELIVRD",
    3: "EXPIRED",
    4: "DELETED",
    5: "UNDELIV",
    6: "ACCEPTD",
    7: "UNKNOWN",
    8: "REJECTD",
}


@dataclass(frozen=True)
class Arrival:
    """One `deliver_sm` of a citizen. `octets`: user data without header; `place`: None for a whole text."""

    key: str
    sender: str
    phone: str | None
    destination: str
    data_coding: int
    octets: bytes
    place: Place | None = None
    trouble: str = ""


@dataclass(frozen=True)
class Report:
    """A delivery receipt: what became of the text the SMSC calls `message_id`."""

    message_id: str
    state: str
    error: str = ""


def read(pdu: Any, *, receipt_ids: str = "same") -> Arrival | Report:
    """A `deliver_sm` or `data_sm` as what it is. Never raises: what cannot be read is kept as it came.

    `receipt_ids`: how receipts write a message id, see `address.Smsc`.
    """
    if isinstance(pdu, Unreadable):
        return Arrival(_key(b"", b"", 0, pdu.raw), "", None, "", 0, pdu.raw, trouble="unreadable PDU")
    esm_class, coding = int(pdu.esm_class or 0), int(pdu.data_coding or 0)
    # the longer field wins where a centre fills both
    user_data = max(_octets(pdu, "short_message"), _octets(pdu, "message_payload"), key=len)
    if esm_class & 0x3C == _RECEIPT:
        report = _report(pdu, user_data, receipt_ids=receipt_ids)
        if report.message_id:
            return report
    place, octets = part_of(user_data, esm_class)
    place = place or sar(pdu.sar_msg_ref_num, pdu.sar_total_segments, pdu.sar_segment_seqnum)
    source, destination = _octets(pdu, "source_addr"), _octets(pdu, "destination_addr")
    said = source.decode("latin-1")
    phone = phone_of(said, int(pdu.source_addr_ton or 0))
    placed = repr(place).encode() if place else b""  # SAR stands outside the user data, and tells parts apart too
    return Arrival(
        key=_key(source, destination, coding, placed + user_data),
        sender=(phone or said).replace("\x00", "")[:40],
        phone=phone,
        destination=destination.decode("latin-1").replace("\x00", "")[:40],
        data_coding=coding,
        octets=octets,
        place=place,
    )


def _octets(pdu: Any, field: str) -> bytes:
    return bytes(getattr(pdu, field, None) or b"")


def _key(source: bytes, destination: bytes, coding: int, user_data: bytes) -> str:
    """Names a text whatever its sequence number: the SMSC counts anew on every connection."""
    fields = (source, destination, bytes([coding]), user_data)
    return hashlib.sha256(b"".join(len(field).to_bytes(4, "big") + field for field in fields)).hexdigest()


def _report(pdu: Any, user_data: bytes, *, receipt_ids: str) -> Report:
    """By the parameters where they are given, else by the words of appendix B of SMPP 3.4."""
    fields = {name.lower(): value for name, value in _FIELDS.findall(user_data.decode("latin-1"))}
    named = _octets(pdu, "receipted_message_id").rstrip(b"\x00").decode("latin-1")
    state = _STATES.get(getattr(pdu, "message_state", None) or 0, "")
    return Report(
        message_id=_as_answered(named or fields.get("id", ""), receipt_ids)[:65],
        state=(fields.get("stat") or state).upper()[:10],
        error=fields.get("err", "")[:10],
    )


def _as_answered(message_id: str, receipt_ids: str) -> str:
    """The id as `submit_sm_resp` wrote it: some centres count in hexadecimal there and decimal here, or the reverse."""
    try:
        if receipt_ids == "hex":
            return str(int(message_id, 16))
        if receipt_ids == "dec":
            return format(int(message_id), "x")
    except ValueError:
        pass  # no number at all: it is the centre's own name, the same in both places
    return message_id
