"""What a call taker fills in while the caller talks."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from tongdai.people.phones import normalise

from ..case.forms import RowField, WordsField, place_rows, topic_rows


class PhoneField(forms.CharField):
    """A number in any Vietnamese style → E.164; empty stays empty."""

    def clean(self, value: Any) -> str:
        typed = str(super().clean(value)).strip()
        if not typed:
            return ""
        phone = normalise(typed)
        if phone is None:
            raise ValidationError(
                _("Số này chưa đúng. Ví dụ: 0912 345 678, 0225 3842 123. Người gọi giấu số thì để trống.")
            )
        return phone


class CallForm(forms.Form):
    """`call`: the one in hand, whose number the exchange knows."""

    key = forms.CharField(max_length=40, widget=forms.HiddenInput)
    call = forms.IntegerField(required=False, widget=forms.HiddenInput)  # the call in hand that this is written in
    phone = PhoneField(label=_("Số điện thoại"), required=False, max_length=30)
    text = WordsField(
        label=_("Lời kể của người gọi"),
        error_messages={"required": _("Hãy ghi người gọi nói gì. Những ô khác vẫn được giữ.")},
    )
    urgent = forms.BooleanField(label=_("Khẩn: có người đang gặp nguy hiểm ngay lúc này"), required=False)
    place = RowField(rows=place_rows, required=False, label=_("Ở phường, xã nào"))
    address = WordsField(label=_("Chỗ dễ nhận ra"), required=False, max_length=200)
    topic = RowField(rows=topic_rows, required=False, label=_("Lĩnh vực"))
    name = WordsField(label=_("Tên người gọi"), required=False, max_length=120)
