"""Fields that forms about cases share. Choices come from the city in memory: no query."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tongdai.cases.models import Attachment
from tongdai.directory import snapshot
from tongdai.directory.models import Agency, Place, Topic
from tongdai.language.text import clean
from tongdai.platform import typed_input
from tongdai.shell.uploads import documents
from tongdai.shell.uploads.redrawing import ACCEPT

from .action import ActionForm
from .attached import Stored, files_of

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


class FilesInput(forms.FileInput):
    allow_multiple_selected = True


class FilesField(forms.Field):
    """Photos and documents, in an input for each kind; the form itself reads them (`AnsweringForm`)."""

    widget = FilesInput

    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, **options)

    def clean(self, value: Any) -> None:
        """What came stands in the form's files, under a name for each kind."""


class AnsweringForm(ActionForm):
    """The words of an answer with photos and documents. One that can't be taken sends the form back with all the others in it."""

    takes_files = reaches_followers = True
    attached = FilesField(label=_("Ảnh và tài liệu"))

    def clean(self) -> dict[str, Any]:
        self.read = files_of(cast("QueryDict", self.data), self.files)
        for problem in self.read.problems:
            self.add_error("attached", problem)
        return super().clean() or self.cleaned_data

    def keep(self) -> None:
        if self.is_bound:
            self.read.put_by()

    @property
    def kept(self) -> list[Stored]:
        """What an earlier try brought, to be sent with the next one."""
        return self.read.stored if self.is_bound else []

    @property
    def kinds(self) -> list[tuple[str, str | Promise, str]]:
        """Name, label and accepted kinds of each input."""
        return [
            (Attachment.Kind.BEFORE.value, str(_("Ảnh trước khi xử lý")), ACCEPT),
            (Attachment.Kind.AFTER.value, str(_("Ảnh sau khi xử lý")), ACCEPT),
            (Attachment.Kind.DOCUMENT.value, str(_("Tài liệu PDF")), documents.ACCEPT),
        ]

    def arguments(self) -> dict[str, Any]:
        return {**self.cleaned_data, "attached": self.read}


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
