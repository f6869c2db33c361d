"""What an answer said before, what it is to say next, and which of its links are dead."""

from __future__ import annotations

from typing import Any, Self, TypeVar

from django.db import models

from tongdai.accounts.models import User

from ..answer_key import AnswerKey, Kind
from .answer import State

Row = TypeVar("Row", bound=models.Model, covariant=True)


class OfAnswers(models.QuerySet[Row]):
    def of(self, key: AnswerKey) -> Self:
        """Those of this answer."""
        return self.filter(kind=key.kind, row=key.id)


class OfAnAnswer(models.Model):
    """A row about an answer of whichever kind."""

    kind = models.CharField(max_length=10)
    row = models.BigIntegerField()

    objects = OfAnswers.as_manager()

    class Meta:
        abstract = True

    @property
    def answer_key(self) -> AnswerKey:
        return AnswerKey(Kind(self.kind), self.row)


class Version(OfAnAnswer):
    """What an answer said before: one a save, with who saved it. Never changed."""

    version = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=State)
    content: models.JSONField[Any, Any] = models.JSONField()
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-version"]
        constraints = [models.UniqueConstraint(fields=["kind", "row", "version"], name="knowledge_one_version")]

    def __str__(self) -> str:
        return f"{self.answer_key} v{self.version}"


class Draft(OfAnAnswer):
    """What an editor has written of an answer and citizens don't see yet; what is published stands until it is."""

    content: models.JSONField[Any, Any] = models.JSONField()
    based_on = models.PositiveIntegerField(help_text="version of the row that it was begun from")
    number = models.PositiveIntegerField(default=1, help_text="counts its saves")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    approved_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "row"], name="knowledge_one_draft")]

    def __str__(self) -> str:
        return f"{self.answer_key} draft"


class DeadLink(OfAnAnswer):
    """A link of an answer that led nowhere when it was last looked at."""

    address = models.CharField(max_length=500)
    trouble = models.CharField(max_length=20, help_text="HTTP status, or unreachable")
    seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.address
