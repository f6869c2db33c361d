"""A denunciation on the desk: marked, doubted, named, recalled. Its addresses don't say what it is: they stand in logs."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from tongdai.accounts.rights import HAS_CASES
from tongdai.cases.actions.clear_doubt import clear_doubt as clear_the_doubt
from tongdai.cases.actions.mark_denunciation import mark_denunciation as mark
from tongdai.cases.actions.name_denounced import name_denounced as name_who
from tongdai.cases.actions.recall import recall as recall_case
from tongdai.cases.actions.unmark_denunciation import unmark_denunciation as unmark
from tongdai.cases.actor import Actor
from tongdai.cases.codes import spoken
from tongdai.cases.models import Case
from tongdai.platform.clock import now
from tongdai.shell.staff import StaffRequest, staff

from .buttons import check_open
from .forms import DenouncedForm
from .page import moved, of_case, show

form_or_action = require_http_methods(["GET", "POST"])


@form_or_action
@staff(*HAS_CASES)
@of_case
def mark_denunciation(request: StaffRequest, case: Case) -> HttpResponse:
    """First what will be so from then on; done, no more is said than where it went."""
    if request.method == "GET":
        check_open(case, request.user, "mark_denunciation")
        return show(request, case, doing="mark_denunciation")
    return moved(request, mark(case, by=Actor.staff(request.user), at=now()), said=_("Đã chuyển thanh tra."))


@form_or_action
@staff(*HAS_CASES)
@of_case
def unmark_denunciation(request: StaffRequest, case: Case) -> HttpResponse:
    if request.method == "GET":
        check_open(case, request.user, "unmark_denunciation")
        return show(request, case, doing="unmark_denunciation")
    done = unmark(case, by=Actor.staff(request.user), at=now())
    return moved(request, done, said=_("Phiếu %(code)s đã thành phiếu thường.") % {"code": spoken(done.code)})


@require_POST
@staff(*HAS_CASES)
@of_case
def clear_doubt(request: StaffRequest, case: Case) -> HttpResponse:
    done = clear_the_doubt(case, by=Actor.staff(request.user), at=now())
    return moved(request, done, said=_("Đã ghi: không phải tố cáo. Chuyển được như phiếu thường."))


@form_or_action
@staff(*HAS_CASES)
@of_case
def name_denounced(request: StaffRequest, case: Case) -> HttpResponse:
    if request.method == "GET":
        check_open(case, request.user, "name_denounced")
        chosen = "other" if case.denounced_elsewhere else case.denounced_id or ""
        return show(request, case, doing="name_denounced", form=DenouncedForm(initial={"denounced": chosen}))
    form = DenouncedForm(request.POST)
    if not form.is_valid():
        return show(request, case, doing="name_denounced", form=form, status=422)
    done = name_who(case, by=Actor.staff(request.user), agency=form.agency(), at=now())
    return moved(request, done, said=_("Đã ghi ai bị tố cáo. Phiếu sẽ không đến tay họ."))


@require_POST
@staff(*HAS_CASES)
@of_case
def recall(request: StaffRequest, case: Case) -> HttpResponse:
    done = recall_case(case, by=Actor.staff(request.user), at=now())
    return moved(request, done, said=_("Đã thu hồi phiếu %(code)s về thanh tra.") % {"code": spoken(done.code)})
