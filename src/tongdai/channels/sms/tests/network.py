"""A mobile network in small: phones whose texts arrive as real PDUs, in windows, as an SMSC would deliver them."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F
from smpplib import smpp
from smpplib.client import Client

from tongdai.channels.sms.encoding import splitting
from tongdai.channels.sms.inbound import intake
from tongdai.channels.sms.inbound.pdus import Arrival, Report, read
from tongdai.channels.sms.inbound.retries import Window
from tongdai.channels.sms.models import Link, Part
from tongdai.channels.sms.protocol.wire import parsed
from tongdai.platform.clock import CITY_TZ

MONDAY = datetime(2022, 2, 14, 8, 0, tzinfo=CITY_TZ)
_CLIENT = Client("127.0.0.1", 2775, allow_unknown_opt_params=True)  # counts the sequence numbers, connects to nobody
APPENDIX_B = "id:{id} sub:001 dlvrd:001 submit date:2202140801 done date:2202140801 stat:{stat} err:{err} text:{text}"
LAN, MINH = "84912345678", "84987654321"


def deliver_sm(
    sender: str,
    octets: bytes,
    *,
    to: str = "1022",
    ton: int = 1,
    tail: bytes = b"",
    receipt_ids: str = "same",
    alphabet: Any = "gsm7",
    **fields: Any,
) -> Any:
    """One PDU, packed and parsed by smpplib, as what we read out of it. `tail`: optional parameters as they stand."""
    packed = smpp.make_pdu(
        "deliver_sm",
        client=_CLIENT,
        source_addr_ton=ton,
        source_addr_npi=1,
        source_addr=sender,
        destination_addr=to,
        **({"short_message": octets} | fields),
    ).generate()
    packed = (len(packed) + len(tail)).to_bytes(4, "big") + packed[4:] + tail
    return read(parsed(packed, client=_CLIENT), receipt_ids=receipt_ids, alphabet=alphabet)


def receipt(
    message_id: str, stat: str = "DELIVRD", *, of: str = LAN, err: str = "000", text: str = "", **how: Any
) -> Arrival | Report:
    """A delivery receipt as SMPP 3.4 appendix B has it, unless `words` say otherwise. `of`: whom we had texted."""
    words = how.pop("words", APPENDIX_B)
    octets = words.format(id=message_id, stat=stat, err=err, text=text).encode("latin-1")
    return deliver_sm(of, octets, **({"esm_class": 4} | how))


def text_of(sender: str, text: str, *, reference: int = 7, ton: int = 1) -> list[Arrival | Report]:
    """A text as a phone cuts it."""
    out = splitting.split(text, reference=reference)
    return [
        deliver_sm(sender, part, ton=ton, esm_class=out.esm_class, data_coding=out.data_coding) for part in out.parts
    ]


class Network:
    """Windows of one link after the other. `sound`: the SMSC has shown that it read each acknowledgement."""

    def __init__(self) -> None:
        self.at = MONDAY
        self._references = itertools.count(1)
        self.new_link()

    def new_link(self, carrier: str = "127.0.0.1:2775") -> None:
        """The connection broke; what was acknowledged last is in doubt. Or another carrier's connection."""
        self.link = Link.objects.create(smsc=carrier, bind=carrier, carrier=carrier, started_at=self.at)
        self.turn = self.confirmed = 0

    def brings(self, *arrived: Arrival | Report, sound: bool = True) -> None:
        """One window arrives and is taken in."""
        self.turn += 1
        intake.take_in(arrived, window=Window(self.link, self.turn, self.confirmed), at=self.at)
        if sound:
            self.confirmed = self.turn
            Link.objects.filter(pk=self.link.pk).update(confirmed=self.confirmed)

    def texts(self, sender: str, text: str, *, sound: bool = True) -> None:
        """Somebody texts something, alone in its window; a phone never soon uses a reference again."""
        self.brings(*text_of(sender, text, reference=next(self._references)), sound=sound)

    def later(self, **by: int) -> None:
        self.at += timedelta(**by)
        Part.objects.update(recorded_at=F("recorded_at") - timedelta(**by))


def in_parts(sender: str, text: str, header: str, size: int = 20) -> Sequence[Arrival | Report]:
    """A UCS-2 text in parts of `size` octets, numbered by one of the three headers there are."""
    octets = text.encode("utf-16-be")
    cut = [octets[at : at + size] for at in range(0, len(octets), size)]
    made = []
    for number, part in enumerate(cut, 1):
        if header == "sar":
            how: dict[str, Any] = {
                "sar_msg_ref_num": 300, "sar_total_segments": len(cut), "sar_segment_seqnum": number,
            }  # fmt: skip
        elif header == "udh16":
            part, how = bytes([6, 8, 4, 1, 44, len(cut), number]) + part, {"esm_class": 0x40}
        else:
            part, how = bytes([5, 0, 3, 44, len(cut), number]) + part, {"esm_class": 0x40}
        made.append(deliver_sm(sender, part, data_coding=8, **how))
    return made
