"""What was just done, said once on the next page or part shown."""

from __future__ import annotations

from django.http import HttpRequest

SAID = "said"


def say(request: HttpRequest, words: str) -> None:
    """Keep these words for the next thing this person sees."""
    request.session[SAID] = [*request.session.get(SAID, []), words]


def said(request: HttpRequest) -> list[str]:
    """The words kept, handed out once."""
    if SAID not in request.session:
        return []
    words: list[str] = request.session.pop(SAID)
    return words
