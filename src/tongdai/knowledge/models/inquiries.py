"""What was asked, and what was answered."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class Inquiry(models.Model):
    """Somebody asked the base: what was understood, what was answered, on which channel. No number, no name.

    `question`: folded words without names and numbers, for thirty days (`usage.questions`); `certainty`: how sure the
    search was (`search.finder`); `session`: keyed digest of the call, phone or browser it belongs to, so that *answered
    without a case* can be counted; `opened`: the answer that was given or opened, `kind:id`.
    """

    channel = models.CharField(max_length=10)
    question = models.CharField(max_length=200)
    certainty = models.CharField(max_length=10)
    found = models.CharField(max_length=60, blank=True, default="", help_text="the first answer, kind:id")
    opened = models.CharField(max_length=60, blank=True, default="")
    part = models.CharField(max_length=10, blank=True, default="")
    useful = models.BooleanField(null=True)
    to_person = models.BooleanField(default=False, help_text="it led to a person or a case all the same")
    session = models.CharField(max_length=32, blank=True, default="")
    settled = models.BooleanField(default=False, help_text="an editor has seen to this question")
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(
                fields=["at", "channel"], name="knowledge_inquiries", include=["opened", "to_person", "certainty"]
            ),
            models.Index(fields=["session", "-at"], name="knowledge_session", condition=~Q(session="")),
            models.Index(
                fields=["question"],
                name="knowledge_unanswered",
                condition=Q(opened="", settled=False, certainty="not_found"),
            ),
        ]

    def __str__(self) -> str:
        return self.question
