"""The desk's telephone: a strip on every page, and what its buttons ask of the exchange."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from tongdai.accounts.rights import HAS_PHONE, TAKES_CALLS
from tongdai.cases import codes, queries
from tongdai.cases.models import Case
from tongdai.cases.states import ActionRefused
from tongdai.channels.voice import callbacks
from tongdai.channels.voice.agents import after_call, lines, skills, states
from tongdai.channels.voice.asterisk import ice
from tongdai.channels.voice.models import Agent, Call, Callback, Line, Order
from tongdai.channels.voice.records import call_records, orders, supervision
from tongdai.channels.voice.records.queries import agent_of
from tongdai.people.disclosures import disclose
from tongdai.people.phones import dialled
from tongdai.people.toll import why_not
from tongdai.platform.clock import now
from tongdai.shell.addresses import softphone_url
from tongdai.shell.own_path import own_path
from tongdai.shell.staff import StaffRequest, staff

from .shown import OUTCOMES, PAUSES, may_take_back, shown, where_to

ID = re.compile(r"[0-9]{1,18}")


@require_GET
@staff(*HAS_PHONE)
def strip(request: StaffRequest) -> HttpResponse:
    """The strip once more: the exchange has news."""
    return _strip(request)


@require_POST
@staff(*HAS_PHONE)
def line(request: StaffRequest) -> HttpResponse:
    """What the softphone of this browser signs in with; made at the first shift. 409: another browser has the telephone."""
    browser = request.POST.get("browser", "")[:36]
    own = lines.open_line(request.user, browser=browser, asks="asks" in request.POST, takes="takes" in request.POST)
    if own is None:
        return JsonResponse({}, status=409)
    url = f"{softphone_url(request)}?{urlencode({'o': browser})}"
    answer = JsonResponse(
        {"url": url, "name": own.endpoint, "secret": own.secret, "ice": ice.servers(own.endpoint, at=now())}
    )
    answer["Cache-Control"] = "no-store"
    return answer


@require_GET
@staff(*HAS_PHONE)
def check(request: StaffRequest) -> HttpResponse:
    """Before the shift: microphone, speaker, and the way to the exchange and back; or a SIP telephone on the table."""
    by_sip = lines.line_of(request.user).kind == Line.Kind.SIP
    return render(request, "desk/phone/check.html", {"by_sip": by_sip, "sip_phones": settings.PHONES_PORT})


@require_POST
@staff(*HAS_PHONE)
def use(request: StaffRequest) -> HttpResponse:
    """Answer by a SIP telephone, whose password is shown this once; or in the browser again."""
    wants_sip = settings.PHONES_PORT and request.POST.get("kind") == Line.Kind.SIP
    kind = Line.Kind.SIP if wants_sip else Line.Kind.WEBRTC
    line = lines.use(kind, by=request.user)
    by_sip = kind == Line.Kind.SIP
    shown: dict[str, Any] = {"by_sip": by_sip, "line": line if by_sip else None, "sip_phones": settings.PHONES_PORT}
    if by_sip:
        shown["server"] = f"{request.get_host().rsplit(':', 1)[0]}:{settings.PHONES_PORT}"
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
    """Ready, paused for a reason, or out; or more time to write after a call."""
    if "more" in request.POST:
        after_call.writes_on(request.user, more=True)
        return _strip(request)
    wanted, reason = request.POST.get("state", ""), request.POST.get("reason", "")
    if wanted in (Agent.State.READY, Agent.State.PAUSED, Agent.State.OUT):
        states.set_state(request.user, wanted, reason=reason if reason in PAUSES else "")
    return _strip(request)


@require_POST
@staff(*HAS_PHONE)
def writing(request: StaffRequest) -> HttpResponse:
    """Something is being typed after a call: the seconds left now. 409: that time is over."""
    left = after_call.writes_on(request.user)
    return JsonResponse({"left": left}, status=409 if left is None else 200)


@require_POST
@staff(*HAS_PHONE)
def mute(request: StaffRequest) -> HttpResponse:
    """The microphone of the page is off, or on again: kept, so that it is so when the page is read anew."""
    lines.mute(request.user, on=request.POST.get("on") == "1")
    return HttpResponse(status=204)


@require_POST
@staff(*HAS_PHONE)
def queues(request: StaffRequest) -> HttpResponse:
    """The queues one takes in this shift, of those one may."""
    chosen = {int(each) for each in request.POST.getlist("queue") if ID.fullmatch(each)}
    try:
        skills.sign_on(request.user, chosen)
    except skills.CannotSignOff as refused:
        return _strip(request, status=422, wrong=str(refused))
    return _strip(request)


@require_POST
@staff(*HAS_PHONE)
def order(request: StaffRequest) -> HttpResponse:
    """Something is to be done with the call in hand."""
    kind, target = request.POST.get("kind", ""), request.POST.get("target", "").strip()
    if kind not in Order.Kind.values or kind == Order.Kind.CALL_OUT or kind in supervision.KINDS:
        return _strip(request, status=422)
    agent = agent_of(request.user)
    call = agent.call if agent else None
    if kind == Order.Kind.DECLINE:
        call = call if agent and agent.state == Agent.State.RINGING else None
    elif kind == Order.Kind.READ_CODE:
        if call is None or call.case is None:
            return _strip(request, status=422)
        target = call.case.code
    elif kind in (Order.Kind.TRANSFER, Order.Kind.CONSULT) and (
        # a number that was typed is meant, whatever stands chosen above it: the list is read anew while one types
        request.POST.get("number", "").strip() or not target.startswith(("queue:", "agent:"))
    ):
        number = dialled(request.POST.get("number", ""))
        if number is None:
            return _strip(request, status=422, wrong=_("Chọn nơi chuyển đến, hoặc gõ một số: 115, 0225 3842 123."))
        if why := why_not(number):
            return _strip(request, status=422, wrong=why)
        target = number
    if call is None:
        return _strip(request, status=422)
    is_over = agent is not None and agent.state == Agent.State.AFTER_CALL and kind != Order.Kind.LISTEN
    if is_over and not (kind == Order.Kind.COME_BACK and may_take_back(call)):
        # the call may go on with somebody else: a page that is late must not end it
        return _strip(request, status=422, wrong=_("Cuộc gọi này đã xong với bạn."))
    orders.give(Order.Kind(kind), by=request.user, at=now(), call=call, target=target[:60])
    return _strip(request)


@require_POST
@staff(*HAS_PHONE)
def notice(request: StaffRequest) -> HttpResponse:
    """What a supervisor did, and why, has been read."""
    supervision.read(request.user)
    return _strip(request)


@require_POST
@staff(*TAKES_CALLS)
def outcome(request: StaffRequest) -> HttpResponse:
    """What came of the call in hand, or just ended."""
    agent, came, typed = agent_of(request.user), request.POST.get("outcome", ""), request.POST.get("code", "").strip()
    if agent is None or agent.call is None or came not in OUTCOMES:
        return _strip(request, status=422)
    if came != Call.Outcome.ADDED:
        call_records.conclude(agent.call, by=request.user, outcome=came)
        return _strip(request)
    try:
        case = queries.visible_case(request.user, codes.read(typed) or "")
    except Case.DoesNotExist:
        return _strip(request, status=422, wrong=_("Không có phiếu nào mang mã “%(code)s”.") % {"code": typed})
    call_records.conclude(agent.call, by=request.user, outcome=came, case=case)
    return _strip(request)


@require_POST
@staff(*TAKES_CALLS)
def call_out(request: StaffRequest) -> HttpResponse:
    """Ring a citizen: one who waits to be rung back, or the one of a case."""
    callback = callbacks.waiting(request.user, at=now()).filter(pk=_id(request, "callback")).first()
    contact = callback.contact if callback else None
    code = request.POST.get("case", "")
    if code:
        case = queries.visible_cases(request.user).filter(code=code).select_related("contact").first()
        contact = case.contact if case else None
    if contact is None:
        raise ActionRefused(action="call_out", state="", why=_("Không có số nào để gọi."))
    if why := why_not(contact.phone):
        raise ActionRefused(action="call_out", state="", why=why)
    disclose(to=request.user, what="phone", contact=contact, reference=_reference(callback, code), at=now())
    orders.give(Order.Kind.CALL_OUT, by=request.user, at=now(), target=contact.phone, callback=callback)
    return _strip(request)


def _id(request: StaffRequest, name: str) -> int:
    """The row a form names; 0: none."""
    asked = request.POST.get(name, "")
    return int(asked) if ID.fullmatch(asked) else 0


def _reference(callback: Callback | None, code: str) -> str:
    return code or (callback.case.code if callback and callback.case else "")


def _strip(request: StaffRequest, *, status: int = 200, wrong: str = "") -> HttpResponse:
    if request.method == "POST" and not request.htmx:
        return HttpResponseRedirect(own_path(request.POST.get("back", ""), otherwise=reverse("desk:inbox")))
    context: dict[str, Any] = shown(request.user) | {"wrong": wrong}
    return render(request, "desk/phone/_strip.html", context, status=status)
