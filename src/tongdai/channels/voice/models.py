"""The telephone's own rows: who is to be rung back."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tongdai.accounts.models import User
from tongdai.cases.models import Case, Event
from tongdai.people.models import Contact


class Callback(models.Model):
    """Someone is to be rung back (gọi lại) and read a text: who phoned is answered by phone."""

    class State(models.TextChoices):
        WAITING = "waiting", _("chờ gọi")
        REACHED = "reached", _("đã gặp")
        GIVEN_UP = "given_up", _("không gặp được")
        WRONG_NUMBER = "wrong_number", _("nhầm số")

    contact = models.ForeignKey(Contact, models.PROTECT, related_name="callbacks")
    case = models.ForeignKey(Case, models.PROTECT, related_name="callbacks")
    event = models.OneToOneField(Event, models.PROTECT, related_name="+")
    words = models.TextField(help_text="to read out")
    state = models.CharField(max_length=12, choices=State, default=State.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    ring_at = models.DateTimeField(help_text="not before")
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["ring_at"], name="voice_waiting", condition=Q(state="waiting"))]

    def __str__(self) -> str:
        return f"callback {self.pk}"
