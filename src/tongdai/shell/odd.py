"""Requests that no browser of ours sends: answered 400 in words, and never with a fault of the machine's.

PostgreSQL takes no NUL in a text, and no number beyond its column; what a person typed by hand holds neither.
"""

from __future__ import annotations

from collections.abc import Callable

import structlog
from django.db import DataError
from django.http import HttpRequest, HttpResponse
from django.utils.datastructures import MultiValueDict

from . import errors

log = structlog.get_logger(__name__)
FORM = "application/x-www-form-urlencoded"
NUL = "\0"


class OddRequestMiddleware:
    """Refuses a NUL in the address, the query, the form, the cookies; and what the database refuses as a value."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if NUL in request.path or _holds_nul(request.GET) or any(map(_is_odd, request.COOKIES.values())):
            return errors.odd(request)
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: object) -> HttpResponse | None:
        """A form is looked at before its view is; an upload is not read here: its view bounds it first."""
        if request.method == "POST" and request.content_type == FORM and _holds_nul(request.POST):
            return errors.odd(request)
        return None

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        nul = isinstance(exception, ValueError) and "NUL" in str(exception)
        if nul or isinstance(exception, DataError):
            log.warning("odd_request", path=request.path, error=type(exception).__name__, where=errors.where(exception))
            return errors.odd(request)
        return None


def _holds_nul(values: MultiValueDict[str, str]) -> bool:
    return any(NUL in name or any(NUL in each for each in given) for name, given in values.lists())


def _is_odd(value: str) -> bool:
    return NUL in value
