"""All fixed texts on one sheet for a studio, and the recordings it hands back, in one file."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tongdai.accounts.rights import SETS_MENU
from tongdai.audit.entries import record
from tongdai.audit.models import Kind
from tongdai.channels.voice.menu.menu import usual_or_own
from tongdai.channels.voice.speech import prompt_recordings, recorded_sounds, studio_import
from tongdai.platform.clock import now
from tongdai.platform.web.body_limits import takes as takes_bodies
from tongdai.shell.staff import StaffRequest, staff

from ..flash import add_message
from .texts import why
from .views import groups

WITHIN = 20.0  # seconds that reading the files of one request may take


@require_GET
@staff(*SETS_MENU)
def sheet(request: StaffRequest) -> HttpResponse:
    """Every text with the name of its file, to print or to hand to whoever speaks."""
    usual_or_own()
    return render(request, "desk/menu/sheet.html", {"groups": groups(prompt_recordings.texts())})


@takes_bodies(megabytes=64)
@require_http_methods(["GET", "POST"])
@staff(*SETS_MENU)
def many(request: StaffRequest) -> HttpResponse:
    """A ZIP of recordings named by their texts; each is kept, none comes on the line by itself."""
    if request.method == "GET":
        return render(request, "desk/menu/many.html", {})
    usual_or_own()
    file = request.FILES.get("archive")
    if file is None:
        return render(request, "desk/menu/many.html", {"why": _("Chưa chọn tệp ZIP nào.")}, status=422)
    try:
        came = studio_import.take_in(studio_import.of_archive(file), by=request.user, at=now(), within=WITHIN)
    except studio_import.NoArchive as broken:
        return render(request, "desk/menu/many.html", {"why": _no_archive(broken)}, status=422)
    record(Kind.SETTING, "menu_recorded", what="zip", detail={"kept": came.stored, "refused": len(came.refused)})
    return render(request, "desk/menu/many.html", _shown(came))


def _shown(came: studio_import.Batch) -> dict[str, Any]:
    refused = [(each.name, _why(each)) for each in came.refused]
    return {"came": came, "refused": refused, "waiting": sum(text.waits for text in prompt_recordings.texts())}


@require_POST
@staff(*SETS_MENU)
def use_all(request: StaffRequest) -> HttpResponse:
    """The newest recording of each text that was never used comes on the line."""
    used = prompt_recordings.use_all_new(at=now())
    record(Kind.SETTING, "menu_words", what="all", detail={"own_recording": True})
    add_message(request, ngettext("Người gọi từ giờ nghe %(n)s bản thu mới.", "Người gọi từ giờ nghe %(n)s bản thu mới.", used)
        % {"n": used})  # fmt: skip
    return HttpResponseRedirect(reverse("desk:menu"))


def _why(outcome: studio_import.Outcome) -> str:
    if outcome.why == "name":
        return _("không lời nào có tên tệp này; xem tờ lời thu")
    if outcome.why == "lasts":
        return _("dài hơn nhiều so với lời; có đúng lời này không?")
    return why(recorded_sounds.NoSound(outcome.why))


def _no_archive(broken: studio_import.NoArchive) -> str:
    if broken.why == "big":
        return _("Tệp ZIP này chứa quá nhiều: tới 600 tệp, 300 MB khi mở ra. Chưa giữ thêm bản nào nữa.")
    return _("Tệp này không phải ZIP đọc được, hay có mật khẩu.")
