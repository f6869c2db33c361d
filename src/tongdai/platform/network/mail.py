"""The city's mail server, in one setting: `smtp://user:password@host:587?tls=starttls&from=1022@haiphong.gov.vn`."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import parse_qsl, unquote, urlsplit

PORTS = {"starttls": 587, "ssl": 465, "none": 25}
TIMEOUT = 15  # seconds


class WrongAddress(ValueError):
    """The setting can't be read. The message says why, never what the password is."""


@dataclass(frozen=True)
class MailServer:
    """Where letters are handed over, and in whose name."""

    host: str
    port: int
    user: str
    password: str
    tls: str  # starttls, ssl or none
    sender: str


def mail_server(address: str, *, public_host: str) -> MailServer | None:
    """The server behind TONGDAI_SMTP; None: this house sends no mail.

    Raises:
        WrongAddress
    """
    if not address:
        return None
    parts = urlsplit(address)
    given = dict(parse_qsl(parts.query, keep_blank_values=True))
    if parts.scheme != "smtp" or not parts.hostname or parts.fragment or parts.path.strip("/"):
        raise WrongAddress("TONGDAI_SMTP must read smtp://user:password@host:587?tls=starttls (a # is written %23).")
    if unknown := given.keys() - {"tls", "from"}:
        raise WrongAddress(f"TONGDAI_SMTP knows tls and from, not {', '.join(sorted(unknown))}.")
    tls = given.get("tls", "starttls")
    if tls not in PORTS:
        raise WrongAddress("TONGDAI_SMTP: tls is starttls, ssl or none.")
    try:
        port = parts.port or PORTS[tls]
    except ValueError as wrong:
        raise WrongAddress("TONGDAI_SMTP: the port is a number.") from wrong
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    if not (user + password).isascii():
        raise WrongAddress("TONGDAI_SMTP: a mail server takes a user and a password of ASCII signs only.")
    sender = given.get("from") or (user if "@" in user else f"1022@{public_host}")
    return MailServer(parts.hostname, port, user, password, tls, sender)
