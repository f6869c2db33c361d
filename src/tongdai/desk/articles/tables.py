"""Look-up tables at the editors' desk: made, filled from a file or an address, its columns told, published."""

from __future__ import annotations

import tempfile
from datetime import date
from pathlib import Path
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from tongdai.accounts.models import Role
from tongdai.directory import snapshot
from tongdai.directory.freshness import forget
from tongdai.knowledge import edition, versions
from tongdai.knowledge.lookups import pulling, taking_in
from tongdai.knowledge.lookups.columns import Role as ColumnRole
from tongdai.knowledge.models import LookupTable, State
from tongdai.knowledge.tables import MOST_BYTES, NotATable
from tongdai.platform.clock import now
from tongdai.platform.vietnamese import clean, fold
from tongdai.shell.staff import StaffRequest, staff

from ..case.forms import WordsField
from ..doors import APPROVES_ANSWERS, EDITS_ANSWERS
from ..flash import say


class TableForm(forms.Form):
    name = WordsField(label=gettext_lazy("Tên bảng"), max_length=200)
    about = WordsField(label=gettext_lazy("Bảng này cho biết gì"), required=False, max_length=500)
    source = WordsField(label=gettext_lazy("Nguồn"), max_length=300)
    as_of = forms.DateField(label=gettext_lazy("Số liệu ngày"))
    keyword = forms.RegexField(
        r"^[A-Za-z0-9]{2,20}$", label=gettext_lazy("Từ khóa nhắn tin"), required=False,
        error_messages={"invalid": gettext_lazy("Từ khóa: 2 đến 20 chữ không dấu hoặc số, viết liền.")},
    )  # fmt: skip
    valid_to = forms.DateField(label=gettext_lazy("Đến hết ngày"), required=False)
    url = forms.URLField(label=gettext_lazy("Tự lấy từ địa chỉ"), required=False, assume_scheme="https")
    minutes = forms.IntegerField(
        label=gettext_lazy("Mỗi bao nhiêu phút"), required=False,
        validators=[MinValueValidator(5), MaxValueValidator(10_080)],
    )  # fmt: skip


@require_POST
@staff(*EDITS_ANSWERS)
def new(request: StaffRequest) -> HttpResponse:
    """An empty table, unseen until it is published."""
    name = clean(request.POST.get("name", ""))[:200] or _("Bảng mới")
    slug, number = slugify(fold(name))[:50] or "bang", 1
    while LookupTable.objects.filter(slug=slug if number == 1 else f"{slug}-{number}").exists():
        number += 1
    table = LookupTable.objects.create(
        slug=slug if number == 1 else f"{slug}-{number}", name=name, source="", as_of=snapshot.today(), updated_at=now()
    )
    return HttpResponseRedirect(reverse("desk:kho_table", args=[table.slug]))


@require_http_methods(["GET", "POST"])
@staff(*EDITS_ANSWERS)
def edit(request: StaffRequest, slug: str) -> HttpResponse:
    """What the table is; a file, if one was chosen, is kept and taken in by a job."""
    table = get_object_or_404(LookupTable, slug=slug)
    if request.method == "GET":
        return _page(request, table, TableForm(initial=_first(table)))
    form = TableForm(request.POST)
    if not form.is_valid():
        return _page(request, table, form, status=422)
    said = form.cleaned_data
    versions.keep(table, by=request.user, at=now())
    for field in ("name", "about", "source", "as_of", "valid_to"):
        setattr(table, field, said[field])
    table.keyword = said["keyword"].upper()
    table.pull = (table.pull | {"url": said["url"], "minutes": said["minutes"] or 60}) if said["url"] else {}
    for column in table.columns:
        role = request.POST.get(f"role-{column['name']}", column["role"])
        if role in ColumnRole.values:
            column["role"] = role
        column["label"] = clean(request.POST.get(f"label-{column['name']}", ""))[:80] or column["label"]
    table.version += 1
    table.updated_at = now()
    table.save()
    edition.turn()
    forget()
    if file := request.FILES.get("file"):
        wrong = _take(request, table, file, as_of=said["as_of"])
        if wrong:
            return _page(request, table, form, wrong=wrong, status=422)
        say(request, _("Đã cất tệp, đang nạp. Người dân thấy bảng cũ cho đến khi bảng mới xong cả."))
    say(request, _("Đã lưu."))
    return HttpResponseRedirect(reverse("desk:kho_table", args=[table.slug]))


@require_POST
@staff(*EDITS_ANSWERS)
def deed(request: StaffRequest, slug: str) -> HttpResponse:
    """Publish, withdraw, or fetch now."""
    table, asked = get_object_or_404(LookupTable, slug=slug), request.POST.get("deed", "")
    if asked == "pull" and table.pull:
        pulling.pull(table, at=now())
        table.refresh_from_db()
        say(request, table.pull_trouble or _("Đã lấy từ nguồn."))
    elif Role(request.user.role) not in APPROVES_ANSWERS:
        say(request, _("Việc này cần người duyệt."))
    elif asked == "publish" and not (table.source and table.generation):
        say(request, _("Chưa công khai được: bảng cần nguồn và ít nhất một tệp đã nạp xong."))
    elif asked in ("publish", "withdraw"):
        versions.keep(table, by=request.user, at=now())
        table.state = State.PUBLISHED if asked == "publish" else State.WITHDRAWN
        table.version += 1
        table.save(update_fields=["state", "version"])
        edition.turn()
        forget()
        say(request, _("Đã công khai.") if asked == "publish" else _("Đã gỡ."))
    return HttpResponseRedirect(reverse("desk:kho_table", args=[table.slug]))


def _take(request: StaffRequest, table: LookupTable, file: Any, *, as_of: date) -> str:
    """Keep the file and queue it; what is wrong with it, in words, or nothing."""
    if file.size > MOST_BYTES:
        return _("Tệp quá lớn (hơn 60 MB). Hãy chia ra nhiều bảng.")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"bang{Path(file.name).suffix.lower()[:6]}"
        with path.open("wb") as out:
            for chunk in file.chunks():
                out.write(chunk)
        try:
            taking_in.begin(table, path, as_of=as_of, by=request.user, at=now())
        except NotATable as wrong:
            return str(wrong)
    return ""


def _first(table: LookupTable) -> dict[str, Any]:
    fields = ("name", "about", "source", "as_of", "keyword", "valid_to")
    pulled = {"url": table.pull.get("url", ""), "minutes": table.pull.get("minutes")}
    return {name: getattr(table, name) for name in fields} | pulled


def _page(
    request: StaffRequest, table: LookupTable, form: TableForm, *, wrong: str = "", status: int = 200
) -> HttpResponse:
    shown = {
        "table": table,
        "form": form,
        "wrong": wrong,
        "roles": ColumnRole.choices,
        "imports": table.imports.select_related("by").order_by("-pk")[:6],
        "rows": table.rows.filter(generation=table.generation).count(),
        "approves": Role(request.user.role) in APPROVES_ANSWERS,
    }
    return render(request, "desk/articles/table.html", shown, status=status)
