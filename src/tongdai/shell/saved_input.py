"""What was typed into a form whose session had ended: carried through signing in, back to the page where the form stands.

A page that knows its form asks `saved_input`; for any other the frame shows what is left (`unclaimed_input`), and the browser
writes it into the form again (`frontend/islands/saved_input.ts`).
"""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.contrib.auth.models import AnonymousUser
from django.core import signing
from django.http import HttpRequest

from .own_path import own_path

SAVED_INPUT, SALT = "saved_input", "tongdai.shell.saved_input"
NEVER_SAVED = frozenset({"csrfmiddlewaretoken", "password", "kept", "code", "credential", "oldpassword", "password1"})
NOT_TYPED = frozenset({"action", "answer", "back", "browser", "key", "kind", "next", "part", "seen"})  # a form's own


@dataclass(frozen=True)
class SavedInput:
    """`sent_to`: the path of the form's action. `words`: by the field's name."""

    sent_to: str
    words: dict[str, list[str]]

    @property
    def typed(self) -> list[str]:
        """What a person reads of it."""
        values = (value for name, given in self.words.items() if name not in NOT_TYPED for value in given)
        return [value for value in values if any(sign.isalpha() for sign in value) and len(value) > 1]


def pack_input(request: HttpRequest) -> str:
    """What was typed into the form of this request, signed, to be carried through signing in."""
    words = {name: request.POST.getlist(name) for name in request.POST if name not in NEVER_SAVED}
    return signing.dumps({"sent_to": request.path, "words": words}, salt=SALT, compress=True) if words else ""


def save_input(request: HttpRequest, packed: str, *, path: str) -> None:
    """After signing in: save what `pack_input` carried for the page at `path`. A forged packet is dropped."""
    try:
        request.session[SAVED_INPUT] = {"path": path, **signing.loads(packed, salt=SALT)}
    except signing.BadSignature:
        request.session.pop(SAVED_INPUT, None)


def saved_input(request: HttpRequest) -> dict[str, Any]:
    """What was typed into this very form before the session ended; handed out once. Empty if nothing was."""
    saved = _take(request)
    return {name: values[-1] for name, values in saved.words.items() if values} if saved else {}


def unclaimed_input(request: HttpRequest) -> SavedInput | None:
    """The same where the page itself has not asked for it, once."""
    return _take(request) if request.method == "GET" else None


def forget_input(request: HttpRequest) -> None:
    """Whoever has signed in may not open this page: what somebody typed on it before is none of theirs."""
    request.session.pop(SAVED_INPUT, None)


def page_of_form(request: HttpRequest, *, otherwise: str) -> str:
    """Where the form that was sent stands: its own address where that is a page, else the page it was sent from."""
    match = request.resolver_match
    asked = copy(request)
    asked.method, asked.user = "GET", AnonymousUser()  # the door answers, before any view: 405 where there is no page
    if match is not None and match.func(asked, *match.args, **match.kwargs).status_code != 405:
        return request.get_full_path()
    sent_from = urlsplit(request.headers.get("HX-Current-URL") or request.headers.get("Referer", ""))
    if sent_from.netloc not in ("", request.get_host()):
        return otherwise
    return own_path(f"{sent_from.path}?{sent_from.query}" if sent_from.query else sent_from.path, otherwise=otherwise)


def _take(request: HttpRequest) -> SavedInput | None:
    saved = request.session.get(SAVED_INPUT)
    if not saved or saved["path"].split("?")[0] != request.path:
        return None
    del request.session[SAVED_INPUT]
    return SavedInput(saved["sent_to"], saved["words"])
