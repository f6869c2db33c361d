"""Cookies that had a Vietnamese name: a browser that holds one gets the same value under the new name, and loses nothing.

Goes, with its line in the settings and its tests, in December 2027: none of the old cookies lives longer than a year.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from tongdai.accounts.sign_in import devices
from tongdai.cases.access import links

from . import language

OURS = re.compile(r"[\w.:-]+", re.ASCII)  # a language's code, or what `django.core.signing` writes


@dataclass(frozen=True)
class Renamed:
    old: str
    new: str
    max_age: int
    path: str = "/"


RENAMED = (
    Renamed("tieng", settings.LANGUAGE_COOKIE_NAME, language.ONE_YEAR),
    Renamed("may_quen", devices.COOKIE, devices.ONE_YEAR, settings.STAFF_PATH),
    Renamed("phieu", "cases", int(links.OPEN_FOR.total_seconds())),  # the name is portal.citizen's, above this room
)


class RenamedCookiesMiddleware:
    """Before whatever reads a cookie: what the browser holds under the old name is read, written and kept under the new one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        held = [each for each in RENAMED if each.old in request.COOKIES]
        moved = [each for each in held if each.new not in request.COOKIES and OURS.fullmatch(request.COOKIES[each.old])]
        for each in moved:
            request.COOKIES[each.new] = request.COOKIES[each.old]
        response = self.get_response(request)
        for each in moved:
            if each.new not in response.cookies:  # else the page has just written it, or forgotten it
                _write(response, each, request.COOKIES[each.new])
        for each in held:
            response.delete_cookie(each.old, path=each.path, samesite="Lax")
        return response


def _write(response: HttpResponse, renamed: Renamed, value: str) -> None:
    response.set_cookie(
        renamed.new, value, max_age=renamed.max_age, path=renamed.path,
        secure=settings.SESSION_COOKIE_SECURE, httponly=True, samesite="Lax",
    )  # fmt: skip
