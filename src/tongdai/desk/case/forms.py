"""Fields that forms about cases share. Choices come from the city in memory: no query."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from tongdai.directory import snapshot
from tongdai.directory.models import Agency, Place, Topic
from tongdai.language.text import clean
from tongdai.platform import typed_input

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


class DayField(typed_input.DayField):
    """A day, picked in the browser's own calendar."""

    is_day = True


def agency_rows() -> Sequence[Agency]:
    return snapshot.agencies()


def topic_rows() -> Sequence[Topic]:
    return snapshot.topics()


def place_rows() -> Sequence[Place]:
    """Return what a matter can lie in: everything below the city itself."""
    return [row for row in snapshot.places() if row.level != Place.Level.PROVINCE]
