"""Photos and documents: of a case, of an answer, of a draft."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from tongdai.people.models import Interaction

from .answers import Answer, Draft
from .case import Case


class StoredFile(models.Model):
    """A file in the storage: a photo, re-encoded (no EXIF, no place), or a document that was looked over."""

    class Kind(models.TextChoices):
        PHOTO = "photo", _("ảnh")
        BEFORE = "before", _("ảnh trước khi xử lý")
        AFTER = "after", _("ảnh sau khi xử lý")
        DOCUMENT = "document", _("tài liệu")

    kind = models.CharField(_("loại tệp"), max_length=10, choices=Kind, default=Kind.PHOTO, db_default=Kind.PHOTO)
    name = models.CharField(_("tên tệp"), max_length=120, blank=True, default="", db_default="")
    file = models.CharField(max_length=120, unique=True, help_text="name in the storage")
    content_type = models.CharField(max_length=40)
    size = models.PositiveIntegerField(help_text="bytes")
    width = models.PositiveIntegerField(help_text="pixels; 0: a document")
    height = models.PositiveIntegerField(help_text="pixels; 0: a document")
    sha256 = models.CharField(max_length=64)
    created_at = models.DateTimeField()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.file

    @property
    def is_document(self) -> bool:
        return self.kind == self.Kind.DOCUMENT


class Attachment(StoredFile):
    """A file of a case. Only those see it who may see the case.

    It came with its citizen's words (`interaction`), or goes with an answer (`answer`).
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="attachments")
    interaction = models.ForeignKey(Interaction, models.PROTECT, null=True, related_name="+")
    answer = models.ForeignKey(Answer, models.PROTECT, null=True, db_index=False, related_name="attachments")
    file = models.CharField(
        max_length=120, help_text="name in the storage; of answers to merged cases, in several rows"
    )

    class Meta:
        indexes = [models.Index(fields=["file"], name="cases_files")]


class DraftFile(StoredFile):
    """A file of a draft, for the staff alone: a table of its own, so that no list of a case's attachments can hold it.

    Approved, it becomes an attachment of the answer; else it goes with its draft.
    """

    draft = models.ForeignKey(Draft, models.PROTECT, related_name="files")
