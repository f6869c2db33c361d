"""Those to be rung back: whom, what to read out, and what came of it."""

from __future__ import annotations

from typing import Any, cast

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import push_url, trigger_client_event

from tongdai.accounts.rights import RINGS_BACK
from tongdai.cases.states import ActionRefused
from tongdai.channels.voice.callbacks import NotYours, Result, record_result, waiting
from tongdai.channels.voice.models import Callback
from tongdai.channels.voice.recordings import messages
from tongdai.channels.voice.records.queries import can_ring
from tongdai.people.disclosures import disclose
from tongdai.people.toll import why_not
from tongdai.platform.clock import now
from tongdai.shell.staff import StaffRequest, staff

from ..flash import add_message

MOST = 100
MESSAGES = {
    "reached": gettext_lazy("Đã ghi: gặp được."),
    "no_answer": gettext_lazy("Đã ghi: không ai nghe máy. Phiếu sẽ hiện lại sau một giờ, tối đa ba lần."),
    "wrong_number": gettext_lazy("Đã ghi: nhầm số. Không gọi số này nữa."),
}


@require_GET
@staff(*RINGS_BACK)
def callbacks(request: StaffRequest) -> HttpResponse:
    return render(request, "desk/calls/callbacks.html", _list(request))


@require_GET
@staff(*RINGS_BACK)
def rows(request: StaffRequest) -> HttpResponse:
    """The list once more, for the live island."""
    return render(request, "desk/calls/_callback_rows.html", _list(request) | {"refreshed": True})


@require_GET
@staff(*RINGS_BACK)
def callback(request: StaffRequest, callback_id: int) -> HttpResponse:
    found = _find(request, callback_id)
    return _gone(request) if found is None else _show(request, found)


@require_POST
@staff(*RINGS_BACK)
def number(request: StaffRequest, callback_id: int) -> HttpResponse:
    """Show the number to dial; the reading is on record first."""
    found = _find(request, callback_id)
    if found is None:
        return _gone(request)
    if found.contact is None:
        return _show(request, found)
    disclose(
        to=request.user, what="phone", contact=found.contact, reference=found.case.code if found.case else "", at=now()
    )
    return _show(request, found, phone=found.contact.phone)


@require_POST
@staff(*RINGS_BACK)
def result(request: StaffRequest, callback_id: int) -> HttpResponse:
    """Write down what came of the call."""
    found, came = _find(request, callback_id), request.POST.get("result", "")
    if found is None:
        return _gone(request)
    if came not in MESSAGES or found.contact is None and came != "reached":
        return _show(request, found, status=422)
    try:
        record_result(found, by=request.user, result=cast(Result, came), at=now())
    except NotYours as refused:
        why = _("Người khác vừa ghi kết quả cuộc gọi lại này.")
        raise ActionRefused(action="callback", state=found.state, why=why) from refused
    add_message(request, str(MESSAGES[came]) if found.contact else _("Đã ghi: đã nghe lời nhắn."))
    if not request.htmx:
        return HttpResponseRedirect(reverse("desk:callbacks"))
    page = render(request, "desk/calls/_callback_done.html", {"waiting": bool(_list(request)["waiting"])})
    return trigger_client_event(push_url(page, reverse("desk:callbacks")), "desk:changed")


def _list(request: StaffRequest) -> dict[str, Any]:
    mine = waiting(request.user, at=now())
    rows = list(mine[:MOST])
    return {
        "waiting": rows,
        "total": len(rows) if len(rows) < MOST else mine.count(),
        "opened": request.GET.get("mo", ""),
    }


def _find(request: StaffRequest, callback_id: int) -> Callback | None:
    return waiting(request.user, at=now()).filter(pk=callback_id).first()


def _show(request: StaffRequest, found: Callback, *, phone: str = "", status: int = 200) -> HttpResponse:
    why = why_not(found.contact.phone) if found.contact else ""
    shown: dict[str, Any] = {"callback": found, "case": found.case, "phone": phone, "not_rung": why}
    shown["can_ring"] = found.contact and not why and can_ring(request.user)
    if found.call:
        shown["messages_left"] = messages.of_callback(found, user=request.user)
    if request.htmx:
        return render(request, "desk/calls/_callback.html", shown, status=status)
    return render(
        request, "desk/calls/callback.html", _list(request) | shown | {"opened": str(found.pk)}, status=status
    )


def _gone(request: StaffRequest) -> HttpResponse:
    """Done by somebody else, or never for these eyes."""
    if request.method == "POST":
        raise ActionRefused(action="callback", state="", why=_("Cuộc gọi lại này đã có người ghi kết quả."))
    page = "desk/calls/_callback_done.html" if request.htmx else "desk/calls/callbacks.html"
    return render(request, page, _list(request) | {"gone": True}, status=404)
