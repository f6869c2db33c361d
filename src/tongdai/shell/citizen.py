"""The citizen's door: which cases this browser may read whole, and who asks too often. No account, no session."""

from __future__ import annotations

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from tongdai.cases import codes, proofs

COOKIE, SALT = "phieu", "tongdai.shell.citizen"
KEPT_FOR = 90 * 24 * 3600  # seconds
MOST = 20  # cases remembered; the oldest gives way


def sent_by_this_browser(request: HttpRequest) -> list[str]:
    """Codes of the cases that were sent from this browser or proven in it, the newest first."""
    packed = request.COOKIES.get(COOKIE, "")
    if not packed:
        return []
    try:
        kept = signing.Signer(salt=SALT).unsign(packed)
    except signing.BadSignature:
        return []
    return [code for code in kept.split(".") if codes.is_valid(code)]


def remember(request: HttpRequest, response: HttpResponse, code: str) -> HttpResponse:
    """Let this browser read the case whole from now on."""
    kept = [code, *(known for known in sent_by_this_browser(request) if known != code)][:MOST]
    response.set_cookie(
        COOKIE,
        signing.Signer(salt=SALT).sign(".".join(kept)),
        max_age=KEPT_FOR,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
    return response


def may_read(request: HttpRequest, code: str, *, token: str = "") -> bool:
    """Whether the whole case may be shown: by the signed link, or in the browser that sent it."""
    if token:
        return proofs.opens(code, token)
    return code in sent_by_this_browser(request)


def network(request: HttpRequest) -> str:
    """A keyed digest of where the request comes from, for limits."""
    return proofs.network_of(request.META.get("REMOTE_ADDR", ""))
