"""One matter a citizen raised, and which contacts were about it."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tongdai.directory.models import Agency, Place, Topic
from tongdai.people.models import Channel, Contact, Interaction

from .. import codes
from ..states import INBOX, NOBODY_YET, OPEN, State
from ..triage.danger import Kind, Level

OPEN_STATES = sorted(OPEN)
UNTAKEN = Q(urgent=True, taken_at=None, state__in=sorted(NOBODY_YET))  # the same as Case.untaken
# what figures are made of stands in the index of the days: a report reads no case's text
COUNTED = [
    "id", "channel", "topic", "place", "lead", "confidential", "answered_at", "due_at", "first_due_at", "withdrawn_at",
]  # fmt: skip


class Case(models.Model):
    """One matter a citizen raised (phiếu kiến nghị, phản ánh; Open311: service request)."""

    class Visibility(models.TextChoices):
        PUBLIC = "public", _("mọi người")
        PRIVATE = "private", _("chỉ người gửi và cơ quan xử lý")
        ANONYMOUS = "anonymous", _("không để lại tên")

    code = models.CharField(_("mã tra cứu"), max_length=codes.LENGTH, unique=True)
    state = models.CharField(_("trạng thái"), max_length=12, choices=State)
    channel = models.CharField(_("kênh tiếp nhận"), max_length=10, choices=Channel)
    contact = models.ForeignKey(Contact, models.PROTECT, null=True, related_name="cases")
    number_proven_at = models.DateTimeField(
        null=True, help_text="the contact's number spoke to us itself, for this case"
    )
    sender_name = models.CharField(_("tên người gửi"), max_length=120, blank=True, default="")
    text = models.TextField(_("nội dung"))
    topic = models.ForeignKey(Topic, models.PROTECT, null=True, related_name="cases")
    place = models.ForeignKey(Place, models.PROTECT, null=True, related_name="cases")
    address = models.CharField(_("chỗ dễ nhận ra"), max_length=200, blank=True, default="")
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    visibility = models.CharField(max_length=10, choices=Visibility, default=Visibility.PRIVATE)
    language = models.CharField(max_length=5, default="vi")
    urgent = models.BooleanField(_("khẩn"), default=False)
    danger_level = models.CharField(_("mức nguy hiểm"), max_length=6, choices=Level, default=Level.NONE)
    danger_kind = models.CharField(_("loại nguy hiểm"), max_length=10, choices=Kind, blank=True, default="")
    confidential = models.BooleanField(_("mật"), default=False)
    perhaps_denunciation = models.BooleanField(
        default=False, help_text="nobody has said yet whether it is a denunciation: no agency gets it meanwhile"
    )
    denounced = models.ForeignKey(
        Agency, models.PROTECT, null=True, related_name="+", help_text="for the inspectorate's eyes alone"
    )
    denounced_elsewhere = models.BooleanField(
        default=False, db_default=False, help_text="who is denounced is no agency of the city's"
    )
    lead = models.ForeignKey(Agency, models.PROTECT, null=True, related_name="cases")
    received_at = models.DateTimeField()
    assign_by = models.DateTimeField(help_text="the coordinator's own deadline: 30 working minutes")
    due_at = models.DateTimeField(_("hạn trả lời"))
    calendar_version = models.PositiveIntegerField(
        default=1, db_default=1, help_text="the working calendar by which both deadlines were counted"
    )
    answered_at = models.DateTimeField(null=True, help_text="of the first answer")
    first_due_at = models.DateTimeField(null=True, help_text="reopened: the deadline that its first answer had")
    reopened_at = models.DateTimeField(null=True, help_text="the last time; its deadlines run from then")
    taken_at = models.DateTimeField(null=True, help_text="urgent: when who is on duty took it up")
    asked_at = models.DateTimeField(
        null=True, help_text="waits for its citizen's reply since then; null: it doesn't wait"
    )
    waits_until = models.DateTimeField(null=True, help_text="when it goes on without a reply")
    reminded_at = models.DateTimeField(null=True, help_text="when its citizen was reminded of the question, last asked")
    stood = models.DurationField(null=True, help_text="how long its clock has stood in all, waiting for its citizen")
    drafted_at = models.DateTimeField(null=True, help_text="a draft of its answer waits for an approver since then")
    draft_returned_at = models.DateTimeField(
        null=True, help_text="a draft is back with the officers since then, to be mended"
    )
    support_asked_at = models.DateTimeField(
        null=True,
        help_text="another agency has been asked to help since then, and is still to do so; the first of them",
    )
    support_answered_at = models.DateTimeField(
        null=True, help_text="who was asked to help has said something since the agency in charge did anything"
    )
    withdrawal_asked_at = models.DateTimeField(null=True, help_text="its citizen asked, and a person is to decide")
    withdrawn_at = models.DateTimeField(null=True, help_text="ended by its citizen's wish, before an answer")
    duplicate_of = models.ForeignKey(
        "self", models.PROTECT, null=True, db_index=False, related_name="duplicates",
        help_text="the main case, which is about the same matter: what that is answered, this one is answered",
    )  # fmt: skip
    merged_at = models.DateTimeField(null=True, help_text="since when it follows its main case")
    has_duplicates = models.BooleanField(
        default=False, db_default=False, help_text="others were merged into it, once at least: they are looked for"
    )
    erased_at = models.DateTimeField(null=True, help_text="when its words went, by law or because its citizen asked")
    events_count = models.PositiveIntegerField(default=0)
    search = SearchVectorField(null=True, help_text="accent-free words, configuration simple")

    class Meta:
        indexes = [
            models.Index(fields=["state", "due_at"], name="cases_open", condition=Q(state__in=OPEN_STATES)),
            models.Index(fields=["assign_by"], name="cases_inbox", condition=Q(state__in=sorted(INBOX))),
            models.Index(fields=["lead", "state", "due_at"], name="cases_of_agency"),
            models.Index(fields=["contact", "-received_at"], name="cases_of_contact"),
            models.Index(fields=["received_at"], name="cases_counts", include=COUNTED),
            models.Index(
                fields=["-answered_at"],
                name="cases_answers",
                include=["id", "confidential"],
                condition=Q(answered_at__isnull=False),
            ),
            models.Index(fields=["received_at"], name="cases_untaken", condition=UNTAKEN),
            models.Index(fields=["waits_until"], name="cases_waiting", condition=Q(asked_at__isnull=False)),
            models.Index(fields=["-withdrawn_at"], name="cases_withdrawn", condition=Q(withdrawn_at__isnull=False)),
            models.Index(fields=["duplicate_of"], name="cases_merged", condition=Q(duplicate_of__isnull=False)),
            GinIndex(fields=["search"], name="cases_search", fastupdate=True),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def in_danger(self) -> bool:
        """A life is in danger: who is on duty is rung, and no date is promised."""
        return self.danger_level == Level.LIFE and self.urgent

    @property
    def clock_started_at(self) -> datetime:
        """Since when its deadlines run: since it came, or was reopened."""
        return self.reopened_at or self.received_at

    @property
    def ran_from(self) -> datetime:
        """From when its deadlines would have run, had its clock never stood: the same time is left of the same whole."""
        return self.clock_started_at + (self.stood or timedelta())

    @property
    def waits(self) -> bool:
        """Its citizen was asked, and the city waits for the reply: the clock stands."""
        return self.asked_at is not None

    @property
    def is_merged(self) -> bool:
        """It follows another case about the same matter: nothing is done with it by itself, and no clock of it runs."""
        return self.duplicate_of_id is not None

    @property
    def denounced_is_named(self) -> bool:
        """The inspectorate has said who is denounced: an agency, or somebody who belongs to none."""
        return self.denounced_id is not None or self.denounced_elsewhere

    @property
    def sender(self) -> str:
        """The name given with it; else the one its number goes by, if the number is proven. May be empty."""
        known = self.contact.name if self.contact and self.number_proven_at else ""
        return self.sender_name or known

    @property
    def untaken(self) -> bool:
        """Urgent, and nobody has taken it up: who is on duty is being rung."""
        return self.urgent and self.taken_at is None and self.state in NOBODY_YET


class CaseInteraction(models.Model):
    """That a contact was about this case."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="links")
    interaction = models.OneToOneField(Interaction, models.PROTECT, related_name="case_link")
    event = models.ForeignKey(
        "Event", models.PROTECT, null=True, db_index=False, related_name="+", help_text="what a text notifies of"
    )

    def __str__(self) -> str:
        return f"{self.case_id} ← {self.interaction_id}"
