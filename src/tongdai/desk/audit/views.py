"""The record of what people did: one page, filtered, for the inspector and the administrator; and out again as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator

from django.db.models import Exists, OuterRef, Q
from django.http import HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from tongdai.accounts.models import User
from tongdai.accounts.rights import READS_RECORD
from tongdai.audit.entries import every, find, record
from tongdai.audit.models import Kind
from tongdai.shell.staff import StaffRequest, staff

from ..flash import add_message
from . import wanted
from .words import cells, in_words, secret_codes_hidden_from

PAGE = 50
MARK = "\ufeff"  # by which Excel knows UTF-8


@require_http_methods(["GET", "POST"])
@staff(*READS_RECORD)
def page(request: StaffRequest) -> HttpResponse:
    """Newest first. A telephone number is posted and kept in the session, so that it stands in no address."""
    if request.method == "POST":
        return _of_number(request)
    asked = wanted.read(request)
    found = [] if asked.wrong else find(asked.wanted, seen=_seen_by(request.user), most=PAGE + 1)
    shown = {
        "rows": in_words(found[:PAGE], reader=request.user),
        "typed": asked.typed,
        "wrong": asked.wrong,
        "kinds": Kind.choices,
        "staff": User.objects.order_by("username").only("username", "full_name")[:500],
        "same": asked.address(),
        "next": asked.address(after=found[PAGE - 1]) if len(found) > PAGE else "",
        "later": asked.wanted.after is not None,
    }
    return render(request, "desk/audit/page.html", shown, status=422 if asked.wrong else 200)


@require_GET
@staff(*READS_RECORD)
def export(request: StaffRequest) -> HttpResponse:
    """All that the filters let through, as CSV; the export itself is on record first."""
    asked = wanted.read(request)
    if asked.wrong:
        return HttpResponseRedirect(f"{reverse('desk:audit')}?{asked.address()}")
    filters = {name: value for name, value in asked.typed.items() if value and name != "phieu"}
    record(Kind.EXPORT, "record", case_code=asked.wanted.case_code, detail=filters)
    lines = _lines(cells(every(asked.wanted, seen=_seen_by(request.user))))
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="nhat-ky.csv"'
    return response  # type: ignore[return-value]  # streamed or not, the door only hands it on


def _of_number(request: StaffRequest) -> HttpResponse:
    asked = wanted.read(request)
    if not wanted.save_number(request):
        add_message(request, _("Số này chưa đúng. Ví dụ: 0912 345 678."))
        return HttpResponseRedirect(reverse("desk:audit"))
    record(Kind.READ, "record")
    asked.typed["nguoi"] = "1"
    return HttpResponseRedirect(f"{reverse('desk:audit')}?{asked.address()}")


def _seen_by(reader: User) -> Q:
    """No entry tells of a denunciation to whoever may not know of it."""
    hidden = secret_codes_hidden_from(reader).filter(code=OuterRef("case_code"))
    return Q(case_code="") | ~Q(Exists(hidden))


def _lines(rows: Iterable[list[str]]) -> Iterator[str]:
    yield MARK
    for row in rows:
        line = io.StringIO()
        csv.writer(line, lineterminator="\n").writerow(row)
        yield line.getvalue()
