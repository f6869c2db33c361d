"""One case on the desk: see it, and do what the lifecycle allows.

One view serves every action: may I see the case, is the form filled, do it, show it. Rules are in `cases.actions`, what an
action looks like in `actions/`.
"""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tongdai.accounts.models import User
from tongdai.accounts.rights import HAS_CASES, READS_NUMBERS
from tongdai.cases.access import senders
from tongdai.cases.actions import undo
from tongdai.cases.actor import Actor
from tongdai.cases.codes import spoken
from tongdai.cases.lifecycle import rule_of
from tongdai.cases.models import Case, Event
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
        ActionRefused: the action isn't open to this person, or not any more.
    """
    if action.form is None:
        return None
    check_open(case, request.user, action.name)  # a form that comes back may show more than the case
    if request.method == "POST":
        return action.form(request.POST, request.FILES)
    before = _taken_back(case, action, by=request.user) if rule_of(action.name).undoable else {}
    return action.form(initial={**action.form.first(case, request), **before, **saved_input(request)})


def _taken_back(case: Case, action: CaseAction, *, by: User) -> dict[str, str]:
    """Return the words of the same action, if this person has just undone it."""
    assert action.form is not None
    name = next((name for name in ("text", "reason", "note") if name in action.form.base_fields), "")
    words = undo.words_taken_back(case, action=action.name, by=by) if name else ""
    return {name: words} if words else {}


def _do(request: StaffRequest, case: Case, action: CaseAction, form: ActionForm | None) -> HttpResponse:
    assert action.do is not None
    arguments = form.arguments() if form else {}
    done = action.do(case, by=Actor.staff(request.user), at=now(), **arguments)
    said = str(action.done) % {"code": spoken(done.code), **arguments}
    undoes = undo.offered(done, to=request.user, at=now()) if rule_of(action.name).undoable else None
    return after_action(request, done, message=said, undoes=undoes)


@require_POST
@staff(*HAS_CASES)
def take_back(request: StaffRequest, code: str, seq: int) -> HttpResponse:
    """Undo what this person has just done with a case, though they may see it no more because of it."""
    event = get_object_or_404(Event.objects.select_related("case"), case__code=code, seq=seq, user=request.user)
    done = undo.undo(event, by=Actor.staff(request.user), at=now())
    return after_action(request, done, message=_("Đã hoàn tác. Phiếu %(code)s như trước.") % {"code": spoken(code)})


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
    if case.contact is None or hides_sender(case, request.user) or senders.is_hidden_from(request.user, case):
        return show(request, case)
    disclose(to=request.user, what="phone", contact=case.contact, reference=case.code, at=now())
    return show(request, case, phone=case.contact.phone)
