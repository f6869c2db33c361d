"""Show a case: whole page, or the two panes of it that htmx asked for."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django_htmx.http import push_url, reselect, reswap, retarget, trigger_client_event

from tongdai.accounts.rights import INSPECTS_DENUNCIATIONS
from tongdai.cases import queries, routing, supports
from tongdai.cases.access import senders
from tongdai.cases.models import Case, Event, Support
from tongdai.channels.web import asked_about
from tongdai.people.disclosures import disclose
from tongdai.people.models import Channel
from tongdai.platform.clock import now, today
from tongdai.privacy import consents
from tongdai.shell.saved_input import forget_input
from tongdai.shell.staff import StaffRequest

from ..clocks import Clock, clock_of, clock_of_support
from ..flash import add_message
from ..inbox.listing import beside, the_list
from .action import ActionForm
from .buttons import main_action, open_actions, settles_doubt
from .counter import counter_of
from .draft_panel import panel_of
from .reached import reached
from .timeline import timeline

CaseView = Callable[[StaffRequest, Case], HttpResponse]


def of_case(view: CaseView) -> Callable[[StaffRequest, str], HttpResponse]:
    """Hand the view the case, if these eyes may see it; else 404, which doesn't tell whether there is one."""

    @wraps(view)
    def looked_up(request: StaffRequest, code: str) -> HttpResponse:
        try:
            case = queries.visible_case(request.user, code)
        except Case.DoesNotExist:
            if not request.htmx:
                forget_input(request)
                return render(request, "desk/case/no_such.html", {"code": code}, status=404)
            gone = render(request, "desk/case/_no_such.html", {"code": code}, status=404)
            return reselect(reswap(retarget(gone, "#work"), "outerHTML"), "#work")
        return view(request, case)

    return looked_up


def show(
    request: StaffRequest,
    case: Case,
    *,
    doing: str = "",
    form: ActionForm | None = None,
    phone: str = "",
    status: int = 200,
) -> HttpResponse:
    """Show the case, its timeline, and what to do next; the form of the action `doing` stands open in the third pane."""
    if case.confidential:
        disclose(to=request.user, what="confidential", contact=case.contact, reference=case.code, at=now())
    shown = _about(request, case) | {"doing": doing, "form": form, "phone": phone}
    if form is not None:
        shown |= {"counter": counter_of(case, doing, by=request.user, at=now())} | dict(form.shown(case))
    if request.htmx:
        return render(request, "desk/case/_work.html", shown, status=status)
    return render(request, "desk/case/case.html", the_list(request, opened=case.code) | shown, status=status)


def after_action(request: StaffRequest, case: Case, *, message: str, undoes: Event | None = None) -> HttpResponse:
    """Say that an action is done, show the case as it is now, and let the lists change. An agency may see it no more.

    `undoes`: the step that may be taken back for a moment.
    """
    listed = beside(request)
    undo = f"{reverse('desk:undo', args=[case.code, undoes.seq])}?{listed.query}" if undoes else ""
    add_message(request, message, undo=undo)
    still = queries.may_open(request.user, case)
    if not request.htmx:
        return HttpResponseRedirect(f"{reverse('desk:case', args=[case.code])}?{listed.query}" if still else listed.url)
    if still:
        fresh = queries.visible_case(request.user, case.code)
        response = push_url(show(request, fresh), f"{reverse('desk:case', args=[case.code])}?{listed.query}")
    else:
        response = push_url(render(request, "desk/case/_gone.html"), listed.url)
    return trigger_client_event(trigger_client_event(response, "desk:changed"), "desk:done")


def _consent(case: Case) -> dict[str, Any] | None:
    """Return what this case's citizen is to be asked, and what they answered."""
    purpose, last = consents.asked_of(case), consents.last(case)
    if purpose is None:
        return None
    given = last is not None and last.answer == consents.Answer.GIVEN
    return {"label": purpose.label, "answer": last.get_answer_display() if last else "", "given": given}


def _about(request: StaffRequest, case: Case) -> dict[str, Any]:
    actions = open_actions(case, request.user)
    suggested = None
    if any(action.name == "assign" for action in actions):
        suggested = routing.suggested_agency(case)
    helps = supports.helps(request.user, case)
    items = timeline(case, to_helper=helps)
    panel = None if helps else panel_of(case, request.user, actions, items)
    actions = [each for each in actions if not (each.beside_draft or (panel and panel.mends and each.name == "draft"))]
    main = None if panel and panel.acts else main_action(actions)
    listed = beside(request)
    return {
        "case": case,
        "clock": clock_of(case, at=now()),
        "timeline": items,
        "unreadable": any(item.unreadable for item in items),
        "reached": reached(case),
        "panel": panel,
        "main": main,
        "actions": [action for action in actions if action is not main or suggested],
        "suggested": suggested,
        "settles_doubt": settles_doubt(case, request.user),
        "inspects": case.confidential and request.user.role in INSPECTS_DENUNCIATIONS,
        "in_list": listed.query,
        "back_to": listed.url,
        "earlier": _earlier(request, case),
        "main_case": _main_case(request, case),
        "supports": _supports(case),
        "merged_into": queries.merged_into(request.user, case),
        "asked_about": asked_about(case) if case.channel == Channel.WEB else None,
        "consent": _consent(case),
        "hides_sender": consents.hides_sender(case, request.user),
        "topic_hides_sender": senders.is_hidden_from(request.user, case),
        "helps": helps,
        "today": today(),
    }


def _supports(case: Case) -> list[tuple[Support, Clock]]:
    """Return what other agencies are asked for, each with its clock."""
    asked, at = supports.open_of(case), now()
    return [(each, clock_of_support(asked_at=each.asked_at, due_at=each.due_at, at=at)) for each in asked]


def _main_case(request: StaffRequest, case: Case) -> Case | None:
    """Return the case that this one follows, if the viewer may see that, too."""
    if case.duplicate_of_id is None:
        return None
    return queries.visible_cases(request.user).filter(pk=case.duplicate_of_id).first()


def _earlier(request: StaffRequest, case: Case) -> list[Case]:
    """Return other cases of the same person, newest first; only those the viewer may see."""
    if case.contact_id is None or senders.is_hidden_from(request.user, case):
        return []
    theirs = queries.visible_cases(request.user).filter(contact=case.contact_id).exclude(pk=case.pk)
    theirs = theirs.exclude(senders.hidden_from(request.user))
    return list(theirs.order_by("-received_at")[:4])
