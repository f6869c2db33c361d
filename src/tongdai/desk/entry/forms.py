"""The form at the door."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class SignInForm(forms.Form):
    username = forms.CharField(
        label=_("Tên đăng nhập"), max_length=60, error_messages={"required": _("Hãy gõ tên đăng nhập.")}
    )
    password = forms.CharField(
        label=_("Mật khẩu"), max_length=200, strip=False, error_messages={"required": _("Hãy gõ mật khẩu.")}
    )


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
    password = forms.CharField(
        label=_("Mật khẩu"), max_length=200, strip=False, error_messages={"required": _("Hãy đặt mật khẩu.")}
    )


class NewPasswordForm(forms.Form):
    password = forms.CharField(
        label=_("Mật khẩu"), max_length=200, strip=False, error_messages={"required": _("Hãy đặt mật khẩu.")}
    )
