"""Rows about those who take calls: their telephones, whether they may be rung now, and how they spent their hours."""

from __future__ import annotations

import secrets

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from tongdai.accounts.models import User


def new_secret() -> str:
    return secrets.token_urlsafe(24)


class Line(models.Model):
    """The telephone of one who takes calls: the desk's own in the browser, or a plain SIP telephone."""

    class Kind(models.TextChoices):
        WEBRTC = "webrtc", _("trong trình duyệt")
        SIP = "sip", _("máy SIP")

    user = models.OneToOneField(User, models.CASCADE, related_name="line")
    kind = models.CharField(max_length=8, choices=Kind, default=Kind.WEBRTC)
    secret = models.CharField(max_length=64, default=new_secret)
    holder = models.CharField(max_length=36, blank=True, default="", help_text="the browser whose page answers")

    def __str__(self) -> str:
        return self.endpoint

    @property
    def endpoint(self) -> str:
        """What Asterisk calls it, and its SIP user name."""
        return f"line-{self.user_id}"


class Agent(models.Model):
    """Whether one who takes calls may be rung now. Written by the voice process and by the person's own buttons."""

    class State(models.TextChoices):
        READY = "ready", _("sẵn sàng")
        RINGING = "ringing", _("đang đổ chuông")
        TALKING = "talking", _("đang nói chuyện")
        AFTER_CALL = "after_call", _("ghi sau cuộc gọi")
        PAUSED = "paused", _("tạm nghỉ")
        OUT = "out", _("ngoài ca")

    user = models.OneToOneField(User, models.CASCADE, related_name="agent")
    state = models.CharField(max_length=10, choices=State, default=State.OUT)
    reason = models.CharField(max_length=80, blank=True, default="")
    online = models.BooleanField(default=False, help_text="the telephone is there: registered at the exchange")
    away_since = models.DateTimeField(null=True, help_text="when the telephone went; empty: it is there, or never was")
    muted = models.BooleanField(default=False, help_text="the microphone is off in the call in hand")
    writes_until = models.DateTimeField(null=True, help_text="after a call, where more than the usual time is taken")
    call = models.ForeignKey(
        "voice.Call", models.SET_NULL, null=True, related_name="+", help_text="in hand, or just ended"
    )
    since = models.DateTimeField()
    idle_since = models.DateTimeField(help_text="the last call's end: the longest idle is rung first")

    def __str__(self) -> str:
        return f"agent {self.user_id}"


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
