"""The hours of those who take calls: a row for each time they were in one state, from `agent_hours` on a person's day."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from tongdai.accounts.models import User

from .models import Agent


class AgentTime(models.Model):
    """How long one who takes calls was in one state: the database writes it (migrations/0011)."""

    user = models.ForeignKey(User, models.CASCADE, related_name="agent_times")
    state = models.CharField(max_length=10, choices=Agent.State)
    reason = models.CharField(max_length=80, blank=True, default="")
    begun_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, help_text="empty: still so")
    then = models.CharField(max_length=10, choices=Agent.State, blank=True, default="", help_text="the state after it")

    class Meta:
        indexes = [models.Index(fields=["begun_at"], name="voice_agent_times")]
        constraints = [models.UniqueConstraint(F("user"), condition=Q(ended_at=None), name="voice_in_one_state")]

    def __str__(self) -> str:
        return f"{self.state} of {self.user_id}"
