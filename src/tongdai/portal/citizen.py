"""The citizen's door: which cases this browser may read whole, and who asks too often. No account, no session.

The browser holds a signed list of rows (`cases.access.links`): a row that ended or was withdrawn opens nothing any more.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from tongdai.cases import codes
from tongdai.cases.access import links
from tongdai.cases.models import CaseLink
from tongdai.platform.clock import now

COOKIE, SALT = "cases", "tongdai.shell.citizen"
KEPT_FOR = int(links.OPEN_FOR.total_seconds())
MOST = 20  # cases remembered; the oldest gives way


@dataclass(frozen=True)
class _Known:
    code: str
    link: int


def sent_by_this_browser(request: HttpRequest) -> list[str]:
    """Codes of the cases that were sent from this browser or proven in it, the newest first."""
    return [known.code for known in _known(request)]


def remember(request: HttpRequest, response: HttpResponse, code: str, link: int) -> HttpResponse:
    """Let this browser read this case whole, for as long as the link (its row) lives.

    The browser that filed the case stays the one that filed it, whatever else it opens the case by.
    """
    filed = filed_here(request, code)
    others = [known for known in _known(request) if known.code != code]
    return _set(response, [_Known(code, filed.pk if filed else link), *others])


def forget(response: HttpResponse) -> HttpResponse:
    """This browser knows no case any more, and shows none out of its cache."""
    response.delete_cookie(COOKIE, samesite="Lax")
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


def may_read(request: HttpRequest, code: str) -> bool:
    """Whether the whole case may be shown in this browser."""
    return _link(request, code) is not None


def filed_here(request: HttpRequest, code: str) -> CaseLink | None:
    """What this browser holds of a case that was filed in it; None: it was filed elsewhere."""
    link = _link(request, code)
    return link if link and link.purpose == CaseLink.Purpose.FILED else None


def _link(request: HttpRequest, code: str) -> CaseLink | None:
    link_id = next((known.link for known in _known(request) if known.code == code), None)
    if link_id is None:
        return None
    link = CaseLink.objects.select_related("case").filter(pk=link_id, case__code=code).first()
    return link if link and links.is_live(link, at=now()) else None


def _known(request: HttpRequest) -> list[_Known]:
    try:
        cookie = signing.Signer(salt=SALT).unsign(request.COOKIES.get(COOKIE, ""))
    except signing.BadSignature:
        return []
    pairs = [each.partition("-") for each in cookie.split(".")]
    return [_Known(code, int(link)) for code, _, link in pairs if codes.is_valid(code) and link.isdecimal()]


def _set(response: HttpResponse, known: list[_Known]) -> HttpResponse:
    cookie = ".".join(f"{each.code}-{each.link}" for each in known[:MOST])
    response.set_cookie(
        COOKIE,
        signing.Signer(salt=SALT).sign(cookie),
        max_age=KEPT_FOR,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
    return response
