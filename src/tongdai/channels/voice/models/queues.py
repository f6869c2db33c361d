"""Rows about waiting: queues, places kept for those who are to be rung back, who takes which queue, where a queue overflows."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from tongdai.accounts.models import User
from tongdai.people.models import Contact


class Queue(models.Model):
    """Callers of one branch who wait for a person (hàng chờ); the lower `rank` is served first.

    Who has waited `patience` seconds goes on to where the step leads by itself: another queue, a message, a number.
    `urgent`: with no agent at work, who is on duty is rung for the caller.
    """

    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=80)
    rank = models.PositiveSmallIntegerField(default=5)
    patience = models.PositiveSmallIntegerField(default=300)
    urgent = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.name


class KeptPlace(models.Model):
    """A place in a queue (chỗ giữ) whose person has hung up: rung when it is their turn. One that is kept a person."""

    class State(models.TextChoices):
        WAITING = "waiting", _("chờ đến lượt")
        RINGING = "ringing", _("đang gọi")
        MET = "met", _("đã gặp")
        TAKEN = "taken", _("tự gọi lại, giữ chỗ trên máy")
        CANCELLED = "cancelled", _("không cần nữa")
        GIVEN_UP = "given_up", _("không gặp được, chờ người gọi lại")

    contact = models.ForeignKey(Contact, models.PROTECT, related_name="kept_places")
    queue = models.ForeignKey("voice.Queue", models.PROTECT, null=True, related_name="kept_places")
    call = models.ForeignKey("voice.Call", models.PROTECT, related_name="+", help_text="in which it was asked for")
    ringing = models.ForeignKey(
        "voice.Call", models.PROTECT, null=True, related_name="kept_places", help_text="the last that rang for it"
    )
    rank = models.SmallIntegerField(help_text="as of one on the line: the lower is served first")
    since = models.DateTimeField(help_text="waits since; among equals the longest waiting is served first")
    language = models.CharField(max_length=5, default="vi")
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    ring_at = models.DateTimeField(help_text="not before")
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                F("contact"), condition=Q(state__in=["waiting", "ringing"]), name="voice_one_kept_place_a_person"
            ),
        ]

    def __str__(self) -> str:
        return f"kept place {self.pk}"


class QueueSkill(models.Model):
    """That a member of staff may be rung for this queue. Who has no such row may be rung for every one."""

    class Level(models.IntegerChoices):
        """Who is rung before whom."""

        FIRST = 1, _("trước tiên")
        USUAL = 2, _("như thường")
        LAST = 3, _("sau cùng")

    user = models.ForeignKey(User, models.CASCADE, related_name="queue_skills")
    queue = models.ForeignKey("voice.Queue", models.CASCADE, related_name="skills")
    level = models.PositiveSmallIntegerField(choices=Level, default=Level.USUAL)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "queue"], name="voice_one_skill")]

    def __str__(self) -> str:
        return f"{self.user_id} takes {self.queue_id}"


class LanguageSkill(models.Model):
    """A language beside Vietnamese that a member of staff speaks with callers: those who chose it go to them first."""

    user = models.ForeignKey(User, models.CASCADE, related_name="language_skills")
    language = models.CharField(max_length=5)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "language"], name="voice_one_language")]

    def __str__(self) -> str:
        return f"{self.user_id} speaks {self.language}"


class SignedOff(models.Model):
    """A queue that somebody who may take it has signed off from, by their own strip."""

    user = models.ForeignKey(User, models.CASCADE, related_name="signed_off")
    queue = models.ForeignKey("voice.Queue", models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "queue"], name="voice_signed_off_once")]

    def __str__(self) -> str:
        return f"{self.user_id} is off {self.queue_id}"


class Overflow(models.Model):
    """Where those who wait in a queue go on to, and when; of several rules the first that holds. They lead in no circle."""

    class When(models.TextChoices):
        AFTER = "after", _("chờ quá số giây")
        LENGTH = "length", _("đứng sau quá số người")
        NOBODY = "nobody", _("không ai trong ca nhận hàng này")

    class To(models.TextChoices):
        QUEUE = "queue", _("hàng chờ khác")
        NUMBER = "number", _("số ngoài")
        KEEP = "keep", _("mời giữ chỗ và được gọi lại")
        MESSAGE = "message", _("để lại lời nhắn")

    queue = models.ForeignKey("voice.Queue", models.CASCADE, related_name="overflows")
    when = models.CharField(max_length=8, choices=When)
    limit = models.PositiveSmallIntegerField(default=0, help_text="seconds, or people")
    to = models.CharField(max_length=8, choices=To)
    to_queue = models.ForeignKey("voice.Queue", models.CASCADE, null=True, related_name="+")
    number = models.CharField(max_length=20, blank=True, default="")

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.when} {self.limit}: {self.to}"
