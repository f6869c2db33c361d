"""What was just done, shown once on the next page or part of one."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest

MESSAGES = "messages"  # in the session


@dataclass(frozen=True)
class Message:
    """What was done; `undo`: the address that takes it back, empty if nothing does."""

    text: str
    undo: str = ""


def add_message(request: HttpRequest, text: str, *, undo: str = "") -> None:
    """Keep this for the next thing that this person sees."""
    request.session[MESSAGES] = [*request.session.get(MESSAGES, []), [text, undo]]


def take_messages(request: HttpRequest) -> list[Message]:
    """What was kept, handed out once."""
    if MESSAGES not in request.session:
        return []
    kept = request.session.pop(MESSAGES)
    return [Message(*each) if isinstance(each, list) else Message(each) for each in kept]
