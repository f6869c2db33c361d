"""One case on the desk: see it, and do what the lifecycle allows. Rules are in `cases.actions`; here is only the face."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from django import forms
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tongdai.accounts.rights import HAS_CASES
from tongdai.cases.actions.accept import accept as accept_case
from tongdai.cases.actions.answer import answer as answer_case
from tongdai.cases.actions.assign import assign as assign_case
from tongdai.cases.actions.classify import classify as classify_case
from tongdai.cases.actions.close import close as close_case
from tongdai.cases.actions.hand_back import hand_back as hand_back_case
from tongdai.cases.actions.reject import reject as reject_case
from tongdai.cases.actions.take_duty import take_duty as take_on_duty
from tongdai.cases.actions.withdraw_links import withdraw_links as withdraw_links_of_case
from tongdai.cases.actor import Actor
from tongdai.cases.codes import spoken
from tongdai.cases.models import Case
from tongdai.knowledge import asking, links, telling
from tongdai.knowledge.search.entry import Part
from tongdai.people.disclosures import disclose
from tongdai.platform.clock import now
from tongdai.privacy.consents import hides_sender
from tongdai.shell.staff import StaffRequest, kept_words, staff

from .buttons import check_open
from .forms import AnswerForm, AssignForm, ClassifyForm, HandBackForm, RejectForm
from .page import moved, of_case, show

AnyForm = TypeVar("AnyForm", bound=forms.Form)
form_or_action = require_http_methods(["GET", "POST"])


@require_GET
@staff(*HAS_CASES)
@of_case
def case(request: StaffRequest, case: Case) -> HttpResponse:
    return show(request, case)


@form_or_action
@staff(*HAS_CASES)
@of_case
def assign(request: StaffRequest, case: Case) -> HttpResponse:
    form = _form(request, AssignForm, case, "assign")
    if not form.is_valid():
        return _open(request, case, "assign", form)
    agency = form.cleaned_data["agency"]
    done = assign_case(case, by=Actor.staff(request.user), at=now(), agency=agency, note=form.cleaned_data["note"])
    return moved(
        request,
        done,
        said=_("Đã chuyển phiếu %(code)s đến %(agency)s.") % {"code": spoken(done.code), "agency": agency},
    )


@form_or_action
@staff(*HAS_CASES)
@of_case
def classify(request: StaffRequest, case: Case) -> HttpResponse:
    first = {"topic": case.topic_id, "place": case.place_id}
    form = _form(request, ClassifyForm, case, "classify", first=first)
    if not form.is_valid():
        return _open(request, case, "classify", form)
    done = classify_case(case, by=Actor.staff(request.user), at=now(), **form.cleaned_data)
    return moved(
        request,
        done,
        said=_("Đã xếp lại phiếu %(code)s. Hạn trả lời tính theo lĩnh vực mới.") % {"code": spoken(done.code)},
    )


@require_POST
@staff(*HAS_CASES)
@of_case
def accept(request: StaffRequest, case: Case) -> HttpResponse:
    done = accept_case(case, by=Actor.staff(request.user), at=now())
    return moved(request, done, said=_("Cơ quan bạn đã nhận phiếu %(code)s.") % {"code": spoken(done.code)})


@require_POST
@staff(*HAS_CASES)
@of_case
def take_duty(request: StaffRequest, case: Case) -> HttpResponse:
    done = take_on_duty(case, by=Actor.staff(request.user), at=now())
    return moved(
        request, done, said=_("Bạn đã nhận phiếu khẩn %(code)s. Thôi gọi người trực.") % {"code": spoken(done.code)}
    )


@form_or_action
@staff(*HAS_CASES)
@of_case
def hand_back(request: StaffRequest, case: Case) -> HttpResponse:
    form = _form(request, HandBackForm, case, "hand_back")
    if not form.is_valid():
        return _open(request, case, "hand_back", form)
    done = hand_back_case(case, by=Actor.staff(request.user), at=now(), **form.cleaned_data)
    return moved(request, done, said=_("Đã trả lại phiếu %(code)s cho điều phối viên.") % {"code": spoken(done.code)})


@form_or_action
@staff(*HAS_CASES)
@of_case
def reject(request: StaffRequest, case: Case) -> HttpResponse:
    form = _form(request, RejectForm, case, "reject")
    if not form.is_valid():
        return _open(request, case, "reject", form)
    done = reject_case(case, by=Actor.staff(request.user), at=now(), **form.cleaned_data)
    return moved(
        request, done, said=_("Đã từ chối phiếu %(code)s. Người dân được báo lý do.") % {"code": spoken(done.code)}
    )


@form_or_action
@staff(*HAS_CASES)
@of_case
def answer(request: StaffRequest, case: Case) -> HttpResponse:
    form = _form(request, AnswerForm, case, "answer", first={"text": _from_the_base(request)})
    if not form.is_valid():
        return _open(request, case, "answer", form)
    done = answer_case(case, by=Actor.staff(request.user), at=now(), **form.cleaned_data)
    return moved(
        request,
        done,
        said=_("Đã trả lời phiếu %(code)s. Người dân nhận theo kênh đã gửi.") % {"code": spoken(done.code)},
    )


def _from_the_base(request: StaffRequest) -> str:
    """The words of the answer `?mau=procedure:7&phan=papers`, to be mended; empty if there is none."""
    key, part = request.GET.get("mau", ""), request.GET.get("phan", "")
    row = asking.seen_row_of(key)
    if row is None:
        return ""
    asked = Part(part) if part in set(Part) else None
    return f"{telling.title(row)}. {telling.in_short(row, asked)}\n{links.short(key, asked)}"


@require_POST
@staff(*HAS_CASES)
@of_case
def close(request: StaffRequest, case: Case) -> HttpResponse:
    done = close_case(case, by=Actor.staff(request.user), at=now())
    return moved(request, done, said=_("Đã kết thúc phiếu %(code)s.") % {"code": spoken(done.code)})


@require_POST
@staff(*HAS_CASES)
@of_case
def withdraw_links(request: StaffRequest, case: Case) -> HttpResponse:
    done = withdraw_links_of_case(case, by=Actor.staff(request.user), at=now())
    return moved(request, done, said=_("Đã thu hồi mọi đường dẫn của phiếu %(code)s.") % {"code": spoken(done.code)})


@require_POST
@staff(*HAS_CASES)
@of_case
def phone(request: StaffRequest, case: Case) -> HttpResponse:
    """Show the citizen's number; the reading is on record first."""
    if case.contact is None or hides_sender(case, request.user):
        return show(request, case)
    disclose(to=request.user, what="phone", contact=case.contact, reference=case.code, at=now())
    return show(request, case, phone=case.contact.phone)


def _form(
    request: StaffRequest, kind: type[AnyForm], case: Case, action: str, *, first: Mapping[str, object] | None = None
) -> AnyForm:
    """Filled with what was posted; else empty, or with what was typed before the session ended.

    Raises:
        ActionRefused: the form was asked for, but the action isn't open any more.
    """
    if request.method == "POST":
        return kind(request.POST)
    check_open(case, request.user, action)
    return kind(initial={**(first or {}), **kept_words(request)})


def _open(request: StaffRequest, case: Case, action: str, form: forms.Form) -> HttpResponse:
    """The action's form, open in the third pane: asked for, or with what is amiss."""
    return show(request, case, doing=action, form=form, status=422 if form.is_bound else 200)
