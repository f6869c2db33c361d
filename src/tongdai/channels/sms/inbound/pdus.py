"""What arrived, read out of a PDU: a citizen's text or a part of it, a delivery receipt, or data for a program."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import Any

from tongdai.people.phones import normalise

from ..encoding import segments
from ..encoding.segments import Place, sar, take_header
from ..encoding.splitting import Alphabet
from ..protocol import receipt_words
from ..protocol.address import ALPHANUMERIC, INTERNATIONAL
from ..protocol.wire import DESTINATION_PORT, MESSAGE_STATE, NETWORK_ERROR_CODE, RECEIPTED_MESSAGE_ID, Unreadable

MESSAGE_TYPE = 0x3C  # esm_class, bits 5–2 (SMPP 3.4 §5.2.12); 0: a text of somebody's


@dataclass(frozen=True)
class Arrival:
    """One `deliver_sm` of a citizen. `octets`: user data without header; `place`: None for a whole text.

    `data_coding`: as it is to be read, which is not always what the carrier wrote. `marked`: the network calls it no text
    but an acknowledgement or a notification, and its words don't say of what.
    """

    key: str
    sender: str
    phone: str | None
    destination: str
    data_coding: int
    octets: bytes
    place: Place | None = None
    trouble: str = ""
    marked: bool = False


@dataclass(frozen=True)
class Report:
    """A delivery receipt: what became of the text the SMSC calls `message_id`.

    `arrival`: the same PDU as if somebody had texted it; `words`: what in it belongs to no field of a receipt;
    `marked`: the network says itself that it is none of somebody's.
    """

    message_id: str
    state: str
    error: str = ""
    arrival: Arrival | None = None
    words: str = ""
    marked: bool = True


@dataclass(frozen=True)
class Data:
    """Binary data, or a message to a port: WAP push, a picture, settings. Refused for good, see `wire.REJECTED`."""

    data_coding: int
    octets: int


def read(pdu: Any, *, receipt_ids: str = "same", alphabet: Alphabet = "gsm7") -> Arrival | Report | Data:
    """A `deliver_sm` or `data_sm` as what it is. Never raises: what cannot be read is kept as it came.

    A receipt is known by its parameters and its words, whatever esm_class says: centres send receipts as texts (0x00)
    and as acknowledgements (0x08, 0x10, 0x20). `receipt_ids`: how they write a message id; `alphabet`: what they
    mean by data_coding 0; see `address.Smsc`.
    """
    if isinstance(pdu, Unreadable):
        return Arrival(_key(b"", b"", 0, pdu.raw), "", None, "", 0, pdu.raw, trouble="unreadable PDU")
    esm_class, coding = int(pdu.esm_class or 0), int(pdu.data_coding or 0)
    # the longer field wins where a centre fills both
    user_data = max(_octets(pdu, "short_message"), _octets(pdu, "message_payload"), key=len)
    marked = bool(esm_class & MESSAGE_TYPE)
    place, octets = take_header(user_data, esm_class)
    place = place or sar(pdu.sar_msg_ref_num, pdu.sar_total_segments, pdu.sar_segment_seqnum)
    source, destination = _octets(pdu, "source_addr"), _octets(pdu, "destination_addr")
    number = source.decode("latin-1")
    phone = phone_of(number, int(pdu.source_addr_ton or 0))
    placed = repr(place).encode() if place else b""  # SAR stands outside the user data, and tells parts apart too
    arrival = Arrival(
        key=_key(source, destination, coding, placed + user_data),
        sender=(phone or number).replace("\x00", "")[:40],
        phone=phone,
        destination=destination.decode("latin-1").replace("\x00", "")[:40],
        data_coding=_UNDER_ZERO[alphabet] if coding == segments.GSM7 else coding,
        octets=octets,
        place=place,
        marked=marked,
    )
    if report := _report(pdu.tlvs, arrival, receipt_ids=receipt_ids):
        return report
    text_coding = segments.text_coding(octets, arrival.data_coding)
    for_a_program = segments.is_for_a_program(user_data, esm_class) or any(pdu.tlvs.get(DESTINATION_PORT, b""))
    if text_coding is None or for_a_program:
        return Data(coding, len(user_data))
    return replace(arrival, data_coding=text_coding)


_UNDER_ZERO: dict[Alphabet, int] = {"gsm7": segments.GSM7, "latin1": segments.LATIN1, "ascii": segments.ASCII}


def phone_of(sender: str, ton: int) -> str | None:
    """The number (E.164) a text came from; None for short codes, names, hidden senders: nobody to answer to."""
    if ton == ALPHANUMERIC or not sender:
        return None
    found = normalise(f"+{sender.lstrip('+')}") if ton == INTERNATIONAL and not sender.startswith("0") else None
    return found or normalise(sender)


def _octets(pdu: Any, field: str) -> bytes:
    return bytes(getattr(pdu, field, None) or b"")


def _key(source: bytes, destination: bytes, coding: int, user_data: bytes) -> str:
    """Names a text whatever its sequence number: the SMSC counts anew on every connection."""
    fields = (source, destination, bytes([coding]), user_data)
    return hashlib.sha256(b"".join(len(field).to_bytes(4, "big") + field for field in fields)).hexdigest()


def _report(tlvs: dict[int, bytes], arrival: Arrival, *, receipt_ids: str) -> Report | None:
    """By the parameters where they are given, else by the words of appendix B of SMPP 3.4."""
    named = tlvs.get(RECEIPTED_MESSAGE_ID, b"").rstrip(b"\x00").decode("latin-1")
    may_be_one = arrival.place is None and receipt_words.MARK.search(arrival.octets)
    words = receipt_words.read(arrival.octets) if may_be_one else None
    if words is None and not named:
        return None
    words = words or receipt_words.Words(rest=segments.read(arrival.octets, arrival.data_coding)[0])
    message_id = named or words.message_id
    if not message_id:
        return None
    code = tlvs.get(NETWORK_ERROR_CODE, b"")
    return Report(
        message_id=receipt_words.as_answered(message_id, receipt_ids).replace("\x00", "")[:65],
        state=receipt_words.state_of(tlvs.get(MESSAGE_STATE, b""), words),
        error=(words.error or (str(int.from_bytes(code[1:], "big")) if len(code) == 3 else ""))[:10],
        arrival=arrival,
        words=words.rest,
        marked=arrival.marked,
    )
