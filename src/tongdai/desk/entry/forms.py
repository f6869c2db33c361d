"""The forms at the door: django-allauth's, with our labels, our limits and our words; and those of the one-time links."""

from __future__ import annotations

import json
import struct
from typing import Any

from allauth.account import forms as account
from allauth.core import context
from allauth.mfa.base import forms as mfa
from allauth.mfa.models import Authenticator
from allauth.mfa.totp import forms as totp
from allauth.mfa.totp.internal import auth as totp_auth
from allauth.mfa.utils import decrypt
from allauth.mfa.webauthn import forms as webauthn
from cryptography.exceptions import InvalidSignature
from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from tongdai.accounts.models import User
from tongdai.accounts.sign_in import devices, throttle
from tongdai.language.text import clean
from tongdai.platform.clock import now

from .adapter import locked

LONGEST = 200


def password_field(label: Any, *, empty: Any) -> forms.CharField:
    """`label` and `empty`, what is said where nothing was typed, are translated when they are shown."""
    return forms.CharField(label=label, max_length=LONGEST, strip=False, error_messages={"required": empty})


class SignInForm(account.LoginForm):
    """Name and password. In the page and in what is sent the name is `username`, as password managers know it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"] = forms.CharField(
            label=_("Tên đăng nhập"), max_length=60, error_messages={"required": _("Hãy gõ tên đăng nhập.")}
        )
        self.fields["password"] = password_field(_("Mật khẩu"), empty=_("Hãy gõ mật khẩu."))

    def add_prefix(self, field_name: str) -> str:
        return "username" if field_name == "login" else field_name

    def clean_login(self) -> str:
        return clean(self.cleaned_data["login"]).strip()

    def clean(self) -> Any:
        try:
            return super().clean()
        except ValidationError as wrong:
            if wrong.code != "username_password_mismatch":
                raise
            bucket = devices.bucket_of(self.request, self.cleaned_data["login"])
            at = now()
            if until := throttle.opens_at(bucket, at=at):
                raise locked(throttle.Locked(until)) from wrong
            left = throttle.TRIES - bucket.tries(at=at).count()
            left_over = ngettext("Còn một lần thử.", "Còn {left} lần thử.", left).format(left=left)
            raise ValidationError(f"{wrong.messages[0]} {left_over}", code=wrong.code) from wrong


class ChangePasswordForm(account.ChangePasswordForm):
    """One's own password; the one in use is asked for, and guesses at it are counted."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["password2"]
        self.fields["oldpassword"].label = _("Mật khẩu đang dùng")
        self.fields["oldpassword"].error_messages["required"] = _("Hãy gõ mật khẩu đang dùng.")
        _label_new(self)

    def clean_oldpassword(self) -> str:
        with counted(self.user, "mk:"):
            return str(super().clean_oldpassword())


class ForgottenForm(account.ResetPasswordForm):
    """Where the letter goes. The answer is the same whether anybody has this address or not."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("Địa chỉ thư của bạn")
        wrong = _("Địa chỉ thư chưa đúng. Ví dụ: ten@haiphong.gov.vn")
        self.fields["email"].error_messages = {"required": wrong, "invalid": wrong}

    def clean_email(self) -> str:
        email = str(super().clean_email())
        try:
            throttle.take(throttle.Bucket(f"thu:{email}"[:60], "anywhere"), at=now())
        except throttle.Locked:
            self.users: list[User] = []  # five letters are on their way already
        return email


class ResetForm(account.ResetPasswordKeyForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["password2"]
        _label_new(self)


class AgainForm(account.ReauthenticateForm):
    """The password once more, before something at the door is changed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].label = _("Mật khẩu")
        self.fields["password"].error_messages["required"] = _("Hãy gõ mật khẩu.")


class CodeMixin(forms.Form):
    """A code of the telephone's application or off the list; each is good once, and guesses at it are counted."""

    user: User

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].label = _("Mã sáu số trên điện thoại, hoặc mã dự phòng")
        self.fields["code"].error_messages["required"] = _("Hãy gõ mã.")

    def clean_code(self) -> str:
        with counted(self.user, "ma:"), transaction.atomic():
            Authenticator.objects.select_for_update().filter(user=self.user).first()  # two at once: one after the other
            code = str(super().clean_code())  # type: ignore[misc]
            spend(self.authenticator, code)  # type: ignore[attr-defined]
            return code


class CodeForm(CodeMixin, mfa.AuthenticateForm):
    pass


class CodeAgainForm(CodeMixin, mfa.ReauthenticateForm):
    pass


class ActivateCodeForm(totp.ActivateTOTPForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].label = _("Mã sáu số hiện trên điện thoại")
        self.fields["code"].error_messages["required"] = _("Hãy gõ mã hiện trên điện thoại.")


