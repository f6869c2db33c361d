"""The administrator's page: the city as data, brought in by CSV."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from tongdai.accounts.imports import load_staff, staff_table
from tongdai.accounts.invitations import link
from tongdai.accounts.models import User
from tongdai.accounts.rights import SETS_CITY
from tongdai.audit.entries import record
from tongdai.audit.models import Kind
from tongdai.directory import exports, imports, snapshot
from tongdai.directory.calendar.hours import hours_table, load_hours
from tongdai.directory.denunciations import set_handlers
from tongdai.directory.imports import NotThisTable
from tongdai.directory.models import Agency, Holiday, Place, Topic
from tongdai.directory.outcome import Outcome
from tongdai.people.alarm import alarm
from tongdai.platform.clock import now
from tongdai.platform.typed_input import read_id
from tongdai.platform.web.body_limits import takes
from tongdai.shell import errors
from tongdai.shell.staff import StaffRequest, staff

from ..calendar.effect import Effect, would_move

LARGEST = 2 * 1024 * 1024  # bytes of a CSV file: a ministry's worth of agencies
KINDS = ("agencies", "topics", "places", "calendar", "hours", "staff")


@require_GET
@staff(*SETS_CITY)
def settings_page(request: StaffRequest) -> HttpResponse:
    return _page(request)


@takes(megabytes=8)
@require_POST
@staff(*SETS_CITY)
def bring_in(request: StaffRequest) -> HttpResponse:
    """First what the file would change, then, on a second press, all of it or nothing."""
    kind, given = request.POST.get("kind", ""), request.FILES.get("file")
    text = request.POST.get("table", "")
    if given is not None and (given.size or 0) > LARGEST:
        return _page(request, kind=kind, wrong=_("Tệp lớn quá 2 MB. Chia thành vài tệp rồi nhập lần lượt."), status=413)
    content = given.read() if given is not None else text.encode()
    if kind not in KINDS or not content.strip():
        return _page(request, kind=kind, wrong=_("Hãy chọn loại dữ liệu và một tệp CSV."), status=422)
    write = request.POST.get("action") == "write"
    try:
        with transaction.atomic():
            outcome, links = _load(kind, content, dry_run=not write)
            if write and not outcome.problems:
                record(Kind.IMPORT, kind, detail=_counted(outcome))
    except NotThisTable as wrong:
        return _page(request, kind=kind, wrong=str(wrong), status=422)
    shown: dict[str, Any] = {
        "effect": None if write or outcome.problems else _effect(kind, content),
        "kind": kind,
        "outcome": outcome,
        "links": links,
        "written": write and not outcome.problems,
    }
    if not shown["written"]:
        shown["table"] = content.decode("utf-8-sig", "replace")
    return _page(request, status=422 if outcome.problems else 200, **shown)


@require_GET
@staff(*SETS_CITY)
def take_out(request: StaffRequest, kind: str) -> HttpResponse:
    """A table of the city, to be mended in a spreadsheet and brought in again."""
    if kind not in KINDS:
        raise Http404
    own = {"staff": staff_table, "hours": hours_table}
    text = own[kind]() if kind in own else exports.table(kind)
    record(Kind.EXPORT, kind)
    headers = {"Content-Disposition": f'attachment; filename="{kind}.csv"'}
    return HttpResponse(text, content_type="text/csv; charset=utf-8", headers=headers)


@require_POST
@staff(*SETS_CITY)
def handlers(request: StaffRequest) -> HttpResponse:
    """Which agencies may be sent a denunciation."""
    before, chosen = _handlers(), request.POST.getlist("agency")
    ids = [number for each in chosen if (number := read_id(each))]
    if len(ids) < len(chosen):  # none is left out in silence: it would lose its right
        return errors.odd(request)
    with transaction.atomic():
        set_handlers(ids)
        record(Kind.SETTING, "denunciation_handlers", detail={"before": before, "after": _handlers()})
    return _page(request, handlers_saved=True)


def _handlers() -> list[str]:
    """Codes of the agencies that may be sent a denunciation."""
    return list(Agency.objects.filter(handles_denunciations=True).order_by("code").values_list("code", flat=True))


def _counted(outcome: Outcome) -> dict[str, int]:
    return {"added": len(outcome.added), "changed": len(outcome.changed), "unchanged": outcome.unchanged}


def _load(kind: str, content: bytes, *, dry_run: bool) -> tuple[Outcome, dict[str, str]]:
    with tempfile.NamedTemporaryFile(suffix=".csv") as file:
        path = Path(file.name)
        path.write_bytes(content)
        if kind == "hours":
            return load_hours(path, at=now(), dry_run=dry_run), {}
        if kind != "staff":
            return imports.load(kind, path, dry_run=dry_run), {}
        outcome, tokens = load_staff(path, at=now(), dry_run=dry_run)
    return outcome, {username: link(token) for username, token in tokens.items()}


def _effect(kind: str, content: bytes) -> Effect | None:
    """Which deadlines a calendar's file would move; nothing is written."""
    if kind not in ("calendar", "hours"):
        return None
    return would_move(lambda: _load(kind, content, dry_run=False))


def _page(request: StaffRequest, *, status: int = 200, **more: Any) -> HttpResponse:
    kinds = {
        "agencies": (_("Cơ quan"), Agency.objects.count()),
        "topics": (_("Lĩnh vực và thời hạn"), Topic.objects.count()),
        "places": (_("Địa bàn"), Place.objects.count()),
        "calendar": (_("Ngày nghỉ, ngày làm bù"), Holiday.objects.count()),
        "hours": (_("Giờ làm việc"), 7),
        "staff": (_("Cán bộ"), User.objects.count()),
    }
    shown = {
        "kinds": [(code, name, count) for code, (name, count) in kinds.items()],
        "kind": "agencies",
        "toll": alarm(at=now()),
        "sees_toll": True,
        "agencies": snapshot.agencies(),
    }
    return render(request, "desk/settings/settings.html", shown | more, status=status)
