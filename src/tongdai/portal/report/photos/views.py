"""A photo in the stash, shown back to who holds its ticket."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponseBase
from django.views.decorators.http import require_GET

from tongdai.shell.pictures import picture
from tongdai.shell.uploads import stash


@require_GET
def stashed(request: HttpRequest, ticket: str) -> HttpResponseBase:
    found = stash.look(ticket)
    if found is None:
        raise Http404
    return picture(found.file)
