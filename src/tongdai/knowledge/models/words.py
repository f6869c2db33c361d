"""The words people use: what they call an answer, what they write and what it means."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .articles import Article
from .procedures import Procedure


class Alias(models.Model):
    """What people call a procedure or an article, one phrase each: the search finds it by that too."""

    class Origin(models.TextChoices):
        STARTER = "starter", _("có sẵn")
        EDITOR = "editor", _("biên tập viên")

    procedure = models.ForeignKey(Procedure, models.CASCADE, null=True, related_name="aliases")
    article = models.ForeignKey(Article, models.CASCADE, null=True, related_name="aliases")
    phrase = models.CharField(_("cách người dân gọi"), max_length=200)
    origin = models.CharField(max_length=8, choices=Origin, default=Origin.EDITOR)
    language = models.CharField(max_length=5, default="vi")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(procedure__isnull=True) ^ Q(article__isnull=True), name="knowledge_alias_of_one"
            ),
            models.UniqueConstraint(
                fields=["procedure", "article", "language", "phrase"], name="knowledge_one_alias", nulls_distinct=False
            ),
        ]

    def __str__(self) -> str:
        return self.phrase


class Term(models.Model):
    """What people write and what it means: an abbreviation stands for its meaning, a synonym adds the official word."""

    class Kind(models.TextChoices):
        ABBREVIATION = "abbreviation", _("viết tắt")
        SYNONYM = "synonym", _("từ thường dùng")

    kind = models.CharField(max_length=12, choices=Kind)
    written = models.CharField(_("người dân viết"), max_length=100)
    meanings = models.JSONField(_("nghĩa"), default=list)

    class Meta:
        ordering = ["kind", "written"]
        constraints = [models.UniqueConstraint(fields=["kind", "written"], name="knowledge_one_term")]

    def __str__(self) -> str:
        return f"{self.written} = {' | '.join(self.meanings)}"


class Translation(models.Model):
    """One text of an answer in another language. It holds only as long as the answer says the Vietnamese word for word."""

    language = models.CharField(max_length=5, default="en")
    digest = models.CharField(max_length=64, help_text="SHA-256 of the Vietnamese text")
    vietnamese = models.TextField()
    text = models.TextField()
    origin = models.CharField(max_length=8, choices=Alias.Origin, default=Alias.Origin.EDITOR)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["language", "digest"], name="knowledge_one_translation")]

    def __str__(self) -> str:
        return self.text[:60]


class PhraseVector(models.Model):
    """The sentence vector of a name or an alias, where the city uses them (`search.vectors`)."""

    digest = models.CharField(primary_key=True, max_length=64, help_text="SHA-256 of the phrase")
    vector = models.BinaryField(help_text="384 × float16")

    def __str__(self) -> str:
        return self.digest[:8]
