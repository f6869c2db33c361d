"""Look-up tables at the editors' desk: made, filled from a file or an address, its columns told; drafted and approved as

every answer is (`views.action`).
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from datetime import date
from http import HTTPStatus
from pathlib import Path
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from tongdai.accounts.rights import APPROVES_ANSWERS, EDITS_ANSWERS
from tongdai.directory import snapshot
from tongdai.knowledge.answers import publishing, versions
from tongdai.knowledge.importing.sheets import MOST_BYTES, NotATable
from tongdai.knowledge.lookups import scheduled_fetch, table_import
from tongdai.knowledge.models import ColumnRole, LookupTable, State
from tongdai.language.text import clean, fold
from tongdai.platform.clock import now, today
from tongdai.platform.typed_input import too_long
from tongdai.platform.web.body_limits import takes
from tongdai.shell.staff import StaffRequest, staff

from ..flash import add_message
from .changes import changes
from .forms import TableForm, table_form
from .rows import address_of, draft_name, is_saved, visible, was_saved

RESERVED = frozenset({"moi"})  # `/ban/kho/bang/moi/` makes a new one
LONGEST_NAME, LONGEST_LABEL = 200, 80
FIRST = 8  # rows that are shown to whoever approves


@require_POST
@staff(*EDITS_ANSWERS)
def new(request: StaffRequest) -> HttpResponse:
    """An empty table, unseen until it is published."""
    name = clean(request.POST.get("name", "")) or _("Bảng mới")
    if wrong := too_long(name, most=LONGEST_NAME):
        add_message(request, wrong)
        return HttpResponseRedirect(reverse("desk:knowledge"))
    stem, number = slugify(fold(name))[:50] or "bang", 1
    slug = stem
    while slug in RESERVED or LookupTable.objects.filter(slug=slug).exists():
        number += 1
        slug = f"{stem}-{number}"
    table = LookupTable.objects.create(
        slug=slug, name=name, source="", as_of=today(),
        owner=request.user.agency, updated_at=now(),
    )  # fmt: skip
    return HttpResponseRedirect(address_of(table))


@takes(megabytes=80)
@require_http_methods(["GET", "POST"])
@staff(*EDITS_ANSWERS)
def edit(request: StaffRequest, slug: str) -> HttpResponse:
    """What the table is, or what its draft says; a file, if one was chosen, is kept and taken in by a job."""
    table = get_object_or_404(visible(request.user, LookupTable), slug=slug)
    content, seen = _content(table), publishing.mark_of(table, publishing.draft_of(table))
    form = table_form(request.POST if request.method == "POST" else None, table=table, content=content, seen=seen)
    if request.method == "GET" or not form.is_valid():
        return _page(request, table, form, status=HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK)
    columns = _columns(request.POST, content["columns"])
    if wrong := _twice(columns) or _too_long(columns):
        form = _typed(request, table, content)
        return _page(request, table, form, wrong=wrong, columns=columns, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    edited = form.content() | {"columns": columns, "generation": content["generation"]}
    try:
        publishing.save_draft(table, edited, by=request.user, at=now(), seen=form.cleaned_data["seen"])
    except publishing.ChangedMeanwhile as changed:
        form = _typed(request, table, content)
        return _page(request, table, form, changed=str(changed), status=HTTPStatus.CONFLICT)
    table.refresh_from_db()
    if wrong := _read(request, table, edited, roles_before=_roles(content["columns"])):
        form = _typed(request, table, content)
        return _page(request, table, form, wrong=wrong, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    is_saved(request, table)
    add_message(
        request, _("Đã lưu bản nháp. Người dân vẫn đọc bản đang công khai cho đến khi bản này được duyệt và đăng.")
    )
    return HttpResponseRedirect(address_of(table))


@require_POST
@staff(*EDITS_ANSWERS)
def pull(request: StaffRequest, slug: str) -> HttpResponse:
    """Fetch it now from its address; while nobody has approved that address, whoever approves may."""
    table = get_object_or_404(visible(request.user, LookupTable), slug=slug)
    if not _may_fetch(request, table):
        add_message(request, _("Địa chỉ chưa được duyệt: nhờ người duyệt lấy lần đầu."))
    elif table.pull:
        scheduled_fetch.fetch(table, at=now())
        table.refresh_from_db()
        add_message(request, table.pull_trouble or _("Đã lấy từ nguồn."))
    return HttpResponseRedirect(address_of(table))


def _may_fetch(request: StaffRequest, table: LookupTable) -> bool:
    return table.state == State.PUBLISHED or request.user.role in APPROVES_ANSWERS


def _content(table: LookupTable) -> dict[str, Any]:
    held = publishing.draft_of(table)
    published = versions.content_of(table) | {"generation": table.generation}
    return published | (held.content if held else {})


def _columns(posted: Mapping[str, Any], columns: Sequence[dict[str, str]]) -> list[dict[str, str]]:
    """The columns as the editor describes them: what each is called, and what it says of a row."""
    described = []
    for column in columns:
        role = str(posted.get(f"role-{column['name']}", column["role"]))
        label = clean(str(posted.get(f"label-{column['name']}", ""))) or column["label"]
        described.append(column | {"role": role if role in ColumnRole.values else column["role"], "label": label})
    return described


def _too_long(columns: Sequence[Mapping[str, str]]) -> str:
    """What is said of the first label that is too long; or nothing."""
    return next(filter(None, (too_long(column["label"], most=LONGEST_LABEL) for column in columns)), "")


def _twice(columns: Sequence[Mapping[str, str]]) -> str:
    """What is wrong where two columns say the same of a row, in words; or nothing."""
    first: dict[str, str] = {}
    for column in columns:
        role = column["role"]
        if role in first and role != ColumnRole.TEXT:
            return _("Hai cột “{one}” và “{other}” cùng là “{role}”. Chọn một; cột kia là “thông tin khác”.").format(
                one=first[role], other=column["label"], role=ColumnRole(role).label
            )
        first.setdefault(role, column["label"])
    return ""


def _roles(columns: Sequence[Mapping[str, str]]) -> list[tuple[str, str]]:
    return [(column["name"], column["role"]) for column in columns]


def _read(
    request: StaffRequest, table: LookupTable, content: dict[str, Any], *, roles_before: list[tuple[str, str]]
) -> str:
    """Take in the file that was chosen; none chosen, but columns described otherwise: the last file once more. Returns what is

    wrong with the file, in words, or nothing.
    """
    as_of = date.fromisoformat(content["as_of"])
    if file := request.FILES.get("file"):
        if wrong := _take(request, table, file, as_of=as_of, columns=content["columns"]):
            return wrong
        add_message(
            request, _("Đã cất tệp, đang nạp. Người dân thấy bảng cũ cho đến khi bảng mới xong cả và được duyệt.")
        )
    elif _roles(content["columns"]) != roles_before and table_import.import_again(
        table, by=request.user, at=now(), columns=content["columns"]
    ):
        add_message(request, _("Đang đọc lại tệp gần nhất theo cách hiểu mới của các cột."))
    return ""


def _take(
    request: StaffRequest, table: LookupTable, file: Any, *, as_of: date, columns: Sequence[dict[str, str]]
) -> str:
    if file.size > MOST_BYTES:
        return _("Tệp quá lớn (hơn 60 MB). Hãy chia ra nhiều bảng.")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bang"  # its own name says nothing of how it is read
        with path.open("wb") as out:
            for chunk in file.chunks():
                out.write(chunk)
        try:
            table_import.begin(table, path, as_of=as_of, by=request.user, at=now(), columns=columns)
        except NotATable as wrong:
            return str(wrong)
    return ""


def _typed(request: StaffRequest, table: LookupTable, content: dict[str, Any]) -> TableForm:
    """What was typed stays; saved once more, it stands against what is there now."""
    typed, seen = request.POST.copy(), publishing.mark_of(table, publishing.draft_of(table))
    typed["seen"] = seen
    return table_form(typed, table=table, content=content, seen=seen)


def _page(
    request: StaffRequest,
    table: LookupTable,
    form: TableForm,
    *,
    wrong: str = "",
    changed: str = "",
    columns: Sequence[dict[str, str]] = (),
    status: HTTPStatus = HTTPStatus.OK,
) -> HttpResponse:
    """`columns`: as they were typed, where that can't be saved."""
    held, content = publishing.draft_of(table), _content(table)
    shown: dict[str, Any] = {
        "row": table,
        "kind": table.KIND,
        "form": form,
        "held": held,
        "wrong": wrong,
        "changed": changed,
        "columns": columns or content["columns"],
        "draft": draft_name(table),
        "saved": was_saved(request, table),
        "may_fetch": bool(table.pull) and _may_fetch(request, table),
        "roles": ColumnRole.choices,
        "imports": table.imports.select_related("by").order_by("-pk")[:6],
        "rows": table.rows.filter(generation=table.generation).count(),
        "waiting": table.rows.filter(generation=content["generation"]).count(),
        "first": [
            (row, [row.values.get(column["name"], "") for column in content["columns"]])
            for row in table.rows.filter(generation=content["generation"]).select_related("place")[:FIRST]
        ],
        "newer": content["generation"] > table.generation,
        "warnings": publishing.warnings(table, content, today=today()),
        "changes": changes(table, held, form),
        "seen": publishing.mark_of(table, held),
        "history": versions.versions_of(table)[:20],
        "agencies": snapshot.agencies(),
        "approves": request.user.role in APPROVES_ANSWERS,
        "theirs": held is not None and held.by_id == request.user.pk,
    }
    return render(request, "desk/articles/table.html", shown, status=int(status))
