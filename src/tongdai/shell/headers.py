"""What every answer says of itself: what may be kept of it, what it may connect to, what a link out of it tells.

Nothing is kept by a browser or a cache unless its view says so. What an address is, its face says where it lists it
(`urls.py`): `public(view)`, `secret(view)`, `connects(view)`.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from typing import Any

from csp.middleware import CSPMiddleware, PolicyParts
from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse
from django.utils.deprecation import MiddlewareMixin

from .addresses import connects_to

View = Callable[..., Any]
PUBLIC, SECRET, CONNECTS = "is_public", "is_secret", "connects"


def public(view: View) -> View:
    """The page is the same for everybody and holds nothing of anybody's: a cache may keep it."""
    return _marked(view, PUBLIC)


def secret(view: View) -> View:
    """The address itself opens something: no other page learns it."""
    return _marked(view, SECRET)


def connects(view: View) -> View:
    """The page hears the stream of news, or telephones."""
    return _marked(view, CONNECTS)


def is_marked(request: HttpRequest, mark: str) -> bool:
    """Whether the address that was asked for is listed so."""
    asked = request.resolver_match
    return asked is not None and getattr(asked.func, mark, False)


def _marked(view: View, mark: str) -> View:
    @wraps(view)
    def marked(*args: Any, **kwargs: Any) -> Any:
        return view(*args, **kwargs)

    setattr(marked, mark, True)
    return marked


class HeadersMiddleware(MiddlewareMixin):
    """Cache-Control where a view sets none; no address that opens something is told to another page.

    A page there tells its origin all the same: without it (`no-referrer`) a browser sends its forms with `Origin: null`,
    and they are refused as a stranger's.
    """

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        if not is_marked(request, PUBLIC) or request.method not in ("GET", "HEAD") or response.cookies:
            response.headers.setdefault("Cache-Control", "private, no-store")
        if is_marked(request, SECRET):
            leads_on = "Location" in response.headers
            response.headers["Referrer-Policy"] = "no-referrer" if leads_on else "strict-origin"
        return response


class PolicyMiddleware(CSPMiddleware):
    """Pages of the staff's may connect to the stream and the exchange at their own host, and to no other."""

    def get_policy_parts(self, request: HttpRequest, response: Any, report_only: bool = False) -> PolicyParts:
        parts = super().get_policy_parts(request, response, report_only)
        if not report_only and request.resolver_match and _connects(request):
            with suppress(DisallowedHost):  # then the answer is a 400, and connects to nothing
                parts.update = {**(parts.update or {}), "connect-src": connects_to(request)}
        return parts


def _connects(request: HttpRequest) -> bool:
    """Whether it is a page of the staff's, or one that is listed so."""
    return request.path.startswith(tuple(settings.STAFF_PATHS)) or is_marked(request, CONNECTS)
