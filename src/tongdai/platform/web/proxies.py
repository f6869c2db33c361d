"""Behind a proxy: whose address a request comes from, and whether it came by TLS.

`X-Forwarded-For` is read from the right through the proxies that the city names and no further: what stands to the left
of them anybody may have written. What an unnamed proxy says isn't believed at all.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Sequence

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse

from ..network.addresses import Network

log = structlog.get_logger(__name__)

PROXY_HEADERS = (
    "HTTP_X_FORWARDED_FOR",
    "HTTP_X_FORWARDED_PROTO",
    "HTTP_X_FORWARDED_HOST",
    "HTTP_X_FORWARDED_PORT",
    "HTTP_X_REAL_IP",
    "HTTP_FORWARDED",
)
BY_PROXY = "tongdai.by_proxy"  # in request.META: a proxy, named or not, handed the request on
_warned_of: set[str] = set()


def client(peer: str, forwarded: str, *, trusted: Sequence[Network]) -> str:
    """The address of whoever asked: `peer` holds the socket, `forwarded` is X-Forwarded-For as it came."""
    hops = [hop.strip() for hop in forwarded.split(",") if hop.strip()]
    at = peer
    while hops and is_trusted(at, trusted):
        hop = _bare(hops.pop())
        if not hop:
            break  # what a named proxy wrote there is no address: the proxy itself is the last we know
        at = hop
    return at


def is_trusted(address: str, trusted: Sequence[Network]) -> bool:
    """Whether this is one of the city's own proxies."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address) and ip.ipv4_mapped:
        ip = ip.ipv4_mapped
    return any(ip in network for network in trusted)


def _bare(hop: str) -> str:
    """An address without port and brackets (`203.0.113.5:4711`, `[2001:db8::1]:443`); empty: it is none."""
    if hop.startswith("["):
        hop = hop[1:].partition("]")[0]
    elif hop.count(":") == 1:
        hop = hop.partition(":")[0]
    try:
        return str(ipaddress.ip_address(hop))
    except ValueError:
        return ""


class ProxyMiddleware:
    """The first of all: afterwards REMOTE_ADDR is the client's, and no header of a proxy is there that isn't believed."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        read(request)
        return self.get_response(request)


def read(request: HttpRequest) -> None:
    """Put the client's address into REMOTE_ADDR; drop what was said by somebody who isn't named."""
    peer = str(request.META.get("REMOTE_ADDR", ""))
    headers = [name for name in PROXY_HEADERS if name in request.META]
    request.META[BY_PROXY] = bool(headers)
    if is_trusted(peer, settings.TRUSTED_PROXIES):
        forwarded = str(request.META.get("HTTP_X_FORWARDED_FOR", ""))
        request.META["REMOTE_ADDR"] = client(peer, forwarded, trusted=settings.TRUSTED_PROXIES)
        return
    for name in headers:
        del request.META[name]
    if headers and peer not in _warned_of and len(_warned_of) < 100:
        _warned_of.add(peer)
        log.warning("proxy.not_named", peer=peer, set="TONGDAI_BEHIND_PROXY")
