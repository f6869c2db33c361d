"""Where a request comes from: a keyed digest for limits, and whether it is this very machine."""

from __future__ import annotations

import ipaddress

from django.http import HttpRequest
from django.utils.crypto import salted_hmac


def network_of(request: HttpRequest) -> str:
    """A keyed digest of the caller's network (an IPv4 address, an IPv6 /64): limits need no list of addresses."""
    return salted_hmac("tongdai.accounts.network", _network(_address(request)), algorithm="sha256").hexdigest()[:32]


def is_loopback(request: HttpRequest) -> bool:
    """True only if the request came from this machine and through no proxy."""
    if request.headers.get("X-Forwarded-For") or request.headers.get("Forwarded"):
        return False
    try:
        return ipaddress.ip_address(_address(request)).is_loopback
    except ValueError:
        return False


def _address(request: HttpRequest) -> str:
    return str(request.META.get("REMOTE_ADDR", ""))


def _network(address: str) -> str:
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    return str(ipaddress.ip_network((ip, 64), strict=False)) if ip.version == 6 else str(ip)
