"""What callers hear: the announcements, the branches, and every fixed text with who says it."""

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
from tongdai.channels.voice.menu.menu import usual_or_own
from tongdai.channels.voice.models import Step
from tongdai.channels.voice.speech import prompt_recordings
from tongdai.platform import wake
from tongdai.shell.staff import StaffRequest, staff

from ..flash import add_message


@require_GET
@staff(*SETS_MENU)
def menu(request: StaffRequest) -> HttpResponse:
    usual_or_own()
    texts = prompt_recordings.texts()
    shown: dict[str, Any] = {
        "steps": _steps(),
        "switches": Step.objects.filter(kind__in=[Step.Kind.SAY, Step.Kind.HOURS])
        .exclude(code="closed")
        .order_by("pk"),
        "groups": groups(texts),
        "recorded": sum(text.state == "recorded" for text in texts),
        "all": len(texts),
        "waiting": sum(text.waits for text in texts),
    }
    return render(request, "desk/menu/menu.html", shown)


def groups(texts: list[prompt_recordings.Text]) -> list[dict[str, Any]]:
    """The texts by what they are and in which language, each with how many are recorded."""
    names = [
        (_("Lời tiếng Việt"), "vi", False),
        (_("Lời tiếng Anh"), "en", False),
        (_("Số, ngày, trạng thái: tiếng Việt"), "vi", True),
        (_("Số, ngày, trạng thái: tiếng Anh"), "en", True),
    ]
    found = []
    for name, language, piece in names:
        inside = [text for text in texts if (text.language, text.piece) == (language, piece)]
        recorded = sum(text.state == "recorded" for text in inside)
        found.append({"name": name, "id": f"{language}-{int(piece)}", "piece": piece, "language": language,
                      "texts": inside, "recorded": recorded})  # fmt: skip
    return found


@require_POST
@staff(*SETS_MENU)
def switch(request: StaffRequest, code: str) -> HttpResponse:
    """An announcement, or the working hours, on or off; callers who come from now on hear it."""
    step = get_object_or_404(Step, code=code, kind__in=[Step.Kind.SAY, Step.Kind.HOURS])
    step.active = not step.active
    step.save(update_fields=["active"])
    record(Kind.SETTING, "menu_step", what=step.code, detail={"active": [not step.active, step.active]})
    wake.wake("menu", [step.pk])
    add_message(
        request,
        _("Đã bật: %(name)s.") % {"name": step.name} if step.active else _("Đã tắt: %(name)s.") % {"name": step.name},
    )
    return HttpResponseRedirect(reverse("desk:menu"))


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
