"""The door to every page of the staff's: who may come in, and what becomes of an action that is refused.

A view wrapped in `@staff(*RIGHT)` (accounts/rights.py) runs for who has the right (`@staff()`: for all staff), and for
nobody who is yet to set up the second factor that is demanded of them. Nothing typed is lost: a form sent by an ended
session comes back after signing in (`saved_input`), and one that came too late is shown again with the reason (409).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, Concatenate, ParamSpec
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.middleware.csrf import CsrfViewMiddleware
from django.shortcuts import render, resolve_url
from django.urls import resolve
from django_htmx.http import reswap, retarget, trigger_client_event
from django_htmx.middleware import HtmxDetails

from tongdai.accounts.models import Role, User
from tongdai.accounts.sign_in import second_factor
from tongdai.cases.states import ActionRefused

from .own_path import own_path
from .saved_input import forget_input, pack_input, page_of_form, save_input

P = ParamSpec("P")


@dataclass(frozen=True)
class Frame:
    """What the guard's own pages stand in; the face that draws the staff's pages says so when it is ready.

    `template` has a block `sheet`; `start` names the address where one begins; a refused part of a page goes into `refusals_into`.
    """

    template: str
    start: str
    refusals_into: str


_frames: list[Frame] = []


def draw_in(frame: Frame) -> None:
    """From now on the guard's pages stand in this frame."""
    _frames[:] = [frame]


class StaffRequest(HttpRequest):
    """A request of somebody who has signed in; `htmx` is truthy for a part of a page."""

    user: User
    htmx: HtmxDetails


View = Callable[Concatenate[StaffRequest, P], HttpResponse]


def staff(*roles: Role) -> Callable[[View[P]], Callable[Concatenate[HttpRequest, P], HttpResponse]]:
    """Let in staff of these roles (none named: all); others are refused in words. Catches ActionRefused, once for all."""

    def guard(view: View[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if not request.user.is_authenticated:
                return _ask_to_sign_in(request)
            if not token_is_fresh(request):
                return _come_again(request)
            if second_factor.is_missing(request, request.user):
                return _set_it_up_first(request)
            if roles and request.user.role not in roles:
                return _not_theirs(request, roles)
            try:
                response = view(request, *args, **kwargs)  # type: ignore[arg-type]
            except ActionRefused as refused:
                response = _refuse(request, why=refused.why)
            response.headers.setdefault("Cache-Control", "private, no-store")  # a case may leave one's sight any moment
            return response

        guarded.csrf_exempt = True  # type: ignore[attr-defined]  # checked above, so that a stale form keeps its words
        return guarded  # type: ignore[return-value]

    return guard


def token_is_fresh(request: HttpRequest) -> bool:
    """Whether a POST carries the token of the session as it is now; one opened before signing in again does not."""
    return _TokenCheck(lambda _request: HttpResponse()).process_view(request, HttpResponse, (), {}) is None


class _TokenCheck(CsrfViewMiddleware):
    """Django's own check, asked from inside a view."""

    def _reject(self, request: HttpRequest, reason: str) -> HttpResponse:
        return HttpResponse(reason, status=403)


TYPED = ("text", "words", "reason", "note", "task")  # names of what is written by hand in forms about cases


def typed(data: QueryDict) -> list[str]:
    """The words a person wrote by hand in a form: what must never be lost."""
    return [value for name in TYPED for value in data.getlist(name) if value.strip()]


def _ask_to_sign_in(request: HttpRequest) -> HttpResponse:
    """Send to the sign-in; a POST is answered by the sign-in itself, which carries the words along.

    A part of a page, asked for or sent, takes nothing from the page: it is covered, with all that is typed on it.
    """
    sign_in = resolve_url(settings.LOGIN_URL)
    if request.headers.get("HX-Request") == "true":
        return reswap(trigger_client_event(HttpResponse(status=401), "desk:signed-out"), "none")
    if request.method == "POST":
        page = page_of_form(request, otherwise=resolve_url(_frames[0].start))
        response: HttpResponse = resolve(sign_in).func(request, ended=page)
        return response
    idle = {"het": "1"} if getattr(request, "ended_idle", False) else {}
    return HttpResponseRedirect(f"{sign_in}?{urlencode({'next': request.get_full_path(), **idle})}")


def _not_theirs(request: HttpRequest, roles: tuple[Role, ...]) -> HttpResponse:
    """403: for which roles the page is, and the way back."""
    forget_input(request)
    shown = {"roles": [role.label for role in Role if role in roles], "start": resolve_url(_frames[0].start)}
    return _page(request, "not_yours", shown, status=403)


def _set_it_up_first(request: HttpRequest) -> HttpResponse:
    """To the page where a second factor is set up; what was typed comes back afterwards."""
    page = resolve_url("mfa_index")
    if request.method == "POST":
        stands_at = page_of_form(request, otherwise=resolve_url(_frames[0].start))
        save_input(request, pack_input(request), path=stands_at)
    if request.headers.get("HX-Request") == "true":
        return HttpResponse(headers={"HX-Redirect": page})
    return HttpResponseRedirect(page)


def _come_again(request: HttpRequest) -> HttpResponse:
    """The form was opened before this session began: show it again, with what was typed and a fresh token."""
    start = resolve_url(_frames[0].start)
    asked = page_of_form(request, otherwise=start) if typed(request.POST) else request.POST.get("back", "")
    path = own_path(asked, otherwise=start)
    save_input(request, pack_input(request), path=path)
    if request.headers.get("HX-Request") == "true":
        return HttpResponse(headers={"HX-Redirect": path})
    return HttpResponseRedirect(path)


def _refuse(request: HttpRequest, *, why: str) -> HttpResponse:
    """409: what stands in the way, and what was typed."""
    part = request.headers.get("HX-Request") == "true"
    shown = {"why": why, "typed": typed(request.POST), "back": own_path(request.POST.get("back", ""))}
    response = _page(request, "_refused" if part else "refused", shown, status=409)
    if not part:
        return response
    response = reswap(retarget(response, _frames[0].refusals_into), "innerHTML")
    return trigger_client_event(trigger_client_event(response, "desk:changed"), "desk:refused")


def _page(request: HttpRequest, name: str, shown: dict[str, Any], *, status: int) -> HttpResponse:
    shown = {"frame": _frames[0].template, **shown}
    return render(request, f"shell/staff/{name}.html", shown, status=status)
