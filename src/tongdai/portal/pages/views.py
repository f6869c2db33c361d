"""Pages of plain text, and the choice of language."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render, resolve_url
from django.views.decorators.http import require_GET

from tongdai.shell import language
from tongdai.shell.own_path import own_path


@require_GET
def conduct(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/pages/conduct.html")


@require_GET
def access(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/pages/access.html")


@require_GET
def speak(request: HttpRequest, spoken: str) -> HttpResponse:
    """Remember the language in this browser and go back to the page one came from."""
    if spoken not in dict(settings.LANGUAGES):
        raise Http404
    back = own_path(request.GET.get("ve", ""), otherwise=resolve_url("portal:home"))
    return language.remember(HttpResponseRedirect(back), spoken)
