"""Who may be rung for which queue, and who speaks what: set by a supervisor; an agent signs on within it, on their strip."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from tongdai.accounts.models import User
from tongdai.accounts.rights import SEES_ROOM, SETS_SKILLS, TAKES_CALLS
from tongdai.audit.entries import record
from tongdai.audit.models import Kind
from tongdai.channels.voice.agents import skills
from tongdai.channels.voice.menu.menu import usual_or_own
from tongdai.channels.voice.models import Queue, QueueSkill
from tongdai.shell.staff import StaffRequest, staff

from ..flash import add_message

SPOKEN = {"en": gettext_lazy("tiếng Anh")}


@require_http_methods(["GET", "POST"])
@staff(*SETS_SKILLS)
def skills_page(request: StaffRequest) -> HttpResponse:
    """Everybody who takes calls, a row each; POST: one row anew."""
    usual_or_own()
    if request.method == "POST":
        return _save(request)
    able, queues = skills.of_all(), list(Queue.objects.order_by("rank", "name"))
    people = User.objects.filter(role__in=TAKES_CALLS, is_active=True).order_by("full_name")
    shown: dict[str, Any] = {
        "queues": queues,
        "room": request.user.role in SEES_ROOM,
        "levels": QueueSkill.Level.choices,
        "languages": [(code, SPOKEN[code]) for code in skills.LANGUAGES],
        "people": [_row(person, able.get(person.pk, skills.EVERYTHING), queues) for person in people],
    }
    return render(request, "desk/room/skills.html", shown)


def _row(person: User, able: skills.Skills, queues: list[Queue]) -> dict[str, Any]:
    """`queues`: each with the level at it; 0: not taken, empty where nothing is set and all are taken as usual."""
    every = able.levels is None
    return {
        "person": person,
        "every": every,
        "queues": [(queue, QueueSkill.Level.USUAL if every else able.levels.get(queue.pk, 0)) for queue in queues],  # type: ignore[union-attr]
        "speaks": able.languages,
        "off": [queue.name for queue in queues if queue.pk in able.signed_off],
    }


def _save(request: StaffRequest) -> HttpResponse:
    asked = request.POST.get("person", "")
    person = get_object_or_404(
        User, pk=int(asked) if asked.isdecimal() and len(asked) < 10 else 0, role__in=TAKES_CALLS, is_active=True
    )
    queues = list(Queue.objects.all())
    chosen = {queue.pk: request.POST.get(f"q{queue.pk}", "") for queue in queues}
    levels = {pk: int(level) for pk, level in chosen.items() if level in map(str, QueueSkill.Level.values)}
    usual = len(levels) == len(queues) and set(levels.values()) == {QueueSkill.Level.USUAL}
    languages = [code for code in request.POST.getlist("language") if code in skills.LANGUAGES]
    if not levels:
        add_message(request, _("Chưa lưu: %(name)s phải nhận ít nhất một hàng chờ.") % {"name": person.full_name})
    elif skills.allow(person, levels={} if usual else levels, languages=languages):
        named = {queue.code: levels.get(queue.pk, 0) for queue in queues}
        record(Kind.SETTING, "skills", subject=person.pk, detail={"levels": named, "languages": languages})
        add_message(request, _("Đã lưu hàng chờ của %(name)s.") % {"name": person.full_name})
    else:
        add_message(request, _("Không có gì khác trước."))
    return HttpResponseRedirect(reverse("desk:skills") + f"#person-{person.pk}")


assert set(SPOKEN) == set(skills.LANGUAGES) <= dict(settings.LANGUAGES).keys()
