"""Procedures from a file at the editors' desk: first what it would change; another has it taken in."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from http import HTTPStatus
from itertools import islice
from pathlib import Path
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tongdai.accounts.models import User
from tongdai.accounts.rights import APPROVES_ANSWERS
from tongdai.audit.entries import record
from tongdai.audit.models import Kind
from tongdai.knowledge.answers.publishing import PublishingRefused
from tongdai.knowledge.importing.procedures import submissions
from tongdai.knowledge.importing.procedures.imports import Outcome
from tongdai.knowledge.importing.sheets import MOST_BYTES, NotATable
from tongdai.knowledge.models import ProcedureImport
from tongdai.language.text import clean
from tongdai.platform.clock import now
from tongdai.platform.web.body_limits import takes
from tongdai.shell.staff import StaffRequest, staff

from ..flash import add_message

FIELDS = {
    "name": gettext_lazy("tên"), "summary": gettext_lazy("lời tóm tắt"), "field": gettext_lazy("lĩnh vực"),
    "levels": gettext_lazy("cấp"), "audience": gettext_lazy("đối tượng"), "agency": gettext_lazy("cơ quan"),
    "place": gettext_lazy("nơi nộp"), "requirements": gettext_lazy("điều kiện"), "steps": gettext_lazy("các bước"),
    "papers": gettext_lazy("giấy tờ"), "ways": gettext_lazy("cách nộp, thời hạn, lệ phí"),
    "result": gettext_lazy("kết quả"), "legal_basis": gettext_lazy("căn cứ"),
    "decision": gettext_lazy("quyết định công bố"), "source": gettext_lazy("nguồn"),
    "troubles": gettext_lazy("chỗ không rõ"), "valid_to": gettext_lazy("có lại sau khi bãi bỏ"),
}  # fmt: skip
READ_HERE = (".jsonl", ".json", ".csv", ".xlsx")
MOST_SHOWN = 40


@takes(megabytes=80)
@require_http_methods(["GET", "POST"])
@staff(*APPROVES_ANSWERS)
def send(request: StaffRequest) -> HttpResponse:
    """Choose a file; what it would change is shown, and nothing is written. Below: the files that were sent before."""
    shown: dict[str, Any] = {"sent": _sent_before()}
    if request.method == "GET":
        return render(request, "desk/articles/procedures.html", shown)
    file, whole = request.FILES.get("file"), "whole" in request.POST
    try:
        work = _store(file, whole=whole, by=request.user)
    except NotATable as wrong:
        shown |= {"wrong": str(wrong), "whole": whole}
        return render(request, "desk/articles/procedures.html", shown, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    return HttpResponseRedirect(reverse("desk:knowledge_procedures_tried", args=[work.pk]))


@require_GET
@staff(*APPROVES_ANSWERS)
def tried(request: StaffRequest, number: int) -> HttpResponse:
    """What a sent file would change, or has."""
    work = get_object_or_404(ProcedureImport.objects.select_related("by", "approved_by"), pk=number)
    outcome = submissions.outcome_of(work)
    shown = {
        "work": work,
        "name": submissions.name_of(work),
        "outcome": outcome,
        "parts": _parts(outcome),
        "theirs": work.by_id == request.user.pk,
    }
    return render(request, "desk/articles/procedures_tried.html", shown)


@require_POST
@staff(*APPROVES_ANSWERS)
def action(request: StaffRequest, number: int) -> HttpResponse:
    """Another than the sender has it taken in, by a job; or it is put aside."""
    if request.POST.get("action") == "put_aside":
        submissions.put_aside(number)
        add_message(request, _("Đã bỏ tệp. Kho không thay đổi gì."))
        return HttpResponseRedirect(reverse("desk:knowledge_procedures"))
    try:
        submissions.approve(number, by=request.user, confirmed="confirmed" in request.POST)
        record(Kind.IMPORT, "procedures", what=f"procedures {number}")
        add_message(request, _("Đang nạp. Cả tệp cùng hiện ra khi nạp xong, thường trong một phút."))
    except PublishingRefused as refused:
        add_message(request, str(refused))
        if ProcedureImport.objects.filter(pk=number).exists():
            return HttpResponseRedirect(reverse("desk:knowledge_procedures_tried", args=[number]))
    return HttpResponseRedirect(reverse("desk:knowledge_procedures"))


def _sent_before() -> list[dict[str, Any]]:
    """All that wait, and the last of the others."""
    works = ProcedureImport.objects.select_related("by", "approved_by")
    listed = [*works.filter(approved_by=None), *works.exclude(approved_by=None)[:10]]
    return [
        {"work": work, "name": submissions.name_of(work), "outcome": submissions.outcome_of(work)} for work in listed
    ]


def _store(file: Any, *, whole: bool, by: User) -> ProcedureImport:
    if not file or Path(file.name).suffix.lower() not in READ_HERE:
        raise NotATable(_("Hãy chọn một tệp .jsonl, .json, .csv hoặc .xlsx."))
    if file.size > MOST_BYTES:
        raise NotATable(_("Tệp quá lớn (hơn 60 MB). Hãy dùng lệnh tongdai knowledge import."))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "thu-tuc"  # its own name says nothing of how it is read
        with path.open("wb") as out:
            for chunk in file.chunks():
                out.write(chunk)
        return submissions.send(path, name=clean(file.name)[:200], whole=whole, by=by, at=now())


def _parts(outcome: Outcome) -> list[tuple[str, int, list[str]]]:
    """(what happens, to how many, the first of them)."""
    parts: list[tuple[str, int, Iterable[str]]] = [
        (_("Thủ tục mới"), len(outcome.added), (_named(outcome, code) for code in outcome.added)),
        (_("Thủ tục thay đổi"), len(outcome.changed), _with_fields(outcome, outcome.changed)),
        (_("Lời chính thức đã đổi, cần xem lại lời thường (số phần)"), outcome.texts_to_review,
         _with_fields(outcome, outcome.to_review)),
        (_("Giữ lời thường, lời chính thức ghi bên cạnh (số phần)"), outcome.texts_standing,
         _with_fields(outcome, outcome.standing)),
        (_("Bị bãi bỏ: tệp không còn"), len(outcome.repealed), (_named(outcome, code) for code in outcome.repealed)),
        (_("Có chỗ ghi không rõ, chờ người xem"), len(outcome.troubled),
         (_named(outcome, code) for code in outcome.troubled)),
        (_("Dòng không đọc được"), len(outcome.problems), outcome.problems),
    ]  # fmt: skip
    return [(name, count, list(islice(each, MOST_SHOWN))) for name, count, each in parts if count]


def _with_fields(outcome: Outcome, of: dict[str, list[str]]) -> Iterable[str]:
    return (
        f"{_named(outcome, code)}: {', '.join(str(FIELDS[each]) for each in fields)}" for code, fields in of.items()
    )


def _named(outcome: Outcome, code: str) -> str:
    return f"{code} {outcome.names.get(code, '')[:160]}".rstrip()
