"""The roster's forms: a weekly shift, one that holds once (a holiday), a swap."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongdai.accounts.models import DutyShift, User
from tongdai.cases.triage.danger import Kind
from tongdai.directory.models import Place
from tongdai.directory.snapshot import places
from tongdai.language.text import clean
from tongdai.people import phones, toll
from tongdai.people.purposes import Purpose
from tongdai.platform.clock import CITY_TZ
from tongdai.platform.typed_input import DayField, MomentField

WEEKDAYS = (
    (0, gettext_lazy("Thứ Hai")),
    (1, gettext_lazy("Thứ Ba")),
    (2, gettext_lazy("Thứ Tư")),
    (3, gettext_lazy("Thứ Năm")),
    (4, gettext_lazy("Thứ Sáu")),
    (5, gettext_lazy("Thứ Bảy")),
    (6, gettext_lazy("Chủ nhật")),
)
MOST_PHONES = 5
WARDS = (Place.Level.WARD, Place.Level.COMMUNE, Place.Level.SPECIAL_ZONE, Place.Level.TOWNSHIP, Place.Level.DISTRICT)


class PersonForm(forms.Form):
    """Who: a colleague, or somebody who has no account; and the numbers they are rung on, one a line."""

    user = forms.ModelChoiceField(
        User.objects.none(),
        label=gettext_lazy("Cán bộ"),
        required=False,
        empty_label=gettext_lazy("người khác, ghi tên"),
    )
    name = forms.CharField(label=gettext_lazy("Tên, nếu không có trong danh sách"), max_length=120, required=False)
    phones = forms.CharField(
        label=gettext_lazy("Số điện thoại, mỗi dòng một số"), widget=forms.Textarea, max_length=200, required=False
    )

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        field = self.fields["user"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = User.objects.filter(is_active=True).order_by("full_name")

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        user: User | None = given.get("user")
        given["name"] = user.full_name if user else clean(given.get("name", ""))
        if not given["name"]:
            self.add_error("name", _("Hãy chọn cán bộ, hoặc ghi tên."))
        given["phones"] = self._phones(given.get("phones", "") or (user.phone if user else ""))
        return given

    def _phones(self, typed: str) -> list[str]:
        lines = [line for line in typed.splitlines() if line.strip()]
        found = [phones.normalise(line) for line in lines]
        wrong = [
            line.strip()
            for line, number in zip(lines, found, strict=True)
            if number is None or not toll.allows(number, purpose=Purpose.DUTY)
        ]
        if wrong:
            self.add_error("phones", _("Không gọi được số này: %(numbers)s.") % {"numbers": ", ".join(wrong)})
        elif not lines:
            self.add_error("phones", _("Hãy ghi ít nhất một số để gọi."))
        elif len(lines) > MOST_PHONES:
            self.add_error("phones", _("Nhiều nhất %(n)s số.") % {"n": MOST_PHONES})
        return list(dict.fromkeys(number for number in found if number))


class CoverForm(PersonForm):
    """Also for what and where: none chosen is all."""

    rank = forms.TypedChoiceField(label=gettext_lazy("Vai"), choices=DutyShift.Rank.choices, coerce=int)
    kinds = forms.MultipleChoiceField(
        label=gettext_lazy("Loại nguy hiểm"), choices=Kind.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    places = forms.MultipleChoiceField(label=gettext_lazy("Địa bàn"), required=False)

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        field = self.fields["places"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(str(place.pk), place.full_name) for place in places(levels=WARDS)]

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        given["places"] = [int(each) for each in given.get("places", [])]
        return given


class WeeklyForm(CoverForm):
    """Each week at certain hours."""

    weekdays = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Những ngày"), choices=WEEKDAYS, coerce=int, widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Hãy chọn ít nhất một ngày.")},
    )  # fmt: skip
    starts = forms.TimeField(label=gettext_lazy("Từ giờ"), widget=forms.TimeInput(format="%H:%M"))
    ends = forms.TimeField(label=gettext_lazy("Đến giờ"), widget=forms.TimeInput(format="%H:%M"))
    valid_from = DayField(label=gettext_lazy("Từ ngày"))
    valid_to = DayField(label=gettext_lazy("Đến hết ngày"), required=False)

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        first, last = given.get("valid_from"), given.get("valid_to")
        if first and last and last < first:
            self.add_error("valid_to", _("Ngày cuối phải sau ngày đầu."))
        return given


class OnceForm(CoverForm):
    """Once, from a moment to a moment: it goes before the weekly shifts of its rank."""

    from_at = MomentField(label=gettext_lazy("Từ lúc"))
    to_at = MomentField(label=gettext_lazy("Đến lúc"))
    reason = forms.CharField(label=gettext_lazy("Vì sao (Tết, ngày lễ …)"), max_length=120, required=False)

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        since, until = given.get("from_at"), given.get("to_at")
        if since and until and until <= since:
            self.add_error("to_at", _("Lúc cuối phải sau lúc đầu."))
        return given


class SwapForm(PersonForm):
    """Somebody else stands in for one turn of a shift."""

    turn = forms.ChoiceField(label=gettext_lazy("Ca nào"))
    reason = forms.CharField(label=gettext_lazy("Vì sao"), max_length=120, required=False)

    def __init__(self, *given: Any, turns: list[tuple[datetime, datetime]], **named: Any) -> None:
        super().__init__(*given, **named)
        self.turns = {f"{since:%Y-%m-%dT%H:%M}": (since, until) for since, until in turns}
        field = self.fields["turn"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(code, span_in_words(*span)) for code, span in self.turns.items()]


def span_in_words(since: datetime, until: datetime) -> str:
    """`Thứ Bảy 5.3, 17:00 – 07:30`."""
    here, there = since.astimezone(CITY_TZ), until.astimezone(CITY_TZ)
    end = f"{there:%H:%M}" if (there - here).days < 1 else f"{there.day}.{there.month} {there:%H:%M}"
    return f"{WEEKDAYS[here.weekday()][1]} {here.day}.{here.month}, {here:%H:%M} – {end}"
