"""What is looked up: a row of a table by ward, by words or the nearest, and a dossier by its code."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from tongdai.knowledge.dossiers import one_stop
from tongdai.knowledge.lookups import row_search
from tongdai.knowledge.models import LookupRow, LookupTable, State
from tongdai.knowledge.usage import records
from tongdai.language.text import clean
from tongdai.people.models import Channel
from tongdai.platform.clock import now, today

from ..report.where import point
from . import paging
from .inquiry import record_opened
from .paging import Page

MOST_FOUND = 400  # rows that words may find in a table


@csrf_exempt  # reads only; whereabouts are posted, so that they stay out of addresses and logs
@require_http_methods(["GET", "HEAD", "POST"])
def table(request: HttpRequest, slug: str) -> HttpResponse:
    """A table: searched by ward or words, or the nearest first; always with its source and date."""
    found = LookupTable.objects.on(today()).filter(slug=slug, state=State.PUBLISHED).first()
    if found is None:
        raise Http404
    typed = clean(request.GET.get("q", ""))[:200]
    here = point(request.POST.get("latitude", ""), request.POST.get("longitude", ""))
    record_opened(request, found)
    every = row_search.shown([found])
    rows: list[tuple[LookupRow, float | None]]
    if here:
        rows = list(row_search.nearest(found, latitude=here[0], longitude=here[1], most=paging.MOST))
        page = Page(total=every.filter(latitude__isnull=False).count())
    else:
        named = row_search.rows_for(typed, tables=[found], most=MOST_FOUND) if typed else every.order_by("number")
        page = Page.of(request.GET.get("tu", ""), total=len(named) if typed else every.count())
        rows = [(each, None) for each in named[page.rows]]
    if (typed or here) and page.first == 1:
        first = rows[0][0].answer_key if rows else None
        records.record_lookup(typed, channel=Channel.WEB, at=now(), opened=first)
    shown = {
        "table": found,
        "rows": rows,
        "typed": typed,
        "query": f"{urlencode({'q': typed})}&" if typed else "",
        "near": bool(here),
        "page": page,
        "points": every.filter(latitude__isnull=False).exists(),
        "places": every.filter(place__isnull=False).exists(),
    }
    return render(request, "portal/answers/table.html", shown)


@never_cache
@require_safe
def dossier(request: HttpRequest) -> HttpResponse:
    """How a dossier stands at the one-stop system; honest when that doesn't answer."""
    source = one_stop.source()
    if source is None:
        raise Http404
    asked = clean(request.GET.get("ma", ""))
    code = one_stop.code_in(asked)
    shown: dict[str, Any] = {"asked": asked, "example": source.example, "bad": bool(asked) and not code}
    if code:
        try:
            shown["found"] = one_stop.look_up(code)
            shown["none"] = shown["found"] is None
        except one_stop.Unavailable:
            shown["away"] = True
        records.record_dossier_lookup(found=bool(shown.get("found")), channel=Channel.WEB, at=now())
    status = 503 if shown.get("away") else 404 if shown.get("none") else 422 if shown["bad"] else 200
    return render(request, "portal/answers/dossier.html", shown, status=status)
