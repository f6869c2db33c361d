"""A form whose token is old or gone: it is not sent, but nothing in it is lost."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware


class _Check(CsrfViewMiddleware):
    """Django's own check, answering with its reason instead of a page."""

    def _reject(self, request: HttpRequest, reason: str) -> Any:
        return reason


def is_stale(request: HttpRequest) -> bool:
    """Whether Django would refuse this POST for its token. Call it once, after the upload handlers are set."""
    check = _Check(lambda request: None)  # type: ignore[arg-type]
    check.process_request(request)
    return check.process_view(request, HttpResponse, (), {}) is not None
