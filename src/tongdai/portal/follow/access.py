"""Who may open a case: withdraw its links, ask for a fresh one, let this browser forget."""

from __future__ import annotations

from http import HTTPStatus

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from tongdai.cases import queries
from tongdai.cases.access import links
from tongdai.cases.actions.withdraw_links import withdraw_links
from tongdai.cases.actor import Actor
from tongdai.cases.models import CaseLink
from tongdai.channels import requested_texts
from tongdai.people.models import Channel
from tongdai.people.phones import masked
from tongdai.people.toll import takes_texts
from tongdai.platform.clock import now

from .. import citizen, strangers

CITIZEN = Actor.citizen(channel=Channel.WEB)


@never_cache
@require_POST
def withdraw(request: HttpRequest, code: str) -> HttpResponse:
    """No link opens the case any more, nor any other browser that was opened by one; this one still does."""
    if not citizen.may_read(request, code):
        return redirect("portal:case", code)
    case, at = queries.citizens_case(code), now()
    there = HttpResponseRedirect(f"{reverse('portal:case', args=[code])}?xong=thu-hoi", status=HTTPStatus.SEE_OTHER)
    filed = citizen.filed_here(request, code)
    with transaction.atomic():
        withdraw_links(case, by=CITIZEN, at=at)
        still = filed or links.give(case, purpose=CaseLink.Purpose.KEPT, at=at)
    return citizen.remember(request, there, still.case.code, still.pk)


@never_cache
@require_POST
def forget(request: HttpRequest) -> HttpResponse:
    """This browser forgets every case it knew."""
    return citizen.forget(HttpResponseRedirect(f"{reverse('portal:find')}?xong=quen", status=HTTPStatus.SEE_OTHER))


def ended(request: HttpRequest, link: CaseLink) -> HttpResponse:
    """The page of a link that is over: says so, and texts a fresh one to the proven number when asked."""
    case = link.case
    phone = case.contact.phone if case.contact and case.number_proven_at else ""
    shown = {
        "case": case,
        "withdrawn": link.withdrawn_at is not None,
        "phone": masked(phone) if takes_texts(phone) else "",
    }
    if request.method != "POST":
        return render(request, "portal/follow/ended.html", shown, status=HTTPStatus.GONE)
    why = strangers.why_no_text(request)
    if why and not case.in_danger:
        status = HTTPStatus.UNPROCESSABLE_ENTITY if why == "proof" else HTTPStatus.TOO_MANY_REQUESTS
        return render(request, "portal/follow/ended.html", shown | {"why": why}, status=status)
    with transaction.atomic():
        sent = requested_texts.send_link(case, at=now())
    status = HTTPStatus.OK if sent else HTTPStatus.TOO_MANY_REQUESTS
    return render(request, "portal/follow/ended.html", shown | {"sent": sent, "enough": not sent}, status=status)
