"""One's own account: password, second factor, sessions; and the table of who may do what."""

from __future__ import annotations

from typing import Any

from allauth.core import context as allauth
from allauth.mfa.base.views import IndexView
from allauth.mfa.totp.views import ActivateTOTPView
from allauth.mfa.webauthn.views import AddWebAuthnView, ReauthenticateWebAuthnView, RemoveWebAuthnView
from allauth.usersessions.models import UserSession
from django.forms import BaseForm
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from tongdai.accounts.models import Role, User
from tongdai.accounts.rights import TABLE
from tongdai.accounts.sign_in import second_factor, sessions
from tongdai.shell.saved_input import SAVED_INPUT
from tongdai.shell.staff import StaffRequest, staff

from ..flash import add_message
from ..navigation import first_page


class Account(IndexView):
    """What opens this person's door; who has no second factor yet, and must, sees only how to get one."""

    template_name = "desk/account/account.html"

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        user = self.request.user
        assert isinstance(user, User)
        demanded = second_factor.demanded_of(user)
        return super().get_context_data(**more) | {
            "demanded": demanded,
            "missing": second_factor.is_missing(self.request, user),
            "sessions": sessions.of(user),
            "current": self.request.session.session_key,
            "first_page": first_page(user),
            "kept": SAVED_INPUT in self.request.session,
        }


class AddCodes(ActivateTOTPView):
    """An application on the telephone that shows six digits."""

    def form_invalid(self, form: BaseForm) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=422)


class AddPasskey(AddWebAuthnView):
    """What unlocks this telephone or computer opens the desk, too."""

    def form_invalid(self, form: BaseForm) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=422)


class AgainByPasskey(ReauthenticateWebAuthnView):
    """The passkey once more, before something at the door is changed."""

    def form_invalid(self, form: BaseForm) -> HttpResponse:
        add_message(self.request, _("Chưa đọc được khóa truy cập. Hãy thử lại."))
        return HttpResponseRedirect(self.request.get_full_path())


class RemovePasskey(RemoveWebAuthnView):
    """The last second factor stays where one is demanded."""

    def form_valid(self, form: BaseForm) -> HttpResponse:
        adapter = second_factor.MFAAdapter(allauth.request)
        if not adapter.can_delete_authenticator(self.get_object()):
            add_message(self.request, str(adapter.error_messages["cannot_delete_authenticator"]))
            return HttpResponseRedirect(reverse("mfa_index"))
        return super().form_valid(form)

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        return super().get_context_data(**more) | {"passkey": self.object.wrap().name}


@require_POST
@staff()
def end_others(request: StaffRequest) -> HttpResponse:
    """Every session of mine but this one."""
    count = sessions.end_all(request.user, but=request.session.session_key or "")
    add_message(request, _("Đã kết thúc {count} phiên khác.").format(count=count))
    return HttpResponseRedirect(reverse("mfa_index"))


@require_POST
@staff()
def end_one(request: StaffRequest, pk: int) -> HttpResponse:
    """A session of mine: a telephone that was lost, a computer at the other office."""
    found = get_object_or_404(UserSession, pk=pk, user=request.user)
    if found.session_key == request.session.session_key:
        raise Http404
    sessions.end([found])
    add_message(request, _("Phiên ấy đã kết thúc."))
    return HttpResponseRedirect(reverse("mfa_index"))


@require_GET
@staff()
def rights(request: StaffRequest) -> HttpResponse:
    """Every role and what it may do."""
    groups = [
        (group, [(right.label, [(role.label, role in right) for role in Role]) for right in rows])
        for group, rows in TABLE
    ]
    return render(request, "desk/account/rights.html", {"groups": groups, "roles": [role.label for role in Role]})
