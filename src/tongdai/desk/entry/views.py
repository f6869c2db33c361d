"""At the door: signing in and out, and the language. Who it is and whether they may is django-allauth's business."""

from __future__ import annotations

from typing import Any

from allauth.account.internal.flows.logout import logout
from allauth.account.views import LoginView, PasswordResetFromKeyView, PasswordResetView
from allauth.mfa.base.views import AuthenticateView
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.views import LoginWebAuthnView
from django.conf import settings
from django.core.exceptions import NON_FIELD_ERRORS
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tongdai.accounts.models import User
from tongdai.accounts.sign_in import on_record, second_factor
from tongdai.audit.entries import record
from tongdai.audit.models import Kind
from tongdai.channels.voice.agents.lines import is_on_the_line
from tongdai.shell.language import remember
from tongdai.shell.own_path import own_path
from tongdai.shell.saved_input import pack_input, save_input
from tongdai.shell.staff import token_is_fresh

from ..flash import add_message
from .forms import SignInForm

PAGE = "desk/entry/sign_in.html"


@csrf_exempt
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest, *, ended: str = "") -> HttpResponse:
    """Name and password. `ended`: called in the place of a form that came after the session had ended; the page it stands on."""
    if ended:
        shown = {"form": SignInForm(request=request), "next": ended, "kept": pack_input(request)}
        return render(request, PAGE, shown, status=401)
    if request.method == "POST" and not token_is_fresh(request):  # the page was open for long, or in a second tab
        form = SignInForm(request=request, initial={"login": request.POST.get("username", "")})
        return render(request, PAGE, {"form": form, **_onward(request)}, status=403)
    return SignIn.as_view()(request)


class SignIn(LoginView):
    template_name = PAGE

    def form_valid(self, form: BaseForm) -> HttpResponse:
        _save_input(self.request)
        return super().form_valid(form)

    def form_invalid(self, form: BaseForm) -> HttpResponse:
        locked = form.has_error(NON_FIELD_ERRORS, "locked")
        if locked:  # nobody was asked whether the password is right, so no signal tells of it
            record(Kind.SIGN_IN, "locked", subject=on_record.known(self.request.POST.get("username", "")))
        status = 429 if locked else 422
        return self.render_to_response(self.get_context_data(form=form), status=status)

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        return super().get_context_data(**more) | _onward(self.request)


class PasskeySignIn(LoginWebAuthnView):
    """A passkey alone."""

    def form_valid(self, form: BaseForm) -> HttpResponse:
        _save_input(self.request)
        return super().form_valid(form)

    def form_invalid(self, form: BaseForm) -> HttpResponse:
        record(Kind.SIGN_IN, "refused", what="passkey")
        add_message(self.request, _("Khóa truy cập này không mở được ở đây. Hãy vào bằng mật khẩu."))
        return HttpResponseRedirect(reverse("account_login"))


class SecondFactor(AuthenticateView):
    """The second proof, after the password."""

    template_name = "desk/entry/code.html"

    def form_invalid(self, form: BaseForm) -> HttpResponse:
        record(Kind.SIGN_IN, "factor_refused", subject=self.stage.login.user.pk)
        response = super().form_invalid(form)
        response.status_code = 429 if form.has_error("code", "locked") else 422
        return response

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        kinds = set(Authenticator.objects.filter(user=self.stage.login.user).values_list("type", flat=True))
        return super().get_context_data(**more) | {
            "with_passkey": Authenticator.Type.WEBAUTHN in kinds,
            "with_code": kinds - {Authenticator.Type.WEBAUTHN},
        }


class Forgotten(PasswordResetView):
    template_name = "desk/entry/forgotten.html"

    def form_valid(self, form: BaseForm) -> HttpResponse:
        record(Kind.SIGN_IN, "reset_asked", subject=on_record.known(form.cleaned_data.get("email", "")))
        return super().form_valid(form)

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        return super().get_context_data(**more) | {"mail": settings.SMTP is not None}


class NewPassword(PasswordResetFromKeyView):
    template_name = "desk/entry/new_password.html"


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session; what was left is a draft in the browser, not here. Nobody is rung who has gone.

    Not out of a call: a citizen would go on talking to a page that nobody sees.
    """
    if is_on_the_line(request.user):
        add_message(request, _("Bạn đang có cuộc gọi. Hãy gác máy hoặc từ chối cuộc gọi, rồi ra."))
        return HttpResponseRedirect(own_path(request.POST.get("next", ""), otherwise=reverse("desk:inbox")))
    was_in = request.user.is_authenticated
    logout(request, show_message=False)
    if was_in:
        add_message(request, _("Bạn đã ra khỏi bàn làm việc."))
    return HttpResponseRedirect(reverse("account_login"))


@never_cache
@require_GET
def here(request: HttpRequest) -> HttpResponse:
    """A hand is on the keys: the session goes on. Who is in, and the token of now for forms that were open before."""
    user = request.user
    if not isinstance(user, User) or second_factor.is_missing(request, user):
        return JsonResponse({}, status=401)
    return JsonResponse({"user": user.pk, "token": get_token(request)})


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


def _onward(request: HttpRequest) -> dict[str, Any]:
    """Where it goes on to, with what was typed there, and whether the session ended by itself."""
    given = request.POST if request.method == "POST" else request.GET
    back = own_path(given.get("next", ""))
    return {"next": back, "kept": request.POST.get("kept", ""), "idle": given.get("het") and settings.IDLE_MINUTES}


def _save_input(request: HttpRequest) -> None:
    """What was typed before the session ended, through every step of signing in."""
    packed, back = request.POST.get("kept", ""), own_path(request.POST.get("next", ""))
    if packed and back:
        save_input(request, packed, path=back)