# What the parsers of a forged credential raise beside a ValidationError.
FORGED = (LookupError, TypeError, ValueError, AttributeError, EOFError, struct.error, InvalidSignature)


class Decoder(json.JSONDecoder):
    """Of JSON that somebody may have made up: a number of 5,000 digits or brackets without end are no JSON."""

    def decode(self, text: str, *more: Any) -> Any:
        try:
            return super().decode(text, *more)
        except (ValueError, RecursionError) as odd:
            raise json.JSONDecodeError(type(odd).__name__, "", 0) from odd


class PasskeyMixin(forms.Form):
    """What a browser signed, or somebody made up."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["credential"].decoder = Decoder  # type: ignore[attr-defined]

    def clean_credential(self) -> Any:
        try:
            return super().clean_credential()  # type: ignore[misc]
        except FORGED as forged:
            raise ValidationError(
                gettext("Chưa đọc được khóa truy cập. Hãy thử lại."), code="incorrect_code"
            ) from forged


class PasskeySignInForm(PasskeyMixin, webauthn.LoginWebAuthnForm):
    """A passkey alone: what opens the telephone or the computer, and nothing to type."""


class PasskeyForm(PasskeyMixin, webauthn.AuthenticateWebAuthnForm):
    """A passkey after the password."""


class PasskeyAgainForm(PasskeyMixin, webauthn.ReauthenticateWebAuthnForm):
    pass


class AddPasskeyForm(webauthn.AddWebAuthnForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["credential"].decoder = Decoder
        self.fields["name"].label = _("Gọi khóa này là")
        self.fields["name"].max_length = 60

    def clean(self) -> Any:
        try:
            return super().clean()
        except FORGED as forged:
            self.add_error("credential", gettext("Chưa đọc được khóa truy cập. Hãy thử lại."))
            raise ValidationError("", code="incorrect_code") from forged


def spend(authenticator: Authenticator, code: str) -> None:
    """A code of the application is used up, in every process of the house.

    Raises:
        ValidationError: this one, or a later one, has been used.
    """
    if authenticator.type != Authenticator.Type.TOTP:
        return
    row = Authenticator.objects.select_for_update().get(pk=authenticator.pk)
    secret = decrypt(row.data["secret"])
    shown = "".join(code.split())
    counters = [
        counter
        for counter in totp_auth.yield_hotp_counters_from_time()
        if totp_auth.format_hotp_value(totp_auth.hotp_value(secret, counter)) == shown
    ]
    if not counters or max(counters) <= row.data.get("spent", 0):
        raise ValidationError(
            gettext("Mã này đã dùng rồi. Chờ mã mới trên điện thoại rồi gõ lại."), code="incorrect_code"
        )
    row.data["spent"] = authenticator.data["spent"] = max(counters)
    row.save(update_fields=["data"])


class counted:
    """`with counted(user, "ma:"):` a guess, counted before it is looked at; what goes through clears the count."""

    def __init__(self, user: User, guess: str) -> None:
        self.bucket = devices.bucket_of(context.request, user.username, guess=guess)

    def __enter__(self) -> None:
        try:
            throttle.take(self.bucket, at=now())
        except throttle.Locked as until:
            raise locked(until) from until

    def __exit__(self, kind: object, *_: object) -> None:
        if kind is None:
            throttle.clear(self.bucket)


def _label_new(form: forms.Form) -> None:
    form.fields["password1"].label = _("Mật khẩu mới")
    form.fields["password1"].error_messages["required"] = _("Hãy gõ mật khẩu mới.")


class FirstAdminForm(forms.Form):
    full_name = forms.CharField(
        label=_("Họ và tên"), max_length=120, error_messages={"required": _("Hãy gõ họ và tên.")}
    )
    username = forms.SlugField(
        label=_("Tên đăng nhập"),
        max_length=60,
        error_messages={
            "required": _("Hãy chọn một tên đăng nhập."),
            "invalid": _("Tên đăng nhập chỉ gồm chữ không dấu, số, gạch nối; ví dụ: quan-tri."),
        },
    )
    password = password_field(_("Mật khẩu"), empty=_("Hãy đặt mật khẩu."))

    def clean_username(self) -> str:
        return free_username(self.cleaned_data["username"])


class NewPasswordForm(forms.Form):
    password = password_field(_("Mật khẩu"), empty=_("Hãy đặt mật khẩu."))


def free_username(name: str) -> str:
    """Nobody else's, however it is written."""
    if User.objects.filter(username__iexact=name).exists():
        raise ValidationError(gettext("Tên đăng nhập này đã có người dùng. Hãy chọn tên khác."))
    return name
