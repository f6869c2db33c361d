"""Where a request comes from: a keyed digest for limits, and whether it is this very machine.

`REMOTE_ADDR` is the client's by then, whatever proxies stand between (`web.proxies`).
"""

from __future__ import annotations

import ipaddress

from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from .proxies import BY_PROXY


def address_of(request: HttpRequest) -> str:
    """The client's address, as text; empty if it isn't known."""
    return str(request.META.get("REMOTE_ADDR", ""))


def network_of(request: HttpRequest) -> str:
    """A keyed digest of the client's network, 32 letters: limits need no list of addresses."""
    about = network(address_of(request))
    return salted_hmac("tongdai.platform.network", about, algorithm="sha256").hexdigest()[:32]


def network(address: str) -> str:
    """What counts as one client: an IPv4 address, an IPv6 /64 (a household has the whole of it)."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return "unknown"
    if isinstance(ip, ipaddress.IPv4Address):
        return str(ip)
    return str(ip.ipv4_mapped or ipaddress.ip_network((ip, 64), strict=False))


def neighbourhood_of(request: HttpRequest) -> str:
    """A keyed digest of the client's neighbourhood, 32 letters: an IPv4 /24, which one sender easily has all of; an IPv6 /64."""
    about = network(address_of(request))
    if "." in about:
        about = str(ipaddress.ip_network(f"{about}/24", strict=False))
    return salted_hmac("tongdai.platform.neighbourhood", about, algorithm="sha256").hexdigest()[:32]


def is_loopback(request: HttpRequest) -> bool:
    """True only if the request came from this machine and through no proxy, named or not."""
    if request.META.get(BY_PROXY):
        return False
    try:
        return ipaddress.ip_address(address_of(request)).is_loopback
    except ValueError:
        return False
