"""The one way this house asks another by HTTP: the open internet, and of the inner network the hosts that settings name.

Addresses are typed by staff: without this one could have the server read whatever stands behind the firewall (SSRF). The very
address that was looked at is connected to, at every step of a redirect; what comes is bounded in bytes and in time.
`tests/test_outgoing.py` holds all rooms to it.
"""

from __future__ import annotations

import ipaddress
import socket
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

import httpx
from django.conf import settings

_NAT64 = ipaddress.ip_network("64:ff9b::/96")  # an IPv4 address is in its last 32 bits (RFC 6052)
PORTS = {"http": 80, "https": 443}


class Inside(Exception):
    """The host is of the inner network, and no setting (TONGDAI_OUTGOING_INSIDE) allows it."""


class TooMuch(Exception):
    """What came is larger than was allowed."""


@dataclass(frozen=True)
class Answer:
    """What came: the status, the headers, and the body as it is."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def get(
    url: str, *, seconds: float, most_bytes: int, headers: Mapping[str, str] | None = None, redirects: int = 0
) -> Answer:
    """Ask once. `seconds`: for all of it, however slowly it comes.

    Raises:
        Inside, TooMuch, httpx.HTTPError (a timeout among them), httpx.InvalidURL.
    """
    until = time.monotonic() + seconds
    with client(seconds=seconds, redirects=redirects) as way, way.stream("GET", url, headers=headers) as answer:
        if answer.headers.get("content-encoding", "identity") != "identity":
            raise httpx.DecodingError("a compressed answer that nobody asked for", request=answer.request)
        body = bytearray()
        for chunk in answer.iter_raw():
            body += chunk
            if len(body) > most_bytes:
                raise TooMuch(url)
            if time.monotonic() > until:
                raise httpx.ReadTimeout("it came too slowly", request=answer.request)
        return Answer(answer.status_code, dict(answer.headers), bytes(body))


@contextmanager
def client(*, seconds: float, redirects: int = 0) -> Iterator[httpx.Client]:
    """For several questions in a row; each is bounded by `seconds` a step. Bodies are the caller's to bound."""
    with httpx.Client(
        timeout=seconds,
        follow_redirects=redirects > 0,
        max_redirects=redirects,
        headers={"Accept-Encoding": "identity"},
        transport=_OutsideOnly(),
        trust_env=False,  # a proxy of the environment would look the name up itself
    ) as way:
        yield way


def is_inside(host: str, port: int | None = None) -> bool:
    """Whether it is plainly so: this machine, or an address of no public network. A name is looked up when it is asked."""
    if is_allowed(host, port):
        return False
    try:
        return not _is_public(host.strip("[]"))
    except ValueError:
        return host.lower().rstrip(".").rpartition(".")[2] in ("localhost", "local", "internal")


def is_allowed(host: str, port: int | None = None) -> bool:
    """Whether settings name this host of the inner network: as `host`, with any port, or as `host:port`."""
    host = host.lower().strip("[]")
    named = {each.lower().strip() for each in settings.OUTGOING_INSIDE}
    return host in named or f"[{host}]" in named or (port is not None and f"{host}:{port}" in named)


def _public_address_of(host: str, port: int) -> str:
    """The address to connect to. Raises Inside; httpx.ConnectError where the name leads nowhere."""
    try:
        found = [str(each[4][0]) for each in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    except (OSError, UnicodeError) as unknown:
        raise httpx.ConnectError(f"no address for {host}") from unknown
    if not is_allowed(host, port) and not all(map(_is_public, found)):
        raise Inside(host)
    return min(found, key=lambda address: ":" in address)  # IPv4 first: not every server has a way out by IPv6


def _is_public(address: str) -> bool:
    """Raises ValueError: it is a name."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if ip in _NAT64:
        ip = ipaddress.IPv4Address(int(ip) & 0xFFFF_FFFF)
    inner = getattr(ip, "ipv4_mapped", None) or getattr(ip, "sixtofour", None) or ip
    return ip.is_global and inner.is_global and not ip.is_multicast


class _OutsideOnly(httpx.HTTPTransport):
    """Connects to the very address that was looked at, at every step of a redirect; the name is still the one asked for."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        host = request.url.host
        if request.url.scheme not in PORTS:
            raise httpx.UnsupportedProtocol(request.url.scheme, request=request)
        port = request.url.port or PORTS[request.url.scheme]
        address = _public_address_of(host, port)
        request.extensions = dict(request.extensions) | {"sni_hostname": host}
        asked, request.url = request.url, request.url.copy_with(host=f"[{address}]" if ":" in address else address)
        try:
            return super().handle_request(request)
        finally:
            request.url = asked
