"""Who works on a case, what was done to it, and the words of what was done."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from tongdai.accounts.models import User
from tongdai.directory.models import Agency
from tongdai.people.models import Interaction

from .answers import Answer
from .case import Case


class Assignment(models.Model):
    """An agency answers for a case, from when to when, and why it ended."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="assignments")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="assignments")
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    note = models.TextField(blank=True, default="")
    started_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    accepted_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    handler = models.ForeignKey(
        User, models.PROTECT, null=True, db_index=False, related_name="+",
        help_text="who of the agency works on it: whoever accepted it, until it is delegated",
    )  # fmt: skip
    sender_shown_at = models.DateTimeField(
        null=True, help_text="of a topic that hides who sent a case: since when this agency sees it, and has said why"
    )
    ended_at = models.DateTimeField(null=True)
    end_reason = models.TextField(blank=True, default="")
    competent = models.ForeignKey(Agency, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case"], condition=Q(ended_at=None), name="cases_one_lead"),
        ]
        indexes = [
            models.Index(fields=["handler"], name="cases_handled", condition=Q(ended_at=None, handler__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} → {self.agency_id}"


class Support(models.Model):
    """Another agency helps the one in charge: what it is asked for, by when, and how that ended.

    It sees the case, not who sent it.
    """

    class Outcome(models.TextChoices):
        PROVIDED = "provided", _("đã phối hợp")
        DECLINED = "declined", _("không phối hợp được")
        WITHDRAWN = "withdrawn", _("thôi nhờ")
        OVER = "over", _("phiếu đã xong")

    case = models.ForeignKey(Case, models.PROTECT, related_name="supports")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="supports")
    asked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    task = models.TextField(blank=True, default="", help_text="what it is asked for")
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True, default="")
    words = models.TextField(blank=True, default="", help_text="what it found or did, or why it ended otherwise")
    reads = models.BooleanField(
        default=True, help_text="its agency may open the case: not where it declined or is asked no more"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "agency"], condition=Q(ended_at=None), name="cases_one_support"),
        ]
        indexes = [models.Index(fields=["agency", "due_at"], name="cases_supporting", condition=Q(ended_at=None))]

    def __str__(self) -> str:
        return f"{self.agency_id} helps {self.case_id}"


class Event(models.Model):
    """Something happened to a case: timeline, audit and source of figures at once. Append-only.

    Holds ids, states, times and codes, never words, names or numbers: those stand in rows that the law's erasure may
    blank. Order is `seq`, for clocks may be moved back.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="events")
    seq = models.PositiveIntegerField()
    action = models.CharField(max_length=20)
    state_before = models.CharField(max_length=12, blank=True, default="")
    state_after = models.CharField(max_length=12)
    channel = models.CharField(max_length=10, blank=True, default="")
    capacity = models.CharField(max_length=20)
    user = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    agency = models.ForeignKey(Agency, models.PROTECT, null=True, related_name="+")
    interaction = models.ForeignKey(Interaction, models.PROTECT, null=True, related_name="+")
    assignment = models.ForeignKey(Assignment, models.PROTECT, null=True, related_name="+")
    answer = models.ForeignKey(Answer, models.PROTECT, null=True, related_name="+")
    changed = models.JSONField(default=dict, help_text="ids and codes, before and after")
    happened_at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["case", "seq"]
        constraints = [models.UniqueConstraint(fields=["case", "seq"], name="cases_event_order")]
        indexes = [models.Index(fields=["action", "happened_at"], name="cases_actions")]

    def __str__(self) -> str:
        return f"{self.case_id}.{self.seq} {self.action}"


class Remark(models.Model):
    """The words of an action that has no row of its own for them, such as why; the law's erasure may blank them."""

    event = models.OneToOneField(Event, models.PROTECT, related_name="remark")
    text = models.TextField()

    def __str__(self) -> str:
        return f"remark {self.pk}"
