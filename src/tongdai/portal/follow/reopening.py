"""Reopening a case, in a browser that may read it: its citizen says what the answer hasn't settled."""

from __future__ import annotations

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from tongdai.cases import queries
from tongdai.cases.actions.reopen import may_reopen, reopen
from tongdai.cases.actor import Actor
from tongdai.cases.states import ActionRefused
from tongdai.language.text import clean
from tongdai.people.models import Channel
from tongdai.platform.clock import now
from tongdai.platform.typed_input import too_long

from .. import citizen

CITIZEN = Actor.citizen(channel=Channel.WEB)
LONGEST = 2000


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def reopening(request: HttpRequest, code: str) -> HttpResponse:
    """Ask what isn't settled, and reopen the case with these words."""
    if not citizen.may_read(request, code):
        return redirect("portal:case", code)
    case, at = queries.citizens_case(code), now()
    if not may_reopen(case, by=CITIZEN, at=at):
        return redirect("portal:case", code)
    shown: dict[str, object] = {"case": case}
    if request.method != "POST":
        return render(request, "portal/follow/reopening.html", shown)
    words = clean(request.POST.get("words", "")).strip()
    wrong = (
        too_long(words, most=LONGEST) if words else _("Xin viết việc gì chưa xong, để nơi xử lý biết xem lại ở đâu.")
    )
    if wrong:
        shown |= {"words": words, "wrong": wrong}
        return render(request, "portal/follow/reopening.html", shown, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        reopen(case, by=CITIZEN, words=words, at=at)
    except ActionRefused:  # reopened by text in this very second: its page says how it stands
        return redirect("portal:case", code)
    return HttpResponseRedirect(f"{reverse('portal:case', args=[code])}?xong=mo-lai", status=HTTPStatus.SEE_OTHER)
