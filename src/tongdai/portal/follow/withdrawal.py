"""Withdrawing a case: its citizen, in a browser that may read it, is asked once more, and may say why."""

from __future__ import annotations

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from tongdai.cases import queries
from tongdai.cases.actions.ask_to_withdraw import ask_to_withdraw
from tongdai.cases.actions.withdraw import is_decided_by_staff, withdraw
from tongdai.cases.actor import Actor
from tongdai.cases.models import Case
from tongdai.cases.states import OPEN, ActionRefused
from tongdai.language.text import clean
from tongdai.people.models import Channel
from tongdai.platform.clock import now
from tongdai.platform.typed_input import too_long

from .. import citizen

CITIZEN = Actor.citizen(channel=Channel.WEB)
LONGEST = 1000


def may_withdraw(case: Case) -> bool:
    """Say whether the page offers it: while it is open, and until it was asked for."""
    return case.state in OPEN and case.withdrawal_asked_at is None


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def withdrawal(request: HttpRequest, code: str) -> HttpResponse:
    """Ask once more, and withdraw; where a person is to decide, put on record that it was asked for."""
    if not citizen.may_read(request, code):
        return redirect("portal:case", code)
    case = queries.citizens_case(code)
    if not may_withdraw(case):
        return redirect("portal:case", code)
    asks = is_decided_by_staff(case)
    shown = {"case": case, "asks": asks}
    if request.method != "POST":
        return render(request, "portal/follow/withdrawal.html", shown)
    words = clean(request.POST.get("words", "")).strip()
    if wrong := too_long(words, most=LONGEST):
        shown |= {"words": words, "wrong": wrong}
        return render(request, "portal/follow/withdrawal.html", shown, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        (ask_to_withdraw if asks else withdraw)(case, by=CITIZEN, words=words, at=now())
    except ActionRefused:  # answered or made secret in this very second: its page says how it stands
        return redirect("portal:case", code)
    done = "xin-rut" if asks else "rut"
    return HttpResponseRedirect(f"{reverse('portal:case', args=[code])}?xong={done}", status=HTTPStatus.SEE_OTHER)
