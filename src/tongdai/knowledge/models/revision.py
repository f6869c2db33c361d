"""How often the whole base has changed."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class Revision(models.Model):
    """Counts the changes of the whole base; every process looks at it and reads anew what it holds in memory."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    number = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="knowledge_one_revision")]

    def __str__(self) -> str:
        return str(self.number)
