"""Looking a code up, and a case's page: to anyone where it stands, to its citizen the whole history."""

from __future__ import annotations

from http import HTTPStatus

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from tongdai.cases import codes, queries
from tongdai.cases.access import links, proofs, senders
from tongdai.cases.actions.rate import unrated
from tongdai.cases.actions.reopen import may_reopen
from tongdai.cases.models import Attachment, Case, CaseLink
from tongdai.cases.states import OPEN, OVER
from tongdai.platform.clock import now
from tongdai.platform.web.client_network import network_of
from tongdai.shell.pictures import attached

from .. import citizen
from . import pin
from .access import ended
from .number import can_be_proven
from .reopening import CITIZEN
from .replying import photos_on_the_page, question_of
from .status_card import status_card
from .timeline import timeline
from .withdrawal import may_withdraw
from .wrong import what_is_wrong


@never_cache
@require_safe
def find(request: HttpRequest) -> HttpResponse:
    """Ask for a code; one that can't be right is refused in words before anything is looked up."""
    asked = request.GET.get("ma", "").strip()
    if code := codes.read(asked):
        return redirect("portal:case", code)
    shown = {
        "asked": asked,
        "problem": what_is_wrong(asked) if asked else "",
        "mine": _mine(request),
        "forgotten": request.GET.get("xong") == "quen",
    }
    return render(request, "portal/follow/find.html", shown, status=422 if asked else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def case(request: HttpRequest, code: str) -> HttpResponse:
    """What anyone may know; all of it in the browser that sent it. POST: the last four digits of its phone, or its PIN."""
    if not codes.is_valid(code):
        return _tidied(code)
    if citizen.may_read(request, code):
        return _whole(request, code)
    if request.method == "POST":
        return _prove(request, code)
    return _status(request, code)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def case_by_link(request: HttpRequest, code: str, token: str) -> HttpResponse:
    """The link of a text opens the whole case in this browser, and leaves the address at once.

    One that is over says so; a damaged one still shows where the case stands.
    """
    link = links.find(code, token) if codes.is_valid(code) else None
    if link is not None and not links.is_live(link, at=now()):
        return ended(request, link)
    there = redirect("portal:case", code)
    there.headers["Referrer-Policy"] = "no-referrer"
    return citizen.remember(request, there, code, link.pk) if link else there


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def case_by_short_link(request: HttpRequest, short: str) -> HttpResponse:
    """The same, by the short address that texts hold; a damaged one names no case, so whoever has the code types it."""
    link = links.find_short(short.rstrip("/"))
    if link is None:
        return redirect("portal:find")
    return case_by_link(request, link.case.code, links.token(link))


@require_GET
def photo(request: HttpRequest, photo: int) -> HttpResponseBase:
    """A photo or a document of a case, to whoever may read that case."""
    try:
        found = queries.citizens_attachment(photo)
    except Attachment.DoesNotExist as none:
        raise Http404 from none
    if not citizen.may_read(request, found.case.code):
        raise Http404
    return attached(found)


def _whole(request: HttpRequest, code: str) -> HttpResponse:
    try:
        found = queries.citizens_case(code)
    except Case.DoesNotExist as gone:
        raise Http404 from gone
    at = now()
    shown = {
        "case": found,
        "card": status_card(queries.status_of(found), at=at),
        "timeline": timeline(found, at=at),
        "answered": found.state in OVER and found.withdrawn_at is None,
        "open": found.state in OPEN,
        "rateable": found.answered_at is not None and found.state in OVER and unrated(found) is not None,
        "may_reopen": may_reopen(found, by=CITIZEN, at=at),
        "question": question_of(found),
        "sender_is_hidden": senders.is_hidden_from_all(found),
        **photos_on_the_page(),
        "may_withdraw": may_withdraw(found),
        "now": at,
        "provable": can_be_proven(request, found),
        "may_have_pin": pin.may_have(request, found),
        "withdrawable": links.withdrawable(found, at=at),
        "done": request.GET.get("xong", ""),
    }
    return render(request, "portal/follow/case.html", shown)


def _status(request: HttpRequest, code: str, *, status: int = HTTPStatus.OK, problem: str = "") -> HttpResponse:
    network = network_of(request)
    if proofs.asks_too_often(network):
        return _wait(request, code, "locked")
    found = queries.status_by_code(code)
    if found is None:
        proofs.note_wrong_code(network)
        shown = {"asked": codes.spoken(code), "problem": what_is_wrong(code), "mine": _mine(request)}
        return render(request, "portal/follow/find.html", shown, status=HTTPStatus.NOT_FOUND)
    known = {"card": status_card(found, at=now()), "problem": problem}
    return render(request, "portal/follow/status.html", known, status=status)


def _prove(request: HttpRequest, code: str) -> HttpResponse:
    digits = "".join(request.POST.get("digits", "").split())
    verdict = proofs.try_digits(code, digits, network=network_of(request))
    if verdict == "right":
        there = HttpResponseRedirect(request.path, status=HTTPStatus.SEE_OTHER)
        case = queries.citizens_case(code)
        link = links.give(case, purpose=CaseLink.Purpose.DIGITS, at=now())
        return citizen.remember(request, there, code, link.pk)
    if verdict in ("locked", "retired"):
        return _wait(request, code, verdict)
    return _status(request, code, status=HTTPStatus.UNPROCESSABLE_ENTITY, problem="digits")


def _wait(request: HttpRequest, code: str, verdict: proofs.Verdict) -> HttpResponse:
    """429: these tries count no more, and what opens the case nevertheless."""
    shown = {"code": code, "retired": verdict == "retired"}
    response = render(request, "portal/follow/wait.html", shown, status=HTTPStatus.TOO_MANY_REQUESTS)
    response.headers["Retry-After"] = str(proofs.again_in(verdict))
    return response


def _mine(request: HttpRequest) -> list[str]:
    return citizen.sent_by_this_browser(request)


def _tidied(code: str) -> HttpResponse:
    """A code copied with its spaces leads to its page; anything else to the look-up, which says what is wrong."""
    read = codes.read(code)
    if read:
        return redirect("portal:case", read)
    there = redirect("portal:find")
    there["Location"] += f"?ma={code}" if code.isascii() and code.isalnum() else ""
    return there
