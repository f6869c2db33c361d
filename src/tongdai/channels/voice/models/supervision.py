"""What a supervisor did with a call or an agent: one row a stretch at somebody's call, one a word to an agent."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tongdai.accounts.models import User


class Supervision(models.Model):
    """A supervisor at a call, in one way, from `began_at` until `ended_at` (null: now)."""

    class Mode(models.TextChoices):
        LISTEN = "listen", _("nghe cùng")
        WHISPER = "whisper", _("nhắc riêng")
        BARGE = "barge", _("cùng nói")

    call = models.ForeignKey("voice.Call", models.PROTECT, related_name="supervisions")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    agent = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", help_text="who talked when it began")
    mode = models.CharField(max_length=8, choices=Mode)
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["by"], condition=Q(ended_at=None), name="voice_one_supervision_at_once")
        ]

    def __str__(self) -> str:
        return f"{self.mode} {self.call_id}"


class Notice(models.Model):
    """What a supervisor did to an agent, and why, until the agent has read it."""

    class Action(models.TextChoices):
        STATE = "state", _("đặt trạng thái")
        FREE = "free", _("gỡ máy")
        MOVE = "move", _("chuyển cuộc")
        TAKE_OVER = "take_over", _("nhận cuộc")

    to = models.ForeignKey(User, models.CASCADE, related_name="notices")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    call = models.ForeignKey("voice.Call", models.PROTECT, null=True, related_name="notices")
    action = models.CharField(max_length=10, choices=Action)
    state = models.CharField(max_length=10, blank=True, default="", help_text="Agent.State that was set")
    words = models.CharField(max_length=120, blank=True, default="", help_text="why")
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["to", "-id"], name="voice_notices_unread", condition=Q(read_at=None))]

    def __str__(self) -> str:
        return f"{self.action} to {self.to_id}"
