"""What the law of personal data has us keep: how long, who agreed to what, what was asked, what went wrong."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tongdai.accounts.models import User
from tongdai.cases.models import Case
from tongdai.directory.models import Topic
from tongdai.platform.typed_input import moments_taken


class RetentionRule(models.Model):
    """How many days something is kept; of a case and its photos also for one topic alone."""

    class Kind(models.TextChoices):
        CASE = "case", _("lời kể, câu trả lời, tên và số của phiếu đã kết thúc")
        PHOTO = "photo", _("ảnh của phiếu đã kết thúc")
        MESSAGE = "message", _("tin nhắn, cuộc gọi không thành phiếu")
        RECORDING = "recording", _("ghi âm")
        QUESTION = "question", _("câu hỏi tra cứu (không tên, không số)")
        TRY = "try", _("lần thử đăng nhập, mã dùng một lần, đường dẫn đã hết hạn")

    kind = models.CharField(max_length=10, choices=Kind)
    topic = models.ForeignKey(Topic, models.CASCADE, null=True, related_name="+")
    days = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "topic"], name="privacy_one_rule", nulls_distinct=False),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.days}"


class Consent(models.Model):
    """Whether a citizen agreed to what needs agreeing to. Each answer is a row; the last one holds."""

    class Purpose(models.TextChoices):
        HEALTH = "health", _("dùng thông tin sức khỏe để giúp")
        DENUNCIATION = "denunciation", _("chuyển họ tên, số điện thoại cho cơ quan giải quyết tố cáo")

    class Answer(models.TextChoices):
        GIVEN = "given", _("đồng ý")
        REFUSED = "refused", _("không đồng ý")
        WITHDRAWN = "withdrawn", _("đã rút lại")

    case = models.ForeignKey(Case, models.PROTECT, related_name="consents")
    purpose = models.CharField(max_length=12, choices=Purpose)
    answer = models.CharField(max_length=9, choices=Answer)
    channel = models.CharField(max_length=10, help_text="how it was answered: web, voice, sms, paper")
    by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", help_text="who wrote it down, if not the citizen"
    )
    answered_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["case", "purpose", "-answered_at"], name="privacy_consents")]

    def __str__(self) -> str:
        return f"{self.purpose} {self.answer}"


class DataRequest(models.Model):
    """Something a citizen asks about the data of a case (Luật 91/2025/QH15, điều 4), and what became of it."""

    class Kind(models.TextChoices):
        COPY = "copy", _("xem, xin bản sao")
        CORRECTION = "correction", _("sửa cho đúng")
        ERASURE = "erasure", _("xóa")
        OBJECTION = "objection", _("phản đối, hạn chế việc dùng")
        WITHDRAWAL = "withdrawal", _("rút lại đồng ý")

    class State(models.TextChoices):
        OPEN = "open", _("chờ trả lời")
        CONFIRMED = "confirmed", _("đã xác nhận, đang làm")
        DONE = "done", _("đã làm xong")
        REFUSED = "refused", _("không làm được")

    case = models.ForeignKey(Case, models.PROTECT, related_name="data_requests")
    kind = models.CharField(max_length=10, choices=Kind)
    state = models.CharField(max_length=9, choices=State, default=State.OPEN)
    words = models.TextField(blank=True, default="", help_text="in the citizen's words")
    channel = models.CharField(max_length=10, help_text="web, voice, sms, paper")
    received_at = models.DateTimeField()
    confirm_by = models.DateTimeField(help_text="2 working days")
    due_at = models.DateTimeField(help_text="10, 15 or 20 days by kind")
    extended_at = models.DateTimeField(null=True, help_text="once, with a reason the citizen reads")
    confirmed_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    answer = models.TextField(blank=True, default="", help_text="what the citizen reads")
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes = [
            models.Index(fields=["due_at"], name="privacy_open_requests", condition=Q(done_at=None)),
            models.Index(fields=["-received_at"], name="privacy_requests"),
        ]

    def __str__(self) -> str:
        return f"request {self.pk} {self.kind}"


class Breach(models.Model):
    """Personal data was lost, changed or seen by the wrong eyes: what, of how many, told to whom and when."""

    found_at = models.DateTimeField(_("phát hiện lúc"))
    what = models.TextField(_("chuyện gì đã xảy ra"))
    data = models.TextField(_("dữ liệu nào"))
    people = models.PositiveIntegerField(_("khoảng bao nhiêu người"), default=0)
    measures = models.TextField(_("đã làm gì"), blank=True, default="")
    reported_at = models.DateTimeField(_("báo cơ quan chuyên trách lúc"), null=True)
    people_notified_at = models.DateTimeField(_("báo người dân lúc"), null=True)
    closed_at = models.DateTimeField(null=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.CheckConstraint(condition=moments_taken("found_at"), name="privacy_breach_days_taken")]

    def __str__(self) -> str:
        return f"breach {self.pk}"


class PrivacyContact(models.Model):
    """Whom to ask about personal data; one row."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    name = models.CharField(_("người hoặc bộ phận phụ trách"), max_length=200, blank=True, default="")
    phone = models.CharField(_("điện thoại"), max_length=40, blank=True, default="")
    email = models.CharField(_("thư điện tử"), max_length=200, blank=True, default="")
    address = models.CharField(_("địa chỉ"), max_length=300, blank=True, default="")

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="privacy_one_contact")]

    def __str__(self) -> str:
        return self.name
