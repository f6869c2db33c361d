"""The two one-time links: the first administrator of an empty city, and a new colleague's first password."""

from __future__ import annotations

from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import perform_login
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from tongdai.accounts import first_admin as first
from tongdai.accounts import invitations
from tongdai.accounts.models import User
from tongdai.platform.clock import now

from ..flash import add_message
from .forms import FirstAdminForm, NewPasswordForm


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def first_admin(request: HttpRequest, token: str) -> HttpResponse:
    """Whoever holds the link names themself and sets a password: an administrator, or an invited colleague."""
    try:
        invited = invitations.find(token, at=now()).user
        form = _form(request, invited)
        if request.method == "GET":
            return _page(request, form, invited)
        if not form.is_valid() or not _password_will_do(form, invited):
            return _page(request, form, invited, status=422)
        given = form.cleaned_data
        if invited is None:
            user = first.become(token, at=now(), **given)
        else:
            user = invitations.set_password(token, password=given["password"], at=now())
    except invitations.InvitationSpent:
        return render(request, "desk/entry/spent.html", status=410)
    record_authentication(request, user, method="password")
    add_message(request, _("Chào {name}. Lần sau bạn vào bằng tên đăng nhập {username}.").format(
        name=user.full_name, username=user.username
    ))  # fmt: skip
    return perform_login(request, user)  # the second factor of whoever has one is asked for


def _form(request: HttpRequest, invited: User | None) -> FirstAdminForm | NewPasswordForm:
    shape = FirstAdminForm if invited is None else NewPasswordForm
    return shape(request.POST) if request.method == "POST" else shape()


def _password_will_do(form: FirstAdminForm | NewPasswordForm, invited: User | None) -> bool:
    """Long enough, and none that everybody tries first."""
    given = form.cleaned_data
    about = invited or User(username=given["username"], full_name=given["full_name"])
    try:
        validate_password(given["password"], about)
    except ValidationError as weak:
        form.add_error("password", weak)
    return form.is_valid()


def _page(
    request: HttpRequest, form: FirstAdminForm | NewPasswordForm, invited: User | None, *, status: int = 200
) -> HttpResponse:
    return render(request, "desk/entry/first_admin.html", {"form": form, "invited": invited}, status=status)
