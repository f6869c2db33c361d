"""What the desk keeps for whoever works at it: lists that were saved under a name, and who has which case open now."""

from __future__ import annotations

from django.db import models

from tongdai.accounts.models import Role, User
from tongdai.cases.models import Case

LONGEST_NAME, LONGEST_QUERY = 60, 600


class SavedView(models.Model):
    """A view with its filters, saved under a name; it is a link, and shows each who follows it what they may see."""

    owner = models.ForeignKey(User, models.PROTECT, related_name="saved_views")
    name = models.CharField(max_length=LONGEST_NAME)
    query = models.CharField(max_length=LONGEST_QUERY, help_text="of the list's address: codes and days, never words")
    shared_with = models.CharField(
        max_length=20, choices=Role, blank=True, default="", help_text="empty: its owner's alone"
    )
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "name"], name="desk_one_view_a_name")]

    def __str__(self) -> str:
        return self.name


class OpenCase(models.Model):
    """Somebody's browser has a case's page open, and said so last at this real time."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="+")
    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    seen_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "user"], name="desk_open_once")]

    def __str__(self) -> str:
        return f"{self.user_id} has {self.case_id} open"
