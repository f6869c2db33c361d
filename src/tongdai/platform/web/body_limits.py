"""How large a body each address takes, known before a byte of it is read."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any, TypeVar

from django.urls import Resolver404, resolve

MEGABYTE = 1024 * 1024
FORM = MEGABYTE  # ten thousand letters of Vietnamese take 90 kB
NOTHING = 64 * 1024  # where nothing is to be sent: a GET, an address that isn't there

View = TypeVar("View", bound=Callable[..., Any])


def takes(*, megabytes: int) -> Callable[[View], View]:
    """Mark a view that takes files: bodies of up to this size."""

    def mark(view: View) -> View:
        view.takes_bytes = megabytes * MEGABYTE  # type: ignore[attr-defined]
        return view

    return mark


@lru_cache(maxsize=1024)
def most_bytes(method: str, path: str) -> int:
    """The largest body this request may have."""
    if method in ("GET", "HEAD", "OPTIONS", "TRACE"):
        return NOTHING
    try:
        view = resolve(path).func
    except Resolver404:
        return NOTHING
    return int(getattr(view, "takes_bytes", FORM))
