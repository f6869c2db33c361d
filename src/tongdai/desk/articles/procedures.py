"""Procedures from a file at the editors' desk: first what it would change, then, if she says so, taken in."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from django.core import signing
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from tongdai.knowledge.procedures import sent
from tongdai.knowledge.procedures.imports import Outcome
from tongdai.knowledge.tables import MOST_BYTES, NotATable
from tongdai.shell.staff import StaffRequest, staff

from ..doors import APPROVES_ANSWERS
from ..flash import say

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
SALT, WITHIN = "desk.kho.procedures", 24 * 3600  # seconds for which a file that was tried may be taken in


@require_http_methods(["GET", "POST"])
@staff(*APPROVES_ANSWERS)
def try_file(request: StaffRequest) -> HttpResponse:
    """Choose a file; what it would change is shown, and nothing is written."""
    if request.method == "GET":
        return render(request, "desk/articles/procedures.html")
    file, whole = request.FILES.get("file"), "whole" in request.POST
    try:
        name, outcome = _tried(file, whole=whole)
    except NotATable as wrong:
        return render(request, "desk/articles/procedures.html", {"wrong": str(wrong), "whole": whole}, status=422)
    shown = {
        "outcome": outcome,
        "parts": _parts(outcome),
        "whole": whole,
        "token": signing.dumps({"name": name, "whole": whole}, salt=SALT),
    }
    return render(request, "desk/articles/procedures.html", shown)


@require_POST
@staff(*APPROVES_ANSWERS)
def take_in(request: StaffRequest) -> HttpResponse:
    """The file that was tried, by a job."""
    try:
        told = signing.loads(request.POST.get("token", ""), salt=SALT, max_age=WITHIN)
    except signing.BadSignature:
        say(request, _("Tệp thử đã quá một ngày hoặc không còn. Hãy chọn tệp và thử lại."))
        return HttpResponseRedirect(reverse("desk:kho_procedures"))
    sent.take_in_later(told["name"], whole=told["whole"])
    say(request, _("Đang nạp. Cả tệp cùng hiện ra khi nạp xong, thường trong một phút."))
    return HttpResponseRedirect(reverse("desk:kho"))


def _tried(file: Any, *, whole: bool) -> tuple[str, Outcome]:
    suffix = Path(file.name).suffix.lower() if file else ""
    if suffix not in READ_HERE:
        raise NotATable(_("Hãy chọn một tệp .jsonl, .csv hoặc .xlsx."))
    if file.size > MOST_BYTES:
        raise NotATable(_("Tệp quá lớn (hơn 60 MB). Hãy dùng lệnh tongdai knowledge import."))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"thu-tuc{suffix}"
        with path.open("wb") as out:
            for chunk in file.chunks():
                out.write(chunk)
        return sent.tried(path, whole=whole)


def _parts(outcome: Outcome) -> list[tuple[str, int, list[str]]]:
    """(what happens, to how many, the first of them)."""
    changed = [
        f"{code}: {', '.join(str(FIELDS[field]) for field in fields)}"
        + (_(" (người biên tập đã sửa tay)") if code in outcome.by_hand else "")
        for code, fields in outcome.changed.items()
    ]
    troubled = list(outcome.troubled)
    parts = [
        (_("Thủ tục mới"), outcome.added),
        (_("Thủ tục thay đổi"), changed),
        (_("Bị bãi bỏ: tệp không còn"), outcome.repealed),
        (_("Có chỗ ghi không rõ, chờ người xem"), troubled),
        (_("Dòng không đọc được"), outcome.problems),
    ]
    return [(name, len(each), each[:MOST_SHOWN]) for name, each in parts if each]
