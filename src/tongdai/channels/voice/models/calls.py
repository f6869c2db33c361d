"""Rows about calls: the calls, what was recorded of them, and what agents ask of the exchange by a button."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tongdai.accounts.models import User
from tongdai.cases.models import Case
from tongdai.people.models import Contact, Interaction

from .queues import Queue


class Call(models.Model):
    """One call (cuộc gọi), from the first ring to its outcome. Its interaction holds who and when for the house."""

    class State(models.TextChoices):
        MENU = "menu", _("đang nghe máy")
        WAITING = "waiting", _("đang chờ")
        RINGING = "ringing", _("đang đổ chuông")
        TALKING = "talking", _("đang nói chuyện")
        ENDED = "ended", _("đã xong")

    class Outcome(models.TextChoices):
        ANSWERED = "answered", _("đã trả lời ngay")
        REGISTERED = "registered", _("đã lập phiếu")
        ADDED = "added", _("thêm vào phiếu đã có")
        TRANSFERRED = "transferred", _("đã chuyển máy")
        WRONG_NUMBER = "wrong_number", _("nhầm số")
        SILENT = "silent", _("im lặng")
        ABUSIVE = "abusive", _("quấy rối")
        LOOKED_UP = "looked_up", _("máy đã đọc kết quả")
        MESSAGE = "message", _("để lại lời nhắn")
        ABANDONED = "abandoned", _("gác máy trước khi gặp ai")
        CUT = "cut", _("bị ngắt giữa chừng")
        FLOOD = "flood", _("gọi dồn dập, không nhận")
        NO_ANSWER = "no_answer", _("không ai nghe máy")
        KEPT = "kept", _("giữ chỗ, chờ gọi lại")

    class Third(models.TextChoices):
        """How far it is with whom the agent asks, or hands the caller to."""

        RINGING = "ringing", _("đang gọi")
        APART = "apart", _("đang nói riêng")
        TOGETHER = "together", _("ba bên")

    class Direction(models.TextChoices):
        IN = "in", _("gọi đến")
        OUT = "out", _("gọi đi")

    channel = models.CharField(max_length=60, unique=True, help_text="Asterisk's name of the citizen's leg")
    direction = models.CharField(max_length=3, choices=Direction, default=Direction.IN)
    interaction = models.OneToOneField(Interaction, models.PROTECT, related_name="call")
    contact = models.ForeignKey(Contact, models.PROTECT, null=True, related_name="calls")
    number = models.CharField(max_length=20, blank=True, default="", help_text="E.164; empty: hidden, or none")
    hidden = models.BooleanField(default=False, help_text="whoever calls asks that no number be shown")
    claimed = models.JSONField(
        default=list, help_text="what the carrier says, as it came, where it is no number or several"
    )
    state = models.CharField(max_length=8, choices=State, default=State.MENU)
    path = models.JSONField(default=list, help_text="codes of the steps walked")
    queue = models.ForeignKey(Queue, models.PROTECT, null=True, related_name="calls")
    agent = models.ForeignKey(User, models.PROTECT, null=True, related_name="calls")
    case = models.ForeignKey(Case, models.PROTECT, null=True, related_name="calls", help_text="what it was about")
    held = models.BooleanField(default=False, help_text="hears music while the agent does something else")
    recorded = models.BooleanField(default=True, help_text="false: something sensitive is being said")
    no_sound = models.CharField(
        max_length=8, blank=True, default="", help_text="whose voice doesn't come: caller | agent"
    )
    consulting = models.CharField(
        max_length=60, blank=True, default="", help_text="whom the agent asks before a transfer, or hands the caller to"
    )
    third = models.CharField(max_length=8, choices=Third, blank=True, default="")
    came_at = models.DateTimeField()
    rang_at = models.DateTimeField(null=True, help_text="when an agent was last rung for it")
    waited_from = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=12, choices=Outcome, blank=True, default="")

    class Meta:
        indexes = [
            models.Index(fields=["came_at"], name="voice_calls"),
            models.Index(fields=["agent", "-came_at"], name="voice_of_agent"),
            models.Index(fields=["state"], name="voice_going_on", condition=~Q(state="ended")),
        ]

    def __str__(self) -> str:
        return f"call {self.pk}"


class Recording(models.Model):
    """What was said in a call: one file in storage, the citizen left, the city right; or a message somebody left.

    Encrypted there (`recordings.encrypted_files`); size and SHA-256 are the sound's. The row outlives the file: when it was
    deleted, and by its hash what it was.
    """

    class Kind(models.TextChoices):
        TALK = "talk", _("cuộc gọi")
        MESSAGE = "message", _("lời nhắn")

    call = models.ForeignKey(Call, models.PROTECT, related_name="recordings")
    kind = models.CharField(max_length=8, choices=Kind, default=Kind.TALK)
    file = models.CharField(max_length=120, blank=True, default="", help_text="in storage; empty: deleted")
    key = models.CharField(
        max_length=16, blank=True, default="", help_text="name of the key it is encrypted with; empty: plain"
    )
    spare = models.CharField(max_length=120, blank=True, default="", help_text="another file in storage, to be deleted")
    seconds = models.PositiveIntegerField()
    size = models.PositiveIntegerField(help_text="octets")
    sha256 = models.CharField(max_length=64)
    silent = models.BooleanField(default=False, help_text="a message in which nothing was said")
    made_at = models.DateTimeField()
    deleted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["call", "kind", "sha256"], name="voice_recorded_once")]
        indexes = [models.Index(fields=["made_at"], name="voice_recordings_kept", condition=~Q(file=""))]

    def __str__(self) -> str:
        return f"recording {self.pk}"


class Order(models.Model):
    """What an agent asks of the exchange by a button: done by the voice process, in order, once."""

    class Kind(models.TextChoices):
        HANG_UP = "hang_up", _("gác máy")
        HOLD = "hold", _("giữ máy")
        RESUME = "resume", _("nói tiếp")
        PAUSE = "pause", _("dừng ghi âm")
        RECORD = "record", _("ghi âm tiếp")
        TRANSFER = "transfer", _("chuyển máy")
        CONSULT = "consult", _("hỏi trước khi chuyển")
        HAND_OVER = "hand_over", _("nối người gọi với người kia")
        COME_BACK = "come_back", _("quay lại với người gọi")
        CONFERENCE = "conference", _("nói ba bên")
        CALL_OUT = "call_out", _("gọi đi")
        READ_CODE = "read_code", _("máy đọc mã")
        LISTEN = "listen", _("nghe cùng")
        WHISPER = "whisper", _("nhắc riêng")
        BARGE = "barge", _("cùng nói")
        LEAVE = "leave", _("thôi nghe")
        TAKE_OVER = "take_over", _("nhận cuộc")
        MOVE = "move", _("chuyển cuộc")
        FREE = "free", _("gỡ máy")
        DECLINE = "decline", _("từ chối")

    kind = models.CharField(max_length=10, choices=Kind)
    call = models.ForeignKey(Call, models.PROTECT, null=True, related_name="orders")
    target = models.CharField(max_length=60, blank=True, default="", help_text="queue:ID, agent:ID or a number (E.164)")
    words = models.CharField(max_length=120, blank=True, default="", help_text="why, told to the agent")
    callback = models.ForeignKey("voice.Callback", models.PROTECT, null=True, related_name="+")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    refused = models.CharField(max_length=200, blank=True, default="", help_text="why it could not be done")

    class Meta:
        indexes = [models.Index(fields=["id"], name="voice_orders", condition=Q(done_at=None))]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"
