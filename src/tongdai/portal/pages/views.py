"""Pages of plain text, and the choice of language."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET

from tongdai.shell import language


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
    back = request.GET.get("ve", "")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts=None):
        back = resolve_url("portal:home")
    return language.remember(HttpResponseRedirect(back), spoken)
