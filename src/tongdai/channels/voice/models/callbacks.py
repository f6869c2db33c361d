"""Who is to be rung back, as rows: to be read an answer, or because their call met nobody."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from tongdai.accounts.models import User
from tongdai.cases.models import Case, Event
from tongdai.people.models import Contact

from .calls import Call


class Callback(models.Model):
    """Someone is to be rung back (gọi lại): to be read an answer, or because their call met nobody.

    Without a contact, a hidden number left a message: it is to be heard, and nobody can be rung.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("chờ gọi")
        REACHED = "reached", _("đã gặp")
        GIVEN_UP = "given_up", _("không gặp được")
        WRONG_NUMBER = "wrong_number", _("nhầm số")

    contact = models.ForeignKey(Contact, models.PROTECT, null=True, related_name="callbacks")
    case = models.ForeignKey(Case, models.PROTECT, null=True, related_name="callbacks")
    event = models.OneToOneField(Event, models.PROTECT, null=True, related_name="+")
    call = models.ForeignKey(
        Call, models.PROTECT, null=True, related_name="callbacks", help_text="the last that met nobody"
    )
    missed = models.PositiveSmallIntegerField(default=0, help_text="calls that met nobody")
    words = models.TextField(blank=True, default="", help_text="to read out")
    state = models.CharField(max_length=12, choices=State, default=State.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    ring_at = models.DateTimeField(help_text="not before")
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["ring_at"], name="voice_waiting", condition=Q(state="waiting"))]
        constraints = [
            models.CheckConstraint(condition=Q(event__isnull=False) | Q(call__isnull=False), name="voice_callback_for"),
            models.UniqueConstraint(
                F("contact"), condition=Q(state="waiting", event=None), name="voice_one_callback_a_person"
            ),
        ]

    def __str__(self) -> str:
        return f"callback {self.pk}"
