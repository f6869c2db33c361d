"""Proving the number typed into the report form: a code is texted to it, and entered in the browser that filed it."""

from __future__ import annotations

from http import HTTPStatus

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from tongdai.cases import queries
from tongdai.cases.access import one_time
from tongdai.cases.actor import Actor
from tongdai.cases.models import Case
from tongdai.channels import requested_texts
from tongdai.people.models import Channel
from tongdai.people.toll import takes_texts
from tongdai.platform.clock import now

from .. import citizen, strangers

CITIZEN = Actor.citizen(channel=Channel.WEB)
UNPROCESSABLE = HTTPStatus.UNPROCESSABLE_ENTITY
STATUS = {"wrong": UNPROCESSABLE, "expired": UNPROCESSABLE, "proof": UNPROCESSABLE}


def can_be_proven(request: HttpRequest, case: Case) -> bool:
    """Whether this page may offer it: in the browser that filed the case, for a number that is texted and isn't proven yet."""
    texts = bool(settings.SMSC) and case.contact is not None and takes_texts(case.contact.phone)
    return texts and case.number_proven_at is None and citizen.filed_here(request, case.code) is not None


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def number(request: HttpRequest, code: str) -> HttpResponse:
    """Send a code (`do=send`), or try the one that was typed."""
    if not citizen.filed_here(request, code):
        return redirect("portal:case", code)
    case = queries.citizens_case(code)
    if not can_be_proven(request, case):
        return redirect("portal:case", code)
    if request.method != "POST":
        return _page(request, case)
    if request.POST.get("do") == "send":
        return _send(request, case)
    verdict = one_time.enter(case, request.POST.get("digits", ""), by=CITIZEN, at=now())
    if verdict == "right":
        return HttpResponseRedirect(f"{reverse('portal:case', args=[code])}?xong=so", status=HTTPStatus.SEE_OTHER)
    return _page(request, case, problem=verdict, status=STATUS.get(verdict, HTTPStatus.TOO_MANY_REQUESTS))


def _send(request: HttpRequest, case: Case) -> HttpResponse:
    why = strangers.why_no_text(request)
    if why and not case.in_danger:
        return _page(request, case, problem=why, status=STATUS.get(why, HTTPStatus.TOO_MANY_REQUESTS))
    with transaction.atomic():
        sent = requested_texts.send_code(case, at=now())
    if not sent:
        return _page(request, case, problem="enough", status=HTTPStatus.TOO_MANY_REQUESTS)
    return HttpResponseRedirect(request.path, status=HTTPStatus.SEE_OTHER)


def _page(request: HttpRequest, case: Case, *, problem: str = "", status: int = HTTPStatus.OK) -> HttpResponse:
    at, last = now(), one_time.latest(case)
    waits = last is not None and last.wrong_tries < one_time.TRIES and at - last.made_at <= one_time.GOOD_FOR
    shown = {
        "case": case,
        "problem": problem,
        "sent": last,
        "waits": waits,
        "until": last and last.made_at + one_time.GOOD_FOR,
    }
    return render(request, "portal/follow/number.html", shown, status=int(status))
