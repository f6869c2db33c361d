"""Errors as pages for a person: what happened, what was kept, what to do. The details go to the log, in English."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Callable

import structlog
from django.core.exceptions import RequestDataTooBig, TooManyFilesSent
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import render

from tongdai.cases.states import ActionRefused
from tongdai.platform.files.encryption import CannotOpen
from tongdai.platform.files.storage import StorageAway

from .refusals import is_disk_full, refuse

log = structlog.get_logger(__name__)


class ErrorsMiddleware:
    """Turns what went wrong below a view, or before Django, into its page: 408, 409, 413, 503."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if why := request.META.get("tongdai.refused"):  # by `platform.web`, which threw the body away
            return refuse(request, why)
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, ActionRefused):
            return render(request, "409.html", {"why": exception.why}, status=409)
        if isinstance(exception, RequestDataTooBig | TooManyFilesSent):
            return refuse(request, "too_large")
        if isinstance(exception, StorageAway | CannotOpen):
            return storage_away(request, exception)
        if is_disk_full(exception):
            return disk_full(request, exception)
        if isinstance(exception, OperationalError | InterfaceError):
            return database_away(request, exception)
        return None


def database_away(request: HttpRequest, exception: Exception) -> HttpResponse:
    """503, to be asked again in a few seconds."""
    log.error("database away", path=request.path, error=type(exception).__name__, where=where(exception))
    return refuse(request, "away")


def storage_away(request: HttpRequest, exception: Exception) -> HttpResponse:
    """503: photos and recordings can't be reached just now."""
    log.error("storage away", path=request.path, error=str(exception), where=where(exception))
    return refuse(request, "away")


def disk_full(request: HttpRequest, exception: Exception) -> HttpResponse:
    """503, and a line in the log for whoever can make room."""
    log.error("disk full", path=request.path, error=type(exception).__name__, where=where(exception))
    return refuse(request, "disk_full")


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400; a body that was too big is a 413."""
    if isinstance(exception, RequestDataTooBig | TooManyFilesSent):
        return refuse(request, "too_large")
    if isinstance(exception, MultiPartParserError):
        log.info("request cut short", path=request.path)
    return render(request, "400.html", status=400)


def odd(request: HttpRequest) -> HttpResponse:
    """400: it holds what no person types (`odd.py`); nothing was written."""
    return render(request, "400.html", {"odd": True}, status=400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "403.html", status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "404.html", status=404)


def broken(request: HttpRequest) -> HttpResponse:
    """500, drawn without the database: it may be what broke, below a middleware (a session being saved)."""
    trouble = sys.exc_info()[1]
    if isinstance(trouble, OperationalError | InterfaceError):
        return database_away(request, trouble)
    return render(request, "500.html", status=500)


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without its token; the report form and the desk keep the words by themselves and never come here."""
    return render(request, "403_csrf.html", status=403)


def where(exception: Exception) -> str:
    """The line of ours that asked the database, for whoever looks for what should have been kept."""
    ours = [step for step in traceback.extract_tb(exception.__traceback__) if "/tongdai/" in step.filename]
    return f"{ours[-1].filename.rsplit('/tongdai/', 1)[1]}:{ours[-1].lineno}" if ours else ""
