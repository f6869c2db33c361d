"""Personal data, for whom it is about: the notice; and of one case a copy, consent, and what may be asked."""

from __future__ import annotations

from http import HTTPStatus

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from tongdai.cases import queries
from tongdai.cases.models import Case
from tongdai.language.text import clean
from tongdai.people.models import Channel
from tongdai.platform.clock import now
from tongdai.platform.typed_input import too_long
from tongdai.privacy import consents, requests
from tongdai.privacy.copies import copy_of
from tongdai.privacy.models import Consent, DataRequest, PrivacyContact
from tongdai.privacy.purposes import PROCESSING
from tongdai.privacy.retention import days_of

from .. import citizen

ASKED = (DataRequest.Kind.CORRECTION, DataRequest.Kind.ERASURE, DataRequest.Kind.OBJECTION)
ANSWERS = {
    "give": Consent.Answer.GIVEN,
    "refuse": Consent.Answer.REFUSED,
    "withdraw": Consent.Answer.WITHDRAWN,
}


@require_safe
def notice(request: HttpRequest) -> HttpResponse:
    """What is kept, for what, on what basis, who gets it, how long; what one may ask, and whom."""
    days = days_of()
    rows = [(each, days[each.retention.value, None]) for each in PROCESSING]
    contact = PrivacyContact.objects.filter(pk=1).first()
    return render(request, "portal/privacy/notice.html", {"rows": rows, "contact": contact, "days": requests.DAYS})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def data(request: HttpRequest, code: str) -> HttpResponse:
    """The data of one case, in a browser that may read it: what is asked goes to a register with the law's days."""
    case = _own(request, code)
    if case is None:
        return redirect("portal:case", code)
    if request.method != "POST":
        return _page(request, case)
    kind, words = request.POST.get("kind", ""), clean(request.POST.get("words", ""))
    if kind not in ASKED:
        return _page(request, case, wrong=_("Chọn điều bạn muốn: sửa, xóa, hay phản đối."), words=words, status=422)
    if not words and kind != DataRequest.Kind.ERASURE:
        wrong = _("Ghi rõ điều cần sửa hay điều bạn phản đối, để chúng tôi làm đúng.")
        return _page(request, case, wrong=wrong, kind=kind, status=422)
    if wrong := too_long(words, most=requests.LONGEST):
        return _page(request, case, wrong=wrong, kind=kind, words=words, status=422)
    requests.receive(case, DataRequest.Kind(kind), words=words, channel=Channel.WEB, at=now())
    return HttpResponseRedirect(reverse("portal:data", args=[code]) + "#sent", status=HTTPStatus.SEE_OTHER)


@never_cache
@require_GET
def copy(request: HttpRequest, code: str) -> HttpResponse:
    """All that is held of the case, as a file."""
    case = _own(request, code)
    if case is None:
        return redirect("portal:case", code)
    made = JsonResponse(copy_of(case), json_dumps_params={"ensure_ascii": False, "indent": 1})
    made.headers["Content-Disposition"] = f'attachment; filename="1022-{case.code}.json"'
    return made


@never_cache
@require_POST
def consent(request: HttpRequest, code: str) -> HttpResponse:
    """Yes, no, or taken back: one button each."""
    case = _own(request, code)
    if case is None:
        return redirect("portal:case", code)
    if answer := ANSWERS.get(request.POST.get("answer", "")):
        consents.record_answer(case, answer, channel=Channel.WEB, at=now())
    there = reverse("portal:sent") + f"?ma={case.code}" if request.POST.get("back_to") == "sent" else None
    return HttpResponseRedirect(there or reverse("portal:case", args=[code]) + "#consent", status=HTTPStatus.SEE_OTHER)


def _own(request: HttpRequest, code: str) -> Case | None:
    if not citizen.may_read(request, code):
        return None
    try:
        return queries.citizens_case(code)
    except Case.DoesNotExist as gone:
        raise Http404 from gone


def _page(request: HttpRequest, case: Case, *, status: int = 200, **more: object) -> HttpResponse:
    shown = {
        "case": case,
        "kinds": [(kind.value, kind.label, requests.DAYS[kind]) for kind in ASKED],
        "asked": case.data_requests.order_by("-pk"),
        "contact": PrivacyContact.objects.filter(pk=1).first(),
    }
    return render(request, "portal/privacy/data.html", shown | more, status=status)
