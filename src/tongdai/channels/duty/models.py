"""An alarm, the urgent cases it is for, and everybody who was rung for it."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from tongdai.accounts.models import DutyShift, User
from tongdai.cases.models import Case


class Alarm(models.Model):
    """Who is on duty is rung, one after the other, until somebody takes it. One alarm may be for several cases."""

    class State(models.TextChoices):
        RINGING = "ringing", _("đang gọi")
        TAKEN = "taken", _("đã có người nhận")
        OVER = "over", _("không phải gọi nữa")

    state = models.CharField(max_length=8, choices=State, default=State.RINGING)
    trial = models.BooleanField(default=False, help_text="somebody tries it by a button: one person, no case")
    asked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", help_text="of a trial")
    opened_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    taken_by = models.ForeignKey("Ring", models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["id"], name="duty_ringing", condition=Q(state="ringing"))]

    def __str__(self) -> str:
        return f"alarm {self.pk}"


class Waiting(models.Model):
    """A case somebody is rung for, from when it joined the alarm until it was taken, or needed nobody any more."""

    alarm = models.ForeignKey(Alarm, models.PROTECT, related_name="waiting")
    case = models.ForeignKey(Case, models.PROTECT, related_name="+")
    joined_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case"], condition=Q(left_at=None), name="duty_one_alarm_a_case")
        ]

    def __str__(self) -> str:
        return f"{self.case_id} in {self.alarm_id}"


class Ring(models.Model):
    """One step of an alarm: one person, rung on their numbers one after the other, and texted."""

    class State(models.TextChoices):
        WAITING = "waiting", _("sắp đổ chuông")
        RINGING = "ringing", _("đang đổ chuông")
        TALKING = "talking", _("đang nghe máy")
        TAKEN = "taken", _("đã nhận việc")
        PASSED_ON = "passed_on", _("chuyển người khác")
        NO_KEY = "no_key", _("nghe máy, không bấm phím")
        NO_ANSWER = "no_answer", _("không nghe máy")
        NOT_RUNG = "not_rung", _("không gọi được")
        STOPPED = "stopped", _("thôi gọi")
        NOBODY = "nobody", _("không có ai để gọi")

    alarm = models.ForeignKey(Alarm, models.PROTECT, related_name="rings")
    number = models.PositiveIntegerField(help_text="0 is the first of the alarm")
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    rank = models.PositiveSmallIntegerField(choices=DutyShift.Rank, default=DutyShift.Rank.ON_DUTY)
    shift = models.ForeignKey(DutyShift, models.PROTECT, null=True, related_name="+")
    user = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    name = models.CharField(max_length=120, blank=True, default="")
    phones = models.JSONField(default=list, help_text="E.164, in the order they are rung")
    calls = models.PositiveSmallIntegerField(default=0, help_text="how often a number was dialled")
    started_at = models.DateTimeField()
    until = models.DateTimeField(help_text="then the next is rung")
    answered_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["alarm", "number"]
        constraints = [models.UniqueConstraint(F("alarm"), F("number"), name="duty_one_ring_a_step")]
        indexes = [
            models.Index(fields=["id"], name="duty_to_ring", condition=Q(state__in=["waiting", "ringing", "talking"]))
        ]

    def __str__(self) -> str:
        return f"ring {self.alarm_id}.{self.number}"

    @property
    def goes_on(self) -> bool:
        return self.state in GOES_ON


GOES_ON = frozenset({Ring.State.WAITING, Ring.State.RINGING, Ring.State.TALKING})
