"""What every answer says of itself: what may be kept of it, what it may connect to, what a link out of it tells.

Nothing is kept by a browser or a cache unless its view says so; pages that are the same for everybody are listed below.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from csp.middleware import CSPMiddleware, PolicyParts
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse
from django.utils.deprecation import MiddlewareMixin

from .addresses import connects_to

PUBLIC = frozenset(
    {"home", "short", "procedure", "sheet", "article", "answers", "table", "row", "conduct", "access", "suggest"}
)  # of the portal: nothing of anybody's
SECRET_ADDRESSES = frozenset(
    {"portal:case_by_link", "portal:stashed", "desk:first_admin", "account_reset_password_from_key"}
)  # the address opens something
CONNECTING = ("/ban/", "/bao-cao/", "/thu/")  # whose pages hear the stream of news, or telephone


class HeadersMiddleware(MiddlewareMixin):
    """Cache-Control where a view sets none; no address that opens something is told to another page.

    A page there tells its origin all the same: without it (`no-referrer`) a browser sends its forms with `Origin: null`,
    and they are refused as a stranger's.
    """

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        asked = request.resolver_match
        name = asked.view_name if asked else ""
        public = asked is not None and asked.namespace == "portal" and asked.url_name in PUBLIC
        if not public or request.method not in ("GET", "HEAD") or response.cookies:
            response.headers.setdefault("Cache-Control", "private, no-store")
        if name in SECRET_ADDRESSES:
            leads_on = "Location" in response.headers
            response.headers["Referrer-Policy"] = "no-referrer" if leads_on else "strict-origin"
        return response


class PolicyMiddleware(CSPMiddleware):
    """Pages of the staff's may connect to the stream and the exchange at their own host, and to no other."""

    def get_policy_parts(self, request: HttpRequest, response: Any, report_only: bool = False) -> PolicyParts:
        parts = super().get_policy_parts(request, response, report_only)
        if not report_only and request.path.startswith(CONNECTING):
            with suppress(DisallowedHost):  # then the answer is a 400, and connects to nothing
                parts.update = {**(parts.update or {}), "connect-src": connects_to(request)}
        return parts
