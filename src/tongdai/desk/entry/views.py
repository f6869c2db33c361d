"""At the door: signing in and out, the language, the first administrator of an empty city."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth import login, logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from tongdai.accounts import sign_in as door
from tongdai.accounts.models import User
from tongdai.channels.voice.agents import leave_the_room
from tongdai.platform.clock import now
from tongdai.platform.network import is_loopback, network_of
from tongdai.shell.language import remember
from tongdai.shell.own_path import own_path
from tongdai.shell.staff import keep_words, pack_words, token_is_fresh

from ..doors import first_door
from ..flash import say
from .forms import SignInForm


@csrf_exempt
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest, *, ended: bool = False) -> HttpResponse:
    """Name and password. `ended`: called in the place of another page whose POST came after the session had ended."""
    if ended:
        back = request.get_full_path()
        return _page(request, SignInForm(), back=back, kept=pack_words(request), status=401)
    back = own_path(request.POST.get("next") or request.GET.get("next") or "")
    if request.method == "GET":
        if isinstance(request.user, User):
            return HttpResponseRedirect(back or first_door(request.user))
        return _page(request, SignInForm(), back=back)
    kept = request.POST.get("kept", "")
    form = SignInForm(request.POST)
    if not token_is_fresh(request):  # the page was open for long, or in a second tab
        return _page(request, form, back=back, kept=kept, status=403)
    if not form.is_valid():
        return _page(request, form, back=back, kept=kept, status=422)
    try:
        user = door.sign_in(**form.cleaned_data, network=network_of(request), loopback=is_loopback(request), at=now())
    except door.Refused as refused:
        return _page(request, form, back=back, kept=kept, refused=refused, status=429 if refused.until else 422)
    login(request, user)
    if kept and back:
        keep_words(request, kept, path=back)
    response = HttpResponseRedirect(back or first_door(user))
    return remember(response, user.language)


def _page(
    request: HttpRequest,
    form: SignInForm,
    *,
    back: str = "",
    kept: str = "",
    refused: door.Refused | None = None,
    status: int = 200,
) -> HttpResponse:
    shown: dict[str, Any] = {"form": form, "next": back, "kept": kept, "refused": refused}
    return render(request, "desk/entry/sign_in.html", shown, status=status)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session; what was left is a draft in the browser, not here. Nobody is rung who has gone."""
    leave_the_room(request.user)
    logout(request)
    say(request, _("Bạn đã ra khỏi bàn làm việc."))
    return HttpResponseRedirect(reverse("desk:sign_in"))


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Vietnamese or English, for this person from now on."""
    chosen = request.POST.get("language", "")
    back = HttpResponseRedirect(own_path(request.POST.get("next", ""), otherwise=reverse("desk:inbox")))
    if chosen not in dict(settings.LANGUAGES):
        return back
    if isinstance(request.user, User):
        User.objects.filter(pk=request.user.pk).update(language=chosen)
    return remember(back, chosen)
