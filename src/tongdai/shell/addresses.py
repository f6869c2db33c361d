"""Where a page's own connections lead: the stream of news and the exchange's WebSocket, at the very host of the page."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest


def live_url(request: HttpRequest) -> str:
    """Where the stream of ids is: behind a proxy the address set, else the live process's own port on this host."""
    return str(settings.LIVE_URL) or f"http://{_host(request)}:{settings.LIVE_PORT}/live"


def softphone_url(request: HttpRequest) -> str:
    """Where the browser's telephone connects to."""
    return str(settings.SOFTPHONE_URL) or f"ws://{_host(request)}:{settings.LIVE_PORT}/ws"


def connects_to(request: HttpRequest) -> list[str]:
    """The origins a page of the staff's may connect to besides its own, for the content security policy."""
    wanted = [live_url(request), *([softphone_url(request)] if settings.SIP_PORT else [])]
    return [f"{where.scheme}://{where.netloc}" for where in map(urlsplit, wanted) if where.netloc]


def _host(request: HttpRequest) -> str:
    """The host alone: `127.0.0.1`, `[::1]`, `1022.example.vn`."""
    return urlsplit(f"//{request.get_host()}").netloc.rsplit(":", 1)[0] if _has_port(request) else request.get_host()


def _has_port(request: HttpRequest) -> bool:
    return urlsplit(f"//{request.get_host()}").port is not None
