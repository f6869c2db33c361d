"""Questions with their approved answers."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from ..answer_key import Kind
from .answer import EditedAnswer
from .procedures import Procedure


class Article(EditedAnswer):
    """A question and its approved answer (hỏi – đáp)."""

    KIND = Kind.ARTICLE

    question = models.CharField(_("câu hỏi"), max_length=300)
    answer = models.TextField(_("trả lời"))
    short = models.CharField(
        _("trả lời ngắn"), max_length=300, blank=True, default="", help_text="for a text or a call"
    )
    legal_basis = models.CharField(_("căn cứ"), max_length=500, blank=True, default="")
    procedures = models.ManyToManyField(Procedure, blank=True, related_name="articles")
    key = models.CharField(max_length=60, unique=True, help_text="names it across imports; never changes")

    class Meta:
        ordering = ["question"]

    def __str__(self) -> str:
        return self.question
