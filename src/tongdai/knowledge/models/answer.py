"""What every answer has, and what those have that editors write, another approves and citizens then read."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from tongdai.directory.models import Agency, Dated

from ..answer_key import AnswerKey, Kind


class State(models.TextChoices):
    """Draft → approved → published; withdrawn when it no longer holds. Only what is published is told to citizens."""

    DRAFT = "draft", _("bản nháp")
    APPROVED = "approved", _("đã duyệt")
    PUBLISHED = "published", _("đã công khai")
    WITHDRAWN = "withdrawn", _("đã gỡ")


class Answer(models.Model):
    """What citizens may be told: a procedure, an article, a look-up table, or a row of one."""

    KIND: ClassVar[Kind]

    class Meta:
        abstract = True

    @property
    def answer_key(self) -> AnswerKey:
        return AnswerKey(self.KIND, self.pk)

    @property
    def title(self) -> str:
        """Its name, or its question."""
        return str(self)

    @property
    def is_public(self) -> bool:
        """Whether citizens see it."""
        raise NotImplementedError


class EditedAnswer(Answer):
    """An answer that has a state, an owner and versions: all but the rows of a table, which go with their table."""

    state = models.CharField(_("trạng thái"), max_length=10, choices=State, default=State.DRAFT)
    owner = models.ForeignKey(
        Agency, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("cơ quan phụ trách")
    )
    review_by = models.DateField(_("rà soát trước ngày"), null=True, blank=True)
    valid_from = models.DateField(_("từ ngày"), null=True, blank=True)
    valid_to = models.DateField(_("đến hết ngày"), null=True, blank=True)
    version = models.PositiveIntegerField(
        default=1, help_text="counts the saves: two editors on one page are told apart"
    )
    chosen = models.PositiveIntegerField(default=0, help_text="how often it was opened from a search")
    updated_at = models.DateTimeField()

    objects = Dated.as_manager()

    class Meta:
        abstract = True

    @property
    def is_public(self) -> bool:
        return self.state == State.PUBLISHED

    def holds_on(self, day: date) -> bool:
        """Whether it holds on this day, both ends in."""
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)
