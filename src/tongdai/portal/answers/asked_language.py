"""The language of one page, where its address names it: whoever asked in English reads on in English.

The choice of the whole site (`shell.language`) stays as it is: a phone is lent, a word is borrowed.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import override

LANGUAGE = "tieng"  # names the language in an address


View = Callable[..., HttpResponse]


def kept(request: HttpRequest) -> str:
    """`?tieng=en` for the links of a page that was opened so; empty where the browser's own language is read."""
    language = request.GET.get(LANGUAGE, "")
    return f"?{LANGUAGE}={language}" if language in dict(settings.LANGUAGES) else ""


def in_asked_language(view: View) -> View:
    """The page in the language that its address names; in the browser's own where it names none that we speak."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: object, **named: object) -> HttpResponse:
        language = request.GET.get(LANGUAGE, "")
        if language not in dict(settings.LANGUAGES):
            return view(request, *args, **named)
        with override(language):
            response = view(request, *args, **named)
        response.headers["Content-Language"] = language
        return response

    return wrapped
