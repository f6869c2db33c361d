"""The first page: one box, three ways on, and today's figures."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tongdai.language.dates import weekday
from tongdai.platform.clock import CITY_TZ

from . import offered
from .counted import counted_today


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Needs no cookie and no session; the figures are counted at most once a minute."""
    counted = counted_today()
    local = counted.until.astimezone(CITY_TZ)
    day = f"{weekday(counted.until)}, {local.day}.{local.month}.{local.year}"
    shown = {
        "today": counted,
        "day": day[:1].upper() + day[1:],
        "tables": offered.tables(),
        "asked": offered.procedures(),
    }
    return render(request, "portal/home/home.html", shown)
