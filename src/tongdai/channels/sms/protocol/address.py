"""Where the SMSCs are and how to speak to each, out of their addresses; and numbers as SMPP writes them.

An address is read by a grammar of its own: `urllib` takes a `#` of a password for a fragment, and says the rest of the
password in its error. Nothing that stands before the last `@` is ever repeated by a message of ours.
"""

from __future__ import annotations

import difflib
import ipaddress
import re
import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, get_args
from urllib.parse import parse_qsl, unquote

from django.utils.translation import gettext as _

from tongdai.platform.database.installation import is_demo

from ..encoding.splitting import Alphabet

RECEIPT_IDS = ("same", "hex", "dec")
MODES = ("trx", "tx", "rx")
ALPHABETS = get_args(Alphabet)
INTERNATIONAL, ALPHANUMERIC = 1, 5  # type of number, SMPP 3.4 §5.2.5
_ADDRESS = re.compile(
    r"(?P<scheme>smpps?)://(?P<system_id>[^:@]*)(?::(?P<password>.*))?@"
    r"(?P<host>[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::(?P<port>\d{1,5}))?/?(?:\?(?P<query>[^@]*))?",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Smsc:
    """One bind: `smpp://system_id:password@host:port?name=…&window=20&…`; `smpps` is TLS. See docs/sms.md."""

    host: str
    port: int
    system_id: str
    password: str = field(repr=False)
    tls: bool = False
    carrier: str = ""  # whose it is; the binds of one carrier share its message ids
    mode: str = "trx"  # or "tx", "rx": one of a pair
    routes: tuple[str, ...] = ()  # beginnings of the numbers (E.164) it is sent to; none: all that no other names
    system_type: str = ""
    window: int = 20  # submit_sm without an answer at a time
    tps: float = 0.0  # submit_sm a second at most; 0: no limit of ours
    enquire: float = 15.0  # seconds of silence before we ask whether the SMSC is there
    failover: float = 30.0  # seconds it may be away before others take its numbers
    receipts: bool = True
    receipt_ids: str = "same"  # or "hex", "dec": how a receipt writes what submit_sm_resp wrote the other way
    alphabet: Alphabet = "gsm7"  # what data_coding 0 means with it, both ways
    validity: bool = True  # tell the SMSC how long each text is worth delivering
    ca: str = ""  # file of the authority that signed the SMSC's certificate; empty: the system's own authorities
    number: int = 1  # of the binds with the same carrier and mode

    @property
    def name(self) -> str:
        """As logs and pages show it: no password."""
        return f"{self.host}:{self.port}"

    @cached_property
    def key(self) -> str:
        """What this bind is known by, whatever its connection: carrier, one of a pair, which of several."""
        mode = "" if self.mode == "trx" else f" {self.mode}"
        return f"{self.carrier or self.name}{mode}{f' #{self.number}' if self.number > 1 else ''}"

    @property
    def sends(self) -> bool:
        return self.mode != "rx"

    @property
    def receives(self) -> bool:
        return self.mode != "tx"

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
    """The address of an SMSC cannot be read; the message says why, and never holds the password."""


@dataclass(frozen=True)
class Binds:
    """All that TONGDAI_SMSC names; `wrong`: in words, what of it cannot be used. The others are used all the same."""

    usable: tuple[Smsc, ...] = ()
    wrong: tuple[str, ...] = ()


def read_binds(addresses: str) -> Binds:
    """The binds of a list of addresses, which stand apart by white space."""
    usable: list[Smsc] = []
    wrong: list[str] = []
    for number, url in enumerate(addresses.split(), start=1):
        try:
            smsc = read_smsc(url)
        except BadAddress as trouble:
            wrong.append(
                _("địa chỉ thứ {number}: {why}").format(number=number, why=trouble) if number > 1 else str(trouble)
            )
            continue
        if smsc is not None:
            alike = sum((each.carrier, each.mode) == (smsc.carrier, smsc.mode) for each in usable)
            usable.append(replace(smsc, number=alike + 1))
    return Binds(tuple(usable), tuple(wrong))


def read_smsc(url: str) -> Smsc | None:
    """The bind of one address; None for an empty one (not configured).

    Raises:
        BadAddress
    """
    if not url.strip():
        return None
    found = _ADDRESS.fullmatch(url.strip())
    if found is None or not found["system_id"]:
        raise BadAddress(_("phải viết như smpp://system_id:password@host:port"))
    port = int(found["port"] or 2775)
    if not 0 < port < 65536:
        raise BadAddress(_("số cổng phải từ 1 đến 65535"))
    host = found["host"].strip("[]")
    given = _parameters(found["query"] or "")
    return Smsc(
        host=host,
        port=port,
        system_id=unquote(found["system_id"]),
        password=unquote(found["password"] or ""),
        tls=found["scheme"].lower() == "smpps",
        **{"carrier": f"{host}:{port}", **given},
    )


# ── the parameters ───────────────────────────────────────────────────────────────────────────────────────────────────


def _words(value: str) -> str:
    return value


def _flag(value: str) -> bool:
    if value not in ("0", "1"):
        raise ValueError(_("là 0 hoặc 1"))
    return value == "1"


def _one_of(*allowed: str) -> Callable[[str], str]:
    def read(value: str) -> str:
        if value not in allowed:
            raise ValueError(_("là một trong {allowed}").format(allowed=", ".join(allowed)))
        return value

    return read


def _number(kind: type[int] | type[float], low: float, high: float) -> Callable[[str], float]:
    def read(value: str) -> float:
        try:
            number = kind(value)
        except ValueError:
            number = kind(-1)
        if not low <= number <= high:
            raise ValueError(_("là số từ {low} đến {high}").format(low=f"{low:g}", high=f"{high:g}"))
        return number

    return read


def _name(value: str) -> str:
    if not re.fullmatch(r"[\w.-]{1,40}", value):
        raise ValueError(_("là một tên ngắn: chữ, số, dấu chấm, gạch nối"))
    return value


def _routes(value: str) -> tuple[str, ...]:
    """`096,+8497,84912` → E.164 beginnings. A `+` of an address is read as a blank by the rules of addresses."""
    found = []
    for each in value.replace(" ", "+").split(","):
        if re.fullmatch(r"0[1-9]\d{0,10}", each):
            found.append(f"+84{each[1:]}")
        elif re.fullmatch(r"\+[1-9]\d{0,14}|84\d{0,13}", each):
            found.append(f"+{each.lstrip('+')}")
        else:
            raise ValueError(_("là các đầu số cách nhau bằng dấu phẩy, ví dụ 096,097 hay 8496,8497"))
    return tuple(dict.fromkeys(found))


_PARAMETERS: Mapping[str, tuple[str, Callable[[str], Any]]] = {
    "name": ("carrier", _name),
    "bind": ("mode", _one_of(*MODES)),
    "routes": ("routes", _routes),
    "system_type": ("system_type", _words),
    "window": ("window", _number(int, 1, 500)),
    "tps": ("tps", _number(float, 0, 10_000)),
    "enquire": ("enquire", _number(float, 0.2, 3600)),
    "failover": ("failover", _number(float, 0, 86_400)),
    "receipts": ("receipts", _flag),
    "receipt_ids": ("receipt_ids", _one_of(*RECEIPT_IDS)),
    "alphabet": ("alphabet", _one_of(*ALPHABETS)),
    "validity": ("validity", _flag),
    "ca": ("ca", _words),
}


def _parameters(query: str) -> dict[str, Any]:
    """Fields of `Smsc` out of what stands after the `?`. Raises BadAddress; says names of parameters, never values."""
    given: dict[str, Any] = {}
    for name, value in parse_qsl(query, keep_blank_values=True):
        if name not in _PARAMETERS:
            raise BadAddress(_unknown(name))
        to, read = _PARAMETERS[name]
        if to in given:
            raise BadAddress(_("tham số {name} viết hai lần").format(name=name))
        try:
            given[to] = read(value)
        except ValueError as wrong:
            raise BadAddress(f"{name} {wrong}") from None
    return given


def _unknown(name: str) -> str:
    shown = name if re.fullmatch(r"[a-z_]{1,20}", name) else "…"
    words = _("không có tham số {name}").format(name=shown)
    if near := difflib.get_close_matches(name, _PARAMETERS, n=1):
        return words + "; " + _("có lẽ là {near}?").format(near=near[0])
    return words + "; " + _("các tham số là {known}").format(known=", ".join(_PARAMETERS))


# ── numbers ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def is_same_number(one: str, other: str) -> bool:
    """Whether both are the same subscriber's, with or without `+`, country code or trunk zero."""
    core = _core(one)
    return bool(core) and core == _core(other)


def _core(number: str) -> str:
    digits = re.sub(r"\D", "", number)
    digits = digits.removeprefix("00")
    return (digits[2:] if digits.startswith("84") and len(digits) in (11, 12) else digits).lstrip("0")


def as_destination(phone: str) -> tuple[int, int, str]:
    """Type of number, numbering plan and digits of a number we send to."""
    return (INTERNATIONAL, 1, phone[1:]) if phone.startswith("+") else (0, 1, phone)


def as_source(sender: str) -> tuple[int, int]:
    """Type of number and numbering plan of what we send as: a short code like 1022, or a name."""
    return (0, 1) if sender.lstrip("+").isdigit() else (ALPHANUMERIC, 0)
