"""Is this process alive, and can it do its work: for load balancers, for `up`, for whoever looks."""

from __future__ import annotations

from django.db import Error, connection
from django.http import HttpRequest, JsonResponse

from .installation import up_to_date

_migrated = False


def healthz(request: HttpRequest) -> JsonResponse:
    """200 while the process answers at all."""
    return JsonResponse({"status": "ok"})


def readyz(request: HttpRequest) -> JsonResponse:
    """200 when this process can serve: its database answers and is migrated; else 503 and what is missing."""
    global _migrated
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        _migrated = _migrated or up_to_date()
    except Error:
        return JsonResponse({"status": "unready", "missing": "database"}, status=503)
    if not _migrated:
        return JsonResponse({"status": "unready", "missing": "migrations"}, status=503)
    return JsonResponse({"status": "ready"})
