"""What was just done, shown once on the next page or part of one."""

from __future__ import annotations

from django.http import HttpRequest

MESSAGES = "messages"  # in the session


def add_message(request: HttpRequest, text: str) -> None:
    """Keep this for the next thing that this person sees."""
    request.session[MESSAGES] = [*request.session.get(MESSAGES, []), text]


def take_messages(request: HttpRequest) -> list[str]:
    """What was kept, handed out once."""
    if MESSAGES not in request.session:
        return []
    messages: list[str] = request.session.pop(MESSAGES)
    return messages
