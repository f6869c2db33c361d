"""A case and everything that belongs to it. Only `cases.actions` writes these rows."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from tongdai.accounts.models import User
from tongdai.directory.models import Agency, Place, Topic
from tongdai.people.models import Channel, Contact, Interaction

from . import codes
from .states import INBOX, NOBODY_YET, OPEN, State
from .triage.danger import Kind, Level

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


class Given(models.Manager["Answer"]):
    """The answers that were given: one that was taken back before anybody was told of it is none."""

    def get_queryset(self) -> models.QuerySet[Answer]:
        return super().get_queryset().filter(undone_at=None)


class Answer(models.Model):
    """What the city answered; `corrects`: these are its words from now on, in place of those that went out."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="answers")
    agency = models.ForeignKey(Agency, models.PROTECT, null=True, related_name="answers")
    author = models.ForeignKey(User, models.PROTECT, null=True, related_name="answers")
    approved_by = models.ForeignKey(
        User, models.PROTECT, null=True, db_index=False, related_name="+",
        help_text="who let the author's words go out; null: they needed nobody",
    )  # fmt: skip
    text = models.TextField()
    answered_at = models.DateTimeField()
    corrects = models.ForeignKey(
        "self", models.PROTECT, null=True, db_index=False, related_name="corrections",
        help_text="the answer as it was first given: rated once, whatever its words are by now",
    )  # fmt: skip
    search = SearchVectorField(null=True, help_text="accent-free words, configuration simple")
    undone_at = models.DateTimeField(
        null=True, help_text="taken back, and its words blanked: only its event knows of it"
    )

    objects = Given()

    class Meta:
        indexes = [GinIndex(fields=["search"], name="cases_answer_search", fastupdate=True)]

    def __str__(self) -> str:
        return f"answer {self.pk}"


class Rating(models.Model):
    """How satisfied the citizen is with an answer, once; the words stand with the event, where erasure blanks them."""

    answer = models.OneToOneField(Answer, models.PROTECT, related_name="rating")
    stars = models.PositiveSmallIntegerField(help_text="1 (not at all) to 5 (very)")
    rated_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(stars__gte=1, stars__lte=5), name="cases_stars")]
        indexes = [models.Index(fields=["rated_at"], name="cases_ratings", include=["stars", "id"])]

    def __str__(self) -> str:
        return f"{self.stars} of answer {self.answer_id}"


class Rejection(models.Model):
    """Why the city doesn't take a matter up: a ground in law, and the words the citizen is told."""

    class Ground(models.TextChoices):
        """Luật Tiếp công dân 42/2013/QH13, điều 9; Nghị định 20/2008/NĐ-CP on petitions, điều 5 và 9."""

        NOT_COMPETENT = "not_competent", _("không thuộc thẩm quyền của thành phố")
        NO_CONTENT = "no_content", _("nội dung không rõ, không thể xử lý")
        ALREADY_SETTLED = "already_settled", _("đã được giải quyết đúng pháp luật, không có tình tiết mới")
        IN_COURT = "in_court", _("tòa án hoặc cơ quan điều tra đang thụ lý")
        UNLAWFUL = "unlawful", _("lợi dụng phản ánh để vu khống, xúc phạm, gây rối")

    case = models.OneToOneField(Case, models.PROTECT, related_name="rejection")
    ground = models.CharField(max_length=20, choices=Ground)
    reason = models.TextField()
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    rejected_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"rejection {self.pk}"


