"""The city's one-stop system, which knows how a dossier stands."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class DossierSource(models.Model):
    """The city's one-stop system, asked how a dossier (hồ sơ) stands. One row; nothing of a dossier is kept here.

    `mapping`: our field (state, agency, procedure, received, due, done) → path in its JSON, `data.0.trangThai`.
    `states`: its word for a state → the words a citizen is told, where they differ.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    url = models.CharField(max_length=500, help_text="with {code} in it; https, or loopback")
    header = models.CharField(max_length=60, blank=True, default="", help_text="name of the header with the key")
    secret = models.CharField(
        max_length=60, blank=True, default="", help_text="environment variable that holds the key"
    )
    mapping = models.JSONField(default=dict)
    states = models.JSONField(default=dict, blank=True)
    pattern = models.CharField(max_length=200, help_text="regular expression of its codes")
    example = models.CharField(max_length=60, blank=True, default="")
    timeout = models.FloatField(default=3.0, help_text="seconds")
    cached_for = models.PositiveIntegerField(default=60, help_text="seconds")
    active = models.BooleanField(default=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="knowledge_one_dossier_source")]

    def __str__(self) -> str:
        return self.url
