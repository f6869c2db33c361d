"""A citizen's handset on the screen: type a text, it goes to the SMSC as any phone's would, and see what comes back.

Only in a database marked demo, and only where `tongdai demo` has started the SMSC beside it.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from urllib.error import URLError

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from tongdai.people.phones import normalise
from tongdai.platform.database.installation import is_demo

from ..smsc.peer import Control
from . import telephone
from .address import CONTROL

FIRST_PHONE = "0912 345 678"


@dataclass(frozen=True)
class Line:
    """One message of the thread."""

    at: str  # ISO 8601, UTC
    mine: bool
    text: str


@require_http_methods(["GET", "POST"])
def handset(request: HttpRequest) -> HttpResponse:
    control = _control()
    typed = (request.POST or request.GET).get("so", FIRST_PHONE)
    phone, text = normalise(typed), request.POST.get("text", "").strip()
    wrong = "" if phone else _("Số này chưa đúng. Gõ một số di động, ví dụ 0912 345 678.")
    if request.method == "POST" and phone:
        if text:
            control.text(phone.lstrip("+"), text)
            return HttpResponseRedirect(f"{reverse('handset:handset')}?so={phone.replace('+84', '0')}")
        wrong = _("Hãy gõ lời nhắn trước khi gửi.")
    shown: dict[str, object] = {
        "phone": typed,
        "text": text,
        "wrong": wrong,
        "lines": _lines(control, phone) if phone else [],
    }
    shown["telephone"] = telephone.dial("") is not None
    return render(request, "peers/handset.html", shown, status=422 if wrong and request.method == "POST" else 200)


@require_GET
def thread(request: HttpRequest) -> HttpResponse:
    """The messages alone, for the page that looks again by itself."""
    phone = normalise(request.GET.get("so", "")) or ""
    return render(request, "peers/_thread.html", {"lines": _lines(_control(), phone)})


@require_GET
def line(request: HttpRequest) -> JsonResponse:
    """How this browser reaches the exchange."""
    _control()
    found = telephone.dial(request.get_host().rsplit(":", 1)[0])
    if found is None:
        raise Http404
    answer = JsonResponse({"url": found.url, "name": found.name, "secret": found.secret, "rings": False})
    answer["Cache-Control"] = "no-store"
    return answer


def _control() -> Control:
    url = os.environ.get(CONTROL, "")
    if not url or not is_demo():
        raise Http404
    return Control(url)


def _lines(control: Control, phone: str) -> list[Line]:
    """Both ways, oldest first."""
    try:
        number = phone.lstrip("+")
        mine = [Line(each["at"], True, each["words"]) for each in control.progress() if each["from"] == number]
        theirs = [Line(each["at"], False, each["text"]) for each in control.received_by(number)]
    except (URLError, OSError):
        return []
    return sorted([*mine, *theirs], key=lambda line: line.at)[-40:]
