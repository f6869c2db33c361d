"""Lists that are everybody's and count nobody: made once for each revision of the base, and at most a minute old.

A minute is what a browser keeps them for anyhow; so what is no part of the base (the city's name) is as late in both.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from contextlib import suppress

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language

from tongdai.directory.freshness import Fresh
from tongdai.knowledge.answers import revision
from tongdai.platform.clock import today

MINUTE = 60  # seconds
MOST_PAGES = 400  # of some 40 kB; the oldest goes

_pages: Fresh[dict[Hashable, bytes]] = Fresh(dict, ttl=float(MINUTE))


def made_once(request: HttpRequest, *asked: Hashable, make: Callable[[], HttpResponse]) -> HttpResponse:
    """The page `make` makes, or the one it made a moment ago; `asked` is all of the address that it depends on."""
    pages = _pages()
    key = (request.path, asked, get_language(), today(), revision.current())
    body = pages.get(key)
    if body is None:
        body = make().content
        if len(pages) >= MOST_PAGES:
            with suppress(StopIteration, KeyError, RuntimeError):  # another thread was quicker
                del pages[next(iter(pages))]
        pages[key] = body
    return HttpResponse(body)


def forget() -> None:
    """Make them anew: for who writes rows behind the base's back, as tests do."""
    _pages.forget()
