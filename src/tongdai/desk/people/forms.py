"""The forms of the people's pages."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tongdai.accounts import people
from tongdai.accounts.models import Role, User
from tongdai.directory.models import Agency
from tongdai.language.text import clean
from tongdai.people.phones import normalise

from ..entry.forms import free_username


class PersonForm(forms.Form):
    """A member of staff, as the administrator writes them down."""

    full_name = forms.CharField(
        label=_("Họ và tên"), max_length=120, error_messages={"required": _("Hãy gõ họ và tên.")}
    )
    role = forms.ChoiceField(
        label=_("Vai trò"),
        choices=Role.choices,
        error_messages=dict.fromkeys(("required", "invalid_choice"), _("Hãy chọn vai trò.")),
    )
    agency = forms.ModelChoiceField(
        Agency.objects.none(),
        label=_("Cơ quan"),
        required=False,
        error_messages={"invalid_choice": _("Không có cơ quan này.")},
    )
    phone = forms.CharField(label=_("Điện thoại"), max_length=20, required=False)
    email = forms.CharField(label=_("Thư điện tử"), max_length=120, required=False)

    def __init__(self, *args: Any, person: User | None = None, **kwargs: Any) -> None:
        self.person = person
        super().__init__(*args, **kwargs)
        self.fields["agency"].queryset = Agency.objects.order_by("name")  # type: ignore[attr-defined]

    def clean_full_name(self) -> str:
        return clean(self.cleaned_data["full_name"]).strip()

    def clean_phone(self) -> str:
        text = self.cleaned_data["phone"]
        if text and not (text := normalise(text) or ""):
            raise ValidationError(gettext("Số điện thoại chưa đúng. Ví dụ: 0912 345 678"))
        return str(text)

    def clean_email(self) -> str:
        try:
            return people.check_email(self.cleaned_data["email"], username=self.person.username if self.person else "")
        except people.PeopleRefused as refused:
            raise ValidationError(str(refused)) from refused


class NewPersonForm(PersonForm):
    username = forms.SlugField(
        label=_("Tên đăng nhập"),
        max_length=60,
        error_messages={
            "required": _("Hãy chọn một tên đăng nhập."),
            "invalid": _("Tên đăng nhập chỉ gồm chữ không dấu, số, gạch nối; ví dụ: thu-hang."),
        },
    )
    field_order = ["full_name", "username", "role", "agency", "phone", "email"]

    def clean_username(self) -> str:
        return free_username(self.cleaned_data["username"])
