"""The desk's telephone: a strip on every page, and what its buttons ask of the exchange."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from tongdai.accounts.rights import HAS_PHONE, TAKES_CALLS
from tongdai.cases import codes, queries
from tongdai.cases.lifecycle import MoveRefused
from tongdai.cases.models import Case
from tongdai.channels.voice import agents, callbacks, orders, records
from tongdai.channels.voice.models import Agent, Call, Callback, Line, Order
from tongdai.channels.voice.queries import agent_of
from tongdai.people.disclosures import disclose
from tongdai.people.phones import normalise
from tongdai.platform.clock import now
from tongdai.shell.staff import StaffRequest, staff

from .shown import OUTCOMES, PAUSES, shown, where_to


@require_GET
@staff(*HAS_PHONE)
def strip(request: StaffRequest) -> HttpResponse:
    """The strip once more: the exchange has news."""
    return _strip(request)


@require_GET
@staff(*HAS_PHONE)
def line(request: StaffRequest) -> HttpResponse:
    """What the softphone signs in with; made at the first shift."""
    own = agents.line_of(request.user)
    host = request.get_host().rsplit(":", 1)[0]
    address = settings.SOFTPHONE_URL or f"ws://{host}:{settings.EXCHANGE_PORT}/ws"
    answer = JsonResponse({"url": address, "name": own.endpoint, "secret": own.secret})
    answer["Cache-Control"] = "no-store"
    return answer


@require_GET
@staff(*HAS_PHONE)
def check(request: StaffRequest) -> HttpResponse:
    """Before the shift: microphone, speaker, and the way to the exchange and back; or a SIP telephone on the table."""
    return render(request, "desk/phone/check.html", {"by_sip": agents.line_of(request.user).kind == Line.Kind.SIP})


@require_POST
@staff(*HAS_PHONE)
def use(request: StaffRequest) -> HttpResponse:
    """Answer by a SIP telephone, whose password is shown this once; or in the browser again."""
    kind = Line.Kind.SIP if request.POST.get("kind") == Line.Kind.SIP else Line.Kind.WEBRTC
    line = agents.use(kind, by=request.user)
    by_sip = kind == Line.Kind.SIP
    shown: dict[str, Any] = {"by_sip": by_sip, "line": line if by_sip else None}
    if by_sip:
        shown["server"] = f"{request.get_host().rsplit(':', 1)[0]}:{settings.SIP_PORT}"
    answer = render(request, "desk/phone/check.html", shown)
    answer["Cache-Control"] = "no-store"
    return answer


@require_GET
@staff(*HAS_PHONE)
def targets(request: StaffRequest) -> HttpResponse:
    """Whom a call can be handed to, as things stand now."""
    return render(request, "desk/phone/_targets.html", where_to(request.user))


@require_POST
@staff(*HAS_PHONE)
def state(request: StaffRequest) -> HttpResponse:
    """Ready, paused for a reason, or out."""
    wanted, reason = request.POST.get("state", ""), request.POST.get("reason", "")
    if wanted in (Agent.State.READY, Agent.State.PAUSED, Agent.State.OUT):
        records.set_state(request.user, wanted, reason=reason if reason in PAUSES else "")
    return _strip(request)


@require_POST
@staff(*HAS_PHONE)
def order(request: StaffRequest) -> HttpResponse:
    """Something is to be done with the call in hand; a supervisor may ask to listen to another's."""
    kind, target = request.POST.get("kind", ""), request.POST.get("target", "").strip()
    if kind not in Order.Kind.values or kind == Order.Kind.CALL_OUT:
        return _strip(request, status=422)
    agent = agent_of(request.user)
    call = agent.call if agent else None
    if kind == Order.Kind.LISTEN:
        call = Call.objects.filter(pk=request.POST.get("call") or 0, state=Call.State.TALKING).first()
        if call is None or request.user.role in TAKES_CALLS:
            return _strip(request, status=422)
        disclose(to=request.user, what="recording", contact=call.contact, reference=f"call {call.pk}", at=now())
    elif kind == Order.Kind.READ_CODE:
        if call is None or call.case is None:
            return _strip(request, status=422)
        target = call.case.code
    elif kind in (Order.Kind.TRANSFER, Order.Kind.CONSULT) and (
        # a number that was typed is meant, whatever stands chosen above it: the list is read anew while one types
        request.POST.get("number", "").strip() or not target.startswith(("queue:", "agent:"))
    ):
        number = normalise(request.POST.get("number", "")) or _short(request.POST.get("number", ""))
        if number is None:
            return _strip(request, status=422, wrong=_("Chọn nơi chuyển đến, hoặc gõ một số: 115, 0225 3842 123."))
        target = number
    if call is None:
        return _strip(request, status=422)
    orders.give(Order.Kind(kind), by=request.user, at=now(), call=call, target=target[:60])
    return _strip(request)


@require_POST
@staff(*TAKES_CALLS)
def outcome(request: StaffRequest) -> HttpResponse:
    """What came of the call in hand, or just ended."""
    agent, came, typed = agent_of(request.user), request.POST.get("outcome", ""), request.POST.get("code", "").strip()
    if agent is None or agent.call is None or came not in OUTCOMES:
        return _strip(request, status=422)
    if came != Call.Outcome.ADDED:
        records.conclude(agent.call, by=request.user, outcome=came)
        return _strip(request)
    try:
        case = queries.visible_case(request.user, codes.read(typed) or "")
    except Case.DoesNotExist:
        return _strip(request, status=422, wrong=_("Không có phiếu nào mang mã “%(code)s”.") % {"code": typed})
    records.conclude(agent.call, by=request.user, outcome=came, case=case)
    return _strip(request)


@require_POST
@staff(*TAKES_CALLS)
def call_out(request: StaffRequest) -> HttpResponse:
    """Ring a citizen: one who waits to be rung back, or the one of a case."""
    callback = callbacks.waiting(request.user, at=now()).filter(pk=request.POST.get("callback") or 0).first()
    contact = callback.contact if callback else None
    code = request.POST.get("case", "")
    if code:
        case = queries.visible_cases(request.user).filter(code=code).select_related("contact").first()
        contact = case.contact if case else None
    if contact is None:
        raise MoveRefused(deed="call_out", state="", why=_("Không có số nào để gọi."))
    disclose(to=request.user, what="phone", contact=contact, reference=_reference(callback, code), at=now())
    orders.give(Order.Kind.CALL_OUT, by=request.user, at=now(), target=contact.phone, callback=callback)
    return _strip(request)


def _reference(callback: Callback | None, code: str) -> str:
    return code or (callback.case.code if callback and callback.case else "")


def _short(typed: str) -> str | None:
    """A number of the city's emergency and hot lines: 113, 114, 115, 1022."""
    digits = typed.strip()
    return digits if digits.isdigit() and 3 <= len(digits) <= 6 else None


def _strip(request: StaffRequest, *, status: int = 200, wrong: str = "") -> HttpResponse:
    if request.method == "POST" and not request.htmx:
        back = request.POST.get("back", "")
        safe = url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()})
        return HttpResponseRedirect(back if safe else reverse("desk:inbox"))
    context: dict[str, Any] = shown(request.user) | {"wrong": wrong}
    return render(request, "desk/phone/_strip.html", context, status=status)
