"""Rating the answer, in a browser that may read the case: five choices and a few words; without a script, too."""

from __future__ import annotations

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from tongdai.cases import queries
from tongdai.cases.actions.rate import rate, unrated
from tongdai.cases.actor import Actor
from tongdai.cases.states import ActionRefused
from tongdai.language.text import clean
from tongdai.people.models import Channel
from tongdai.platform.clock import now
from tongdai.platform.typed_input import too_long

from .. import citizen

CITIZEN = Actor.citizen(channel=Channel.WEB)
LONGEST = 1000
CHOICES: tuple[tuple[int, str | Promise], ...] = (
    (5, gettext_lazy("Rất hài lòng")),
    (4, gettext_lazy("Hài lòng")),
    (3, gettext_lazy("Bình thường")),
    (2, gettext_lazy("Chưa hài lòng")),
    (1, gettext_lazy("Rất chưa hài lòng")),
)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def rating(request: HttpRequest, code: str) -> HttpResponse:
    """Show the five choices, and keep the one that was made; once it is rated its page says how."""
    if not citizen.may_read(request, code):
        return redirect("portal:case", code)
    case = queries.citizens_case(code)
    if unrated(case) is None:
        return redirect("portal:case", code)
    shown = {"case": case, "choices": CHOICES}
    if request.method != "POST":
        return render(request, "portal/follow/rating.html", shown)
    chosen, words = request.POST.get("stars", ""), clean(request.POST.get("words", "")).strip()
    wrong_stars = "" if chosen in {str(stars) for stars, _label in CHOICES} else _("Xin chọn một mức, từ 1 đến 5.")
    wrong_words = too_long(words, most=LONGEST)
    if wrong_stars or wrong_words:
        shown |= {"chosen": chosen, "words": words, "wrong_stars": wrong_stars, "wrong_words": wrong_words}
        return render(request, "portal/follow/rating.html", shown, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        rate(case, by=CITIZEN, stars=int(chosen), words=words, at=now())
    except ActionRefused:  # rated by text in this very second: its page shows by what
        return redirect("portal:case", code)
    there = f"{reverse('portal:case', args=[code])}?xong=danh-gia"
    return HttpResponseRedirect(there, status=HTTPStatus.SEE_OTHER)
