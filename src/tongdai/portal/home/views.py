"""The first page: one box, three doors, and today's figures."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tongdai.platform.clock import now

from .today import today


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Needs no cookie and no session; the figures are counted at most once a minute."""
    return render(request, "portal/home/home.html", {"now": now(), "today": today()})
