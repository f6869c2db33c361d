"""What a case was answered, how satisfied its citizen is, why it was rejected; drafts that wait for an approver."""

from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tongdai.accounts.models import User
from tongdai.directory.models import Agency

from .case import Case


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
