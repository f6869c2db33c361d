"""What a person fills in to do something with a case. Choices come from the city in memory: no query."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from tongdai.cases.models import Rejection
from tongdai.directory import snapshot
from tongdai.directory.models import Agency, Place, Topic
from tongdai.platform.vietnamese import clean

LONGEST = 10_000  # characters of an answer


class WordsField(forms.CharField):
    """A text typed by hand: cleaned of control characters, line breaks kept."""

    widget = forms.Textarea

    def __init__(self, **options: Any) -> None:
        longest = options.setdefault("max_length", LONGEST)
        options.setdefault("error_messages", {}).setdefault(
            "max_length", _("Dài quá %(most)s chữ cái. Chữ bạn gõ vẫn còn, hãy rút gọn.") % {"most": longest}
        )
        super().__init__(**options)

    def clean(self, value: Any) -> str:
        return str(super().clean(clean(value or "")))


class RowField(forms.Field):
    """One row of the city (agency, topic, place), chosen by its id among those that hold today."""

    def __init__(self, *, rows: Callable[[], Sequence[Any]], **options: Any) -> None:
        self.rows = rows
        super().__init__(**options)

    def to_python(self, value: Any) -> Any:
        if value in (None, ""):
            return None
        found = next((row for row in self.rows() if str(row.pk) == str(value)), None)
        if found is None:
            raise ValidationError(_("Không còn trong danh mục hôm nay, hãy chọn lại."))
        return found


def agency_rows() -> Sequence[Agency]:
    return snapshot.agencies()


def topic_rows() -> Sequence[Topic]:
    return snapshot.topics()


def place_rows() -> Sequence[Place]:
    """What a matter can lie in: everything below the city itself."""
    return [row for row in snapshot.places() if row.level != Place.Level.PROVINCE]


class AssignForm(forms.Form):
    agency = RowField(rows=agency_rows, error_messages={"required": _("Hãy chọn cơ quan.")})
    note = WordsField(label=_("Nhắn cơ quan"), required=False, max_length=2000)


class DenouncedForm(forms.Form):
    """`other`: somebody who belongs to none of the city's agencies."""

    OTHER = "other"
    denounced = forms.CharField(
        max_length=20, error_messages={"required": _("Hãy chọn cơ quan, hoặc “Người hay nơi khác”.")}
    )

    def clean_denounced(self) -> str:
        chosen = str(self.cleaned_data["denounced"])
        if chosen != self.OTHER:
            RowField(rows=agency_rows).clean(chosen)
        return chosen

    def agency(self) -> Agency | None:
        """The agency chosen; None: somebody else."""
        chosen = str(self.cleaned_data["denounced"])
        return None if chosen == self.OTHER else RowField(rows=agency_rows).clean(chosen)


class ClassifyForm(forms.Form):
    topic = RowField(rows=topic_rows, required=False)
    place = RowField(rows=place_rows, required=False)


class HandBackForm(forms.Form):
    reason = WordsField(
        label=_("Vì sao không thuộc cơ quan bạn"),
        max_length=2000,
        error_messages={"required": _("Hãy viết lý do, để điều phối viên chuyển đúng nơi.")},
    )
    competent = RowField(rows=agency_rows, required=False)


class RejectForm(forms.Form):
    ground = forms.ChoiceField(
        choices=Rejection.Ground, error_messages={"required": _("Hãy chọn căn cứ.")}, label=_("Căn cứ")
    )
    reason = WordsField(
        label=_("Lời nói với người dân"),
        max_length=2000,
        error_messages={"required": _("Hãy viết lý do. Người dân sẽ đọc đúng lời này.")},
    )


class AnswerForm(forms.Form):
    text = WordsField(
        label=_("Câu trả lời"), error_messages={"required": _("Hãy viết câu trả lời. Người dân sẽ đọc đúng lời này.")}
    )
