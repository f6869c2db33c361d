"""What an editor's address may lead to: the open internet, and the hosts of the city's own network that the settings name.

Tables are fetched from it, links of answers are tried: without this an editor could have the server ask anything that stands
behind the firewall.
"""

from __future__ import annotations

import ipaddress
import socket

import httpx
from django.conf import settings

_NAT64 = ipaddress.ip_network("64:ff9b::/96")  # an IPv4 address is in its last 32 bits (RFC 6052)


class Inside(Exception):
    """The host is of the inner network, and no setting allows it."""


def is_inside(host: str) -> bool:
    """Whether it is plainly so: this machine, or an address of no public network. A name is looked up when it is asked."""
    if _is_allowed(host):
        return False
    try:
        return not _is_public(host.strip("[]"))
    except ValueError:
        return host.lower().rstrip(".").rpartition(".")[2] in ("localhost", "local", "internal")


def public_address_of(host: str, port: int) -> str:
    """The address to connect to. Raises Inside; httpx.ConnectError where the name leads nowhere."""
    try:
        found = [str(told[4][0]) for told in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    except (OSError, UnicodeError) as unknown:
        raise httpx.ConnectError(f"no address for {host}") from unknown
    if not _is_allowed(host) and not all(map(_is_public, found)):
        raise Inside(host)
    return min(found, key=lambda address: ":" in address)  # IPv4 first: not every server has a way out by IPv6


def _is_allowed(host: str) -> bool:
    return host.lower() in {each.lower() for each in settings.KNOWLEDGE_PULL_INSIDE}


def _is_public(address: str) -> bool:
    """Raises ValueError: it is a name."""
    told = ipaddress.ip_address(address.partition("%")[0])
    if told in _NAT64:
        told = ipaddress.IPv4Address(int(told) & 0xFFFF_FFFF)
    inner = getattr(told, "sixtofour", None) or told
    return told.is_global and inner.is_global and not told.is_multicast


class OutsideOnly(httpx.HTTPTransport):
    """Connects to the very address that was looked at, at every step of a redirect; the name is still the one asked for."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        host = request.url.host
        port = request.url.port or (443 if request.url.scheme == "https" else 80)
        address = public_address_of(host, port)
        request.extensions = dict(request.extensions) | {"sni_hostname": host}
        asked, request.url = request.url, request.url.copy_with(host=f"[{address}]" if ":" in address else address)
        try:
            return super().handle_request(request)
        finally:
            request.url = asked
