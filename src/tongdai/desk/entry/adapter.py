"""How django-allauth behaves in this house: its limits, its words, where it leads to, and what letters it sends."""

from __future__ import annotations

import time
from typing import Any

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.core import context
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.signals import user_login_failed
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tongdai.accounts import mails
from tongdai.accounts.models import User
from tongdai.accounts.sign_in import devices, sessions, throttle
from tongdai.channels.voice.agents.lines import leave_the_room
from tongdai.platform.clock import now
from tongdai.platform.web.client_network import address_of, is_loopback
from tongdai.shell.language import remember

from ..flash import add_message
from ..navigation import first_page
from ..templatetags.desk import time_of_day

LETTERS = {
    "account/email/password_changed": "password",
    "account/email/password_set": "password",
    "account/email/password_reset": "password",
    "mfa/email/totp_activated": "totp_added",
    "mfa/email/totp_deactivated": "totp_removed",
    "mfa/email/webauthn_added": "passkey_added",
    "mfa/email/webauthn_removed": "passkey_removed",
    "mfa/email/recovery_codes_generated": "codes_made",
}
MESSAGES = {
    "account/messages/password_changed.txt": _("Mật khẩu mới đã được đặt. Những phiên khác của bạn đã kết thúc."),
    "mfa/messages/totp_activated.txt": _("Đã thêm ứng dụng mã."),
    "mfa/messages/totp_deactivated.txt": _("Đã bỏ ứng dụng mã."),
    "mfa/messages/webauthn_added.txt": _("Đã thêm khóa truy cập."),
    "mfa/messages/webauthn_removed.txt": _("Đã bỏ khóa truy cập."),
    "usersessions/messages/sessions_logged_out.txt": _("Các phiên khác đã kết thúc."),
}


def locked(until: throttle.Locked) -> ValidationError:
    """Too many guesses from here, in words."""
    return ValidationError(
        gettext("Đã thử sai quá nhiều lần. Tên này được thử lại từ {time}.").format(time=time_of_day(until.until)),
        code="locked",
    )


def display(user: User) -> str:
    return user.full_name


class Adapter(DefaultAccountAdapter):
    """settings.ACCOUNT_ADAPTER."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": _("Tên đăng nhập hoặc mật khẩu chưa đúng."),
        "username_password_mismatch": _("Tên đăng nhập hoặc mật khẩu chưa đúng."),
        "enter_current_password": _("Mật khẩu đang dùng chưa đúng."),
        "incorrect_password": _("Mật khẩu chưa đúng."),
        "incorrect_code": _("Mã chưa đúng, hoặc đã dùng rồi."),
        "invalid_password_reset": _("Đường dẫn này không còn dùng được."),
        "too_many_login_attempts": _("Đã thử sai quá nhiều lần. Chờ mười lăm phút rồi thử lại."),
        "rate_limited": _("Đã thử quá nhiều lần. Chờ mười lăm phút rồi thử lại."),
        "demo": _("Tài khoản dùng thử chỉ vào được từ chính máy đang chạy tổng đài."),
    }

    def authenticate(self, request: HttpRequest, **credentials: Any) -> AbstractBaseUser | None:
        """Who this is, if the password is right; the try is counted before it is looked at.

        Raises:
            ValidationError: too many tries, or a demo's published password from off this machine.
        """
        bucket = devices.bucket_of(request, credentials["username"])
        try:
            throttle.take(bucket, at=now())
        except throttle.Locked as until:
            given = {"username": credentials["username"]}
            user_login_failed.send(sender=__name__, credentials=given, request=request)
            raise locked(until) from until
        user = super().authenticate(request, **credentials)
        if not isinstance(user, User) or not user.is_active:
            return None
        throttle.clear(bucket)
        if user.demo and not is_loopback(request):
            raise self.validation_error("demo")
        return user

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Counted in `authenticate`, by ours."""

    def pre_login(self, request: HttpRequest, user: AbstractBaseUser, **more: Any) -> HttpResponse | None:
        if isinstance(user, User) and user.demo and not is_loopback(request):
            add_message(request, str(self.error_messages["demo"]))
            return HttpResponseRedirect(reverse("account_login"))
        return super().pre_login(request, user, **more)

    def post_login(self, request: HttpRequest, user: AbstractBaseUser, **more: Any) -> HttpResponse:
        response = super().post_login(request, user, **more)
        if isinstance(user, User):
            devices.remember(request, response, user)
            remember(response, user.language)
        return response

    def logout(self, request: HttpRequest) -> None:
        """Nobody is rung who has gone, and no stream goes on."""
        user = request.user
        leave_the_room(user)
        super().logout(request)
        if isinstance(user, User):
            sessions.notify_viewers([user.pk])

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return first_page(request.user) if isinstance(request.user, User) else reverse("account_login")

    def get_logout_redirect_url(self, request: HttpRequest) -> str:
        return reverse("account_login")

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("mfa_index")

    def respond_user_inactive(self, request: HttpRequest, user: AbstractBaseUser) -> HttpResponse:
        add_message(request, str(self.error_messages["account_inactive"]))
        return HttpResponseRedirect(reverse("account_login"))

    def is_reauthentication_required(self, *, app: str, **more: Any) -> bool:
        """Who has just come in need not say again who they are."""
        request = context.request
        records = get_authentication_records(request, request.user)
        recent = bool(records) and time.time() - records[-1]["at"] < app_settings.REAUTHENTICATION_TIMEOUT
        return not recent and super().is_reauthentication_required(app=app)

    def get_client_ip(self, request: HttpRequest) -> str:
        """As the list of sessions shows it to the person whose they are."""
        return address_of(request) or "::"

    def set_password(self, user: AbstractBaseUser, password: str) -> None:
        """The other sessions end by it."""
        user.set_password(password)
        user.save(update_fields=["password"])
        sessions.notify_viewers([user.pk])

    def add_message(self, request: HttpRequest, level: int, message_template: str | None = None, *args: Any,
                    message: str | None = None, **more: Any) -> None:  # fmt: skip
        words = message or MESSAGES.get(message_template or "")
        if words:
            add_message(request, str(words))

    def send_password_reset_mail(self, user: AbstractBaseUser, email: str, context: dict[str, Any]) -> None:
        if isinstance(user, User):
            mails.post("reset", user)

    def send_notification_mail(self, template_prefix: str, user: AbstractBaseUser, *args: Any, **more: Any) -> None:
        if isinstance(user, User) and template_prefix in LETTERS:
            mails.post(LETTERS[template_prefix], user)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """No letter of allauth's own leaves: `mails.py` has them all."""
