"""Where each queue overflows to: a supervisor's rules, tried in order; one that would lead in a circle is refused in words."""

from __future__ import annotations

import re
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
from tongdai.channels.voice.models import Overflow, Queue
from tongdai.channels.voice.queues import overflow_rules
from tongdai.shell.staff import StaffRequest, staff

from ..flash import add_message

FIELDS = ("when", "limit", "to", "to_queue", "number")
FIGURES = re.compile(r"[0-9]{1,6}")


@require_GET
@staff(*SETS_MENU)
def queues(request: StaffRequest) -> HttpResponse:
    return _page(request)


@require_POST
@staff(*SETS_MENU)
def add(request: StaffRequest, queue_id: int) -> HttpResponse:
    """One rule more for this queue."""
    queue = get_object_or_404(Queue, pk=queue_id)
    typed = {name: request.POST.get(name, "").strip() for name in FIELDS}
    try:
        rule = overflow_rules.add(
            queue, when=typed["when"], to=typed["to"], limit=_figure(typed["limit"]), number=typed["number"],
            to_queue=Queue.objects.filter(pk=_figure(typed["to_queue"]) or 0).first(),
        )  # fmt: skip
    except overflow_rules.RuleRefused as refused:
        return _page(request, wrong=queue.pk, why=str(refused), typed=typed, status=422)
    record(Kind.SETTING, "overflow_added", what=queue.code, detail=_detail(rule))
    add_message(request, _("Đã thêm quy tắc cho hàng %(name)s.") % {"name": queue.name})
    return _back(queue)


@require_POST
@staff(*SETS_MENU)
def remove(request: StaffRequest, rule_id: int) -> HttpResponse:
    rule = get_object_or_404(Overflow.objects.select_related("queue"), pk=rule_id)
    record(Kind.SETTING, "overflow_removed", what=rule.queue.code, detail=_detail(rule))
    overflow_rules.remove(rule)
    add_message(request, _("Đã bỏ một quy tắc của hàng %(name)s.") % {"name": rule.queue.name})
    return _back(rule.queue)


def _figure(typed: str) -> int | None:
    return int(typed) if FIGURES.fullmatch(typed) else None


def _detail(rule: Overflow) -> dict[str, Any]:
    """For the record: codes and figures."""
    return {"when": rule.when, "limit": rule.limit, "to": rule.to, "queue": rule.to_queue_id}


def _back(queue: Queue) -> HttpResponse:
    return HttpResponseRedirect(reverse("desk:queues") + f"#queue-{queue.pk}")


def _page(
    request: StaffRequest, *, wrong: int = 0, why: str = "", typed: dict[str, str] | None = None, status: int = 200
) -> HttpResponse:
    usual_or_own()
    shown = {
        "queues": Queue.objects.order_by("rank", "name").prefetch_related("overflows__to_queue"),
        "whens": Overflow.When.choices,
        "tos": Overflow.To.choices,
        "wrong": wrong,
        "why": why,
        "typed": typed or {},
    }
    return render(request, "desk/menu/queues.html", shown, status=status)