class Draft(models.Model):
    """An answer that its approver has yet to read, or gave back, or that came to nothing: its citizen never reads it (ADR 49)."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="drafts")
    agency = models.ForeignKey(Agency, models.PROTECT, null=True, db_index=False, related_name="+")
    author = models.ForeignKey(User, models.PROTECT, null=True, db_index=False, related_name="+")
    text = models.TextField()
    drafted_at = models.DateTimeField()
    returned_at = models.DateTimeField(null=True, help_text="back with the officers: by its approver, or taken back")
    returned_by = models.ForeignKey(User, models.PROTECT, null=True, db_index=False, related_name="+")
    wanted = models.TextField(blank=True, default="", help_text="what its approver wants changed")
    ended_at = models.DateTimeField(null=True, help_text="approved, replaced by another, or the case went another way")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case"], condition=Q(ended_at=None), name="cases_one_draft"),
        ]

    def __str__(self) -> str:
        return f"draft {self.pk}"


class StoredFile(models.Model):
    """A file in the storage: a photo, re-encoded (no EXIF, no place), or a document that was looked over."""

    class Kind(models.TextChoices):
        PHOTO = "photo", _("ảnh")
        BEFORE = "before", _("ảnh trước khi xử lý")
        AFTER = "after", _("ảnh sau khi xử lý")
        DOCUMENT = "document", _("tài liệu")

    kind = models.CharField(_("loại tệp"), max_length=10, choices=Kind, default=Kind.PHOTO, db_default=Kind.PHOTO)
    name = models.CharField(_("tên tệp"), max_length=120, blank=True, default="", db_default="")
    file = models.CharField(max_length=120, unique=True, help_text="name in the storage")
    content_type = models.CharField(max_length=40)
    size = models.PositiveIntegerField(help_text="bytes")
    width = models.PositiveIntegerField(help_text="pixels; 0: a document")
    height = models.PositiveIntegerField(help_text="pixels; 0: a document")
    sha256 = models.CharField(max_length=64)
    created_at = models.DateTimeField()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.file

    @property
    def is_document(self) -> bool:
        return self.kind == self.Kind.DOCUMENT


class Attachment(StoredFile):
    """A file of a case. Only those see it who may see the case.

    It came with its citizen's words (`interaction`), or goes with an answer (`answer`).
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="attachments")
    interaction = models.ForeignKey(Interaction, models.PROTECT, null=True, related_name="+")
    answer = models.ForeignKey(Answer, models.PROTECT, null=True, db_index=False, related_name="attachments")
    file = models.CharField(
        max_length=120, help_text="name in the storage; of answers to merged cases, in several rows"
    )

    class Meta:
        indexes = [models.Index(fields=["file"], name="cases_files")]


class DraftFile(StoredFile):
    """A file of a draft, for the staff alone: a table of its own, so that no list of a case's attachments can hold it.

    Approved, it becomes an attachment of the answer; else it goes with its draft.
    """

    draft = models.ForeignKey(Draft, models.PROTECT, related_name="files")


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


class CaseLink(models.Model):
    """Something that opens one case whole: a link in a text, or what a browser remembers. It ends, and can be withdrawn.

    The token in an address is derived from the row (`cases.access.links`), so that no row and no page of the staff holds it.
    """

    class Purpose(models.TextChoices):
        TEXT = "text", _("đường dẫn trong tin nhắn")
        FILED = "filed", _("trình duyệt đã gửi phiếu")
        DIGITS = "digits", _("trình duyệt đã gõ đúng bốn số cuối")
        KEPT = "kept", _("trình duyệt còn lại sau khi thu hồi đường dẫn")

    case = models.ForeignKey(Case, models.PROTECT, related_name="access")
    purpose = models.CharField(max_length=6, choices=Purpose)
    interaction = models.OneToOneField(Interaction, models.PROTECT, null=True, related_name="carried_link")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["case", "purpose"], name="cases_links")]

    def __str__(self) -> str:
        return f"{self.purpose} {self.pk}"


class CasePin(models.Model):
    """The PIN of a case that holds no number: code and PIN open it whole. Its keyed hash is kept (`cases.access.pins`)."""

    case = models.OneToOneField(Case, models.PROTECT, related_name="pin")
    digest = models.CharField(max_length=64)
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"pin of {self.case_id}"


class OneTimeCode(models.Model):
    """Six digits texted to the number on a case. Derived from the row (`cases.access.one_time`), never stored."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="one_time_codes")
    contact = models.ForeignKey(Contact, models.PROTECT, related_name="one_time_codes")
    interaction = models.OneToOneField(Interaction, models.PROTECT, null=True, related_name="carried_code")
    made_at = models.DateTimeField()
    wrong_tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["contact", "-made_at"], name="cases_one_time")]

    def __str__(self) -> str:
        return f"one-time code {self.pk}"


class CodeTry(models.Model):
    """A wrong guess at the phone number behind a code (docs/personal-data.md)."""

    code = models.CharField(max_length=codes.LENGTH)
    network = models.CharField(max_length=64, help_text="keyed digest of the caller's network, not the address")
    tried_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["code", "-tried_at"], name="cases_tries"),
            models.Index(fields=["network", "-tried_at"], name="cases_tries_net"),
        ]

    def __str__(self) -> str:
        return self.code
