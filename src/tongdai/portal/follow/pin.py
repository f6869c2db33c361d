"""The PIN of a case without a number, from where it is made to the page that shows it once."""

from __future__ import annotations

from datetime import timedelta
from http import HTTPStatus

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from tongdai.cases import queries
from tongdai.cases.access import links, pins
from tongdai.cases.models import Case
from tongdai.platform.clock import now

from .. import citizen

COOKIE, SALT = "pin", "tongdai.portal.pin"
WAITS = timedelta(minutes=10)  # for the page that shows it


def hand_over(response: HttpResponse, case: Case) -> HttpResponse:
    """Give the case a new PIN, on its way to the page with the code: nowhere else does it stand in clear."""
    held = signing.TimestampSigner(salt=SALT).sign(f"{case.code}-{pins.make(case, at=now())}")
    response.set_cookie(
        COOKIE,
        held,
        max_age=int(WAITS.total_seconds()),
        path=reverse("portal:sent"),
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
    return response


def held_for(request: HttpRequest, code: str) -> str:
    """The PIN that this page is to show; empty once it has been shown."""
    try:
        held = signing.TimestampSigner(salt=SALT).unsign(request.COOKIES.get(COOKIE, ""), max_age=WAITS)
    except signing.BadSignature:
        return ""
    of, _, pin = held.partition("-")
    return pin if of == code else ""


def shown(response: HttpResponse) -> HttpResponse:
    """It has been shown: this browser holds it no more."""
    response.delete_cookie(COOKIE, path=reverse("portal:sent"), samesite="Lax")
    return response


def may_have(request: HttpRequest, case: Case) -> bool:
    """Whether this page may make one: in the browser that filed the case, as long as no number is on it."""
    return case.contact_id is None and case.erased_at is None and citizen.filed_here(request, case.code) is not None


@never_cache
@require_POST
def renew(request: HttpRequest, code: str) -> HttpResponse:
    """A new PIN; the one before opens nothing any more, nor does a browser that was opened by it."""
    if not citizen.filed_here(request, code):
        return redirect("portal:case", code)
    case = queries.citizens_case(code)
    if not may_have(request, case):
        return redirect("portal:case", code)
    there = HttpResponseRedirect(f"{reverse('portal:sent')}?ma={code}&pin=1#pin", status=HTTPStatus.SEE_OTHER)
    with transaction.atomic():
        links.withdraw(case, at=now())
        return hand_over(there, case)
