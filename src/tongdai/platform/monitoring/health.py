"""Is this process alive, and can it do its work: for load balancers, for `up`, for whoever looks.

Answered before anything else is looked at: a probe comes by address, not by the city's name.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable

from django.db import Error, connection
from django.http import HttpRequest, HttpResponse, JsonResponse

from ..database import machine_identity
from ..database.installation import up_to_date
from ..database.version import unknown_migrations
from ..files import storage
from ..home import home
from .metrics import metrics

LITTLE = 64 * 1024 * 1024  # bytes free, below which photos and recordings can't be kept any more
_migrated = False
_is_the_citys = False


class HealthMiddleware:
    """Answers `/healthz`, `/readyz` and `/metrics` whatever host they were asked at."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = PAGES.get(request.path_info)
        return answer(request) if answer else self.get_response(request)


def healthz(request: HttpRequest) -> JsonResponse:
    """200 while the process answers at all."""
    return JsonResponse({"status": "ok"})


def readyz(request: HttpRequest) -> JsonResponse:
    """200 when this process can serve: database there and migrated, room on the disk; else 503 and what is missing."""
    global _migrated, _is_the_citys
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        if not _migrated and unknown_migrations():
            return _unready("the edition that this database was made for")
        _migrated = _migrated or up_to_date()
    except Error:
        return _unready("database")
    if not _migrated:
        return _unready("migrations")
    _is_the_citys = _is_the_citys or not machine_identity.mismatches()
    if not _is_the_citys:
        return _unready("the city's key or storage")
    if disk_is_full():
        return _unready("disk")
    return JsonResponse({"status": "ready"})


def disk_is_full() -> bool:
    """Whether there is no room to keep files in: in the home, or where its files lie if that is a disk of its own."""
    places = [place for place in (home(), storage.folder()) if place and place.exists()]
    return any(shutil.disk_usage(place).free < LITTLE for place in places)


def _unready(missing: str) -> JsonResponse:
    return JsonResponse({"status": "unready", "missing": missing}, status=503)


PAGES: dict[str, Callable[[HttpRequest], HttpResponse]] = {"/healthz": healthz, "/readyz": readyz, "/metrics": metrics}
