"""Where the SMSC is and how to speak to it, out of one address; and the numbers of those who text."""

from __future__ import annotations

import ipaddress
import socket
from dataclasses import dataclass
from urllib.parse import parse_qs, unquote, urlsplit

from tongdai.people.phones import normalise
from tongdai.platform.installation import is_demo

RECEIPT_IDS = ("same", "hex", "dec")
INTERNATIONAL, ALPHANUMERIC = 1, 5  # type of number, SMPP 3.4 §5.2.5


@dataclass(frozen=True)
class Smsc:
    """`smpp://system_id:password@host:port?system_type=…&window=20&enquire=15&receipts=1&receipt_ids=same`; smpps: TLS."""

    host: str
    port: int
    system_id: str
    password: str
    tls: bool = False
    system_type: str = ""
    window: int = 20  # submit_sm without an answer at a time
    enquire: float = 15.0  # seconds of silence before we ask whether the SMSC is there
    receipts: bool = True
    receipt_ids: str = "same"  # or "hex", "dec": how a receipt writes what submit_sm_resp wrote the other way
    ca: str = ""  # file of the authority that signed the SMSC's certificate; empty: the system's own authorities

    @property
    def name(self) -> str:
        """As logs and pages show it: no password."""
        return f"{self.host}:{self.port}"

    def is_loopback(self) -> bool:
        """Whether every address of the host is this machine's own."""
        try:
            found = socket.getaddrinfo(self.host, self.port, type=socket.SOCK_STREAM)
        except OSError:
            return False
        return all(ipaddress.ip_address(str(at[4][0]).split("%")[0]).is_loopback for at in found)


def is_barred(smsc: Smsc) -> bool:
    """Whether this is a demo city, which may text no real phone, and the SMSC is not on this very machine."""
    return is_demo() and not smsc.is_loopback()


class BadAddress(ValueError):
    """The address of the SMSC cannot be read; the message says why, and never holds the password."""


def read_smsc(url: str) -> Smsc | None:
    """The SMSC of an address; None for an empty one (not configured).

    Raises:
        BadAddress
    """
    if not url.strip():
        return None
    try:
        parts = urlsplit(url.strip())
        port = parts.port or 2775
        more = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        if parts.scheme not in ("smpp", "smpps") or not parts.hostname:
            raise ValueError("smpp://system_id:password@host:port expected")
        if more.get("receipt_ids", "same") not in RECEIPT_IDS:
            raise ValueError(f"receipt_ids is one of {', '.join(RECEIPT_IDS)}")
        return Smsc(
            host=parts.hostname,
            port=port,
            system_id=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
            tls=parts.scheme == "smpps",
            system_type=more.get("system_type", ""),
            window=min(max(int(more.get("window", 20)), 1), 500),
            enquire=max(float(more.get("enquire", 15)), 0.2),
            receipts=more.get("receipts", "1") != "0",
            receipt_ids=more.get("receipt_ids", "same"),
            ca=more.get("ca", ""),
        )
    except ValueError as wrong:
        raise BadAddress(f"TONGDAI_SMSC: {wrong}") from None


def phone_of(sender: str, ton: int) -> str | None:
    """The number (E.164) a text came from; None for short codes, names, hidden senders: nobody to answer to."""
    if ton == ALPHANUMERIC or not sender:
        return None
    found = normalise(f"+{sender.lstrip('+')}") if ton == INTERNATIONAL and not sender.startswith("0") else None
    return found or normalise(sender)


def on_the_wire(phone: str) -> tuple[int, int, str]:
    """Type of number, numbering plan and digits of a number we send to."""
    return (INTERNATIONAL, 1, phone[1:]) if phone.startswith("+") else (0, 1, phone)


def of_ours(sender: str) -> tuple[int, int]:
    """Type of number and numbering plan of what we send as: a short code like 1022, or a name."""
    return (0, 1) if sender.lstrip("+").isdigit() else (ALPHANUMERIC, 0)
