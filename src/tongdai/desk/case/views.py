"""One case on the desk: see it, and do what the lifecycle allows.

One view serves every action: may I see the case, is the form filled, do it, show it. Rules are in `cases.actions`, what an
action looks like in `actions/`.
"""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tongdai.accounts.rights import HAS_CASES, READS_NUMBERS
from tongdai.cases.actor import Actor
from tongdai.cases.codes import spoken
from tongdai.cases.models import Case
from tongdai.cases.states import ActionRefused
from tongdai.people.disclosures import disclose
from tongdai.platform.clock import now
from tongdai.privacy.consents import hides_sender
from tongdai.shell.saved_input import saved_input
from tongdai.shell.staff import StaffRequest, staff
from tongdai.shell.uploads.capped import takes_files

from . import opened
from .action import ActionForm, CaseAction
from .buttons import check_open
from .page import after_action, of_case, show


@require_GET
@staff(*HAS_CASES)
@of_case
def case(request: StaffRequest, case: Case) -> HttpResponse:
    return show(request, case)


def view_of(action: CaseAction) -> Callable[..., HttpResponse]:
    """Return the view of one action: it shows its form where it has one, and does it."""

    @require_http_methods(["GET", "POST"] if action.form else ["POST"])
    @staff(*HAS_CASES)
    @of_case
    def act(request: StaffRequest, case: Case) -> HttpResponse:
        form = _form(request, case, action)
        if form is None or form.is_valid():
            try:
                return _do(request, case, action, form)
            except ActionRefused as refused:
                if form is None or refused.argument not in form.fields:
                    raise
                form.add_error(refused.argument, refused.why)
        form.keep()
        return show(request, case, doing=action.name, form=form, status=422 if form.is_bound else 200)

    return takes_files(act) if action.form and action.form.takes_files else act


def _form(request: StaffRequest, case: Case, action: CaseAction) -> ActionForm | None:
    """Return the form, filled with what was posted; else as it is first shown, or with what was typed before the session ended.

    Raises:
        ActionRefused: the form was asked for, but the action isn't open any more.
    """
    if action.form is None:
        return None
    if request.method == "POST":
        return action.form(request.POST, request.FILES)
    check_open(case, request.user, action.name)
    return action.form(initial={**action.form.first(case, request), **saved_input(request)})


def _do(request: StaffRequest, case: Case, action: CaseAction, form: ActionForm | None) -> HttpResponse:
    assert action.do is not None
    arguments = form.arguments() if form else {}
    done = action.do(case, by=Actor.staff(request.user), at=now(), **arguments)
    return after_action(request, done, message=str(action.done) % {"code": spoken(done.code), **arguments})


@require_POST
@staff(*HAS_CASES)
@of_case
def open_now(request: StaffRequest, case: Case) -> HttpResponse:
    """Note that this page is open, and say who else has the case open. The page asks by itself."""
    others = opened.note(case, by=request.user, at=timezone.now())
    return render(request, "desk/case/_opened.html", {"opened_by": opened.in_words(others)})


@require_POST
@staff(*READS_NUMBERS)
@of_case
def phone(request: StaffRequest, case: Case) -> HttpResponse:
    """Show the citizen's number; the reading is on record first."""
    if case.contact is None or hides_sender(case, request.user):
        return show(request, case)
    disclose(to=request.user, what="phone", contact=case.contact, reference=case.code, at=now())
    return show(request, case, phone=case.contact.phone)
