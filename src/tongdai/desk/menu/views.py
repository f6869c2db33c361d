"""What callers hear: a supervisor switches announcements on, changes words, puts the city's own voice in their place."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from tongdai.accounts.rights import SETS_MENU
from tongdai.audit.entries import record
from tongdai.audit.models import Kind
from tongdai.channels.voice import voices
from tongdai.channels.voice.menu import usual_or_own
from tongdai.channels.voice.models import Prompt, Step
from tongdai.platform import wake
from tongdai.platform.vietnamese import clean
from tongdai.platform.web.limits import takes
from tongdai.shell.staff import StaffRequest, staff

from ..flash import say

LONGEST = 600  # characters: nobody listens longer


@require_GET
@staff(*SETS_MENU)
def menu(request: StaffRequest) -> HttpResponse:
    return _page(request)


@require_POST
@staff(*SETS_MENU)
def switch(request: StaffRequest, code: str) -> HttpResponse:
    """An announcement, or the working hours, on or off; callers who come from now on hear it."""
    step = get_object_or_404(Step, code=code, kind__in=[Step.Kind.SAY, Step.Kind.HOURS])
    step.active = not step.active
    step.save(update_fields=["active"])
    record(Kind.SETTING, "menu_step", what=step.code, detail={"active": [not step.active, step.active]})
    wake.wake("menu", [step.pk])
    say(
        request,
        _("Đã bật: %(name)s.") % {"name": step.name} if step.active else _("Đã tắt: %(name)s.") % {"name": step.name},
    )
    return HttpResponseRedirect(reverse("desk:menu"))


@takes(megabytes=16)
@require_POST
@staff(*SETS_MENU)
def prompt(request: StaffRequest, prompt_id: int) -> HttpResponse:
    """Other words, or a recording of them; without one the machine speaks."""
    found = get_object_or_404(Prompt, pk=prompt_id)
    text, file = clean(request.POST.get("text", "")).strip(), request.FILES.get("recording")
    if not text or len(text) > LONGEST:
        why = _("Hãy ghi lời máy sẽ nói, nhiều nhất %(most)s chữ.") % {"most": LONGEST}
        return _page(request, wrong=found.pk, why=why, typed=text, status=422)
    if file is not None:
        try:
            found.recording = voices.keep(found, file)
        except voices.NoSound as refused:
            return _page(request, wrong=found.pk, why=_why(refused), typed=text, status=422)
    elif request.POST.get("machine"):
        found.recording = ""
    found.text = text
    found.save(update_fields=["text", "recording"])
    record(Kind.SETTING, "menu_words", what=found.code, detail={"own_recording": bool(found.recording)})
    wake.wake("menu", [found.pk])
    say(request, _("Đã đổi lời. Người gọi từ giờ nghe lời mới."))
    return HttpResponseRedirect(reverse("desk:menu") + f"#loi-{found.pk}")


def _why(refused: voices.NoSound) -> str:
    if refused.why == "unavailable":
        return _("Máy chưa đọc được tệp tiếng lúc này. Lời cũ vẫn giữ; quản trị viên xem bằng lệnh tongdai doctor.")
    if refused.why == "long":
        return _(
            "Tệp này tốn quá nhiều sức máy để đọc. Lời cũ vẫn giữ; hãy lưu lại dạng WAV hay MP3 thường, tới 2 phút."
        )
    return _("Tệp này không phải tiếng nói đọc được (WAV, MP3, OGG, FLAC, tới 10 MB). Lời cũ vẫn giữ.")


def _steps() -> list[dict[str, Any]]:
    """Each step with the names of where it leads."""
    steps = list(Step.objects.select_related("queue").order_by("pk"))
    names = {step.code: step.name for step in steps}
    return [
        {
            "step": step,
            "keys": [(key, names.get(code, code)) for key, code in step.keys.items() if key.isdigit()],
            "then": names.get(step.then, step.then),
        }
        for step in steps
    ]


def _page(request: StaffRequest, *, wrong: int = 0, why: str = "", typed: str = "", status: int = 200) -> HttpResponse:
    usual_or_own()
    shown: dict[str, Any] = {
        "steps": _steps(),
        "switches": Step.objects.filter(kind__in=[Step.Kind.SAY, Step.Kind.HOURS])
        .exclude(code="closed")
        .order_by("pk"),
        "prompts": Prompt.objects.order_by("code", "-language"),
        "wrong": wrong,
        "why": why,
        "typed": typed,
    }
    return render(request, "desk/menu/menu.html", shown, status=status)
