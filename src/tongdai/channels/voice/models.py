"""The telephone's own rows: lines and trunks, the menu, calls, who is at work, who is to be rung back."""

from __future__ import annotations

import secrets

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from tongdai.accounts.models import User
from tongdai.cases.models import Case, Event
from tongdai.people.models import Contact, Interaction

from . import queue_models as queue_models  # its rows are this room's, too
from .menu_rows import Prompt as Prompt
from .menu_rows import Step as Step
from .menu_rows import Take as Take
from .supervision_models import Notice as Notice
from .supervision_models import Supervision as Supervision
from .trunk_models import Trunk as Trunk


def new_secret() -> str:
    return secrets.token_urlsafe(24)


class Refusal(models.Model):
    """How often in an hour somebody was turned away at one of the telephone's doors; no number, no name."""

    class Door(models.TextChoices):
        CARRIERS = "carriers", _("cổng nhà mạng")
        PHONES = "phones", _("cổng máy SIP")
        BROWSERS = "browsers", _("cổng trình duyệt")

    class Reason(models.TextChoices):
        UNKNOWN = "unknown", _("máy lạ")
        PASSWORD = "password", _("sai mật khẩu")
        DOOR = "door", _("không được gọi vào cổng này")
        PAGE = "page", _("từ trang lạ hay chưa đăng nhập")
        FLOOD = "flood", _("gửi dồn dập")
        GARBLED = "garbled", _("gói SIP không đọc được")

    hour = models.DateTimeField()
    door = models.CharField(max_length=8, choices=Door)
    reason = models.CharField(max_length=8, choices=Reason)
    network = models.CharField(max_length=45, help_text="an address, of IPv6 its /64; empty: many others")
    times = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["hour", "door", "reason", "network"], name="voice_refused_an_hour")
        ]

    def __str__(self) -> str:
        return f"{self.times} refused at {self.door}"


class Line(models.Model):
    """The telephone of one who takes calls: the desk's own in the browser, or a plain SIP telephone."""

    class Kind(models.TextChoices):
        WEBRTC = "webrtc", _("trong trình duyệt")
        SIP = "sip", _("máy SIP")

    user = models.OneToOneField(User, models.CASCADE, related_name="line")
    kind = models.CharField(max_length=8, choices=Kind, default=Kind.WEBRTC)
    secret = models.CharField(max_length=64, default=new_secret)
    holder = models.CharField(max_length=36, blank=True, default="", help_text="the browser whose page answers")

    def __str__(self) -> str:
        return self.endpoint

    @property
    def endpoint(self) -> str:
        """What Asterisk calls it, and its SIP user name."""
        return f"line-{self.user_id}"


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

    Encrypted there (`recording_files`); size and SHA-256 are the sound's. The row outlives the file: when it was deleted,
    and by its hash what it was.
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
    callback = models.ForeignKey("Callback", models.PROTECT, null=True, related_name="+")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    refused = models.CharField(max_length=200, blank=True, default="", help_text="why it could not be done")

    class Meta:
        indexes = [models.Index(fields=["id"], name="voice_orders", condition=Q(done_at=None))]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class Agent(models.Model):
    """Whether one who takes calls may be rung now. Written by the voice process and by the person's own buttons."""

    class State(models.TextChoices):
        READY = "ready", _("sẵn sàng")
        RINGING = "ringing", _("đang đổ chuông")
        TALKING = "talking", _("đang nói chuyện")
        AFTER_CALL = "after_call", _("ghi sau cuộc gọi")
        PAUSED = "paused", _("tạm nghỉ")
        OUT = "out", _("ngoài ca")

    user = models.OneToOneField(User, models.CASCADE, related_name="agent")
    state = models.CharField(max_length=10, choices=State, default=State.OUT)
    reason = models.CharField(max_length=80, blank=True, default="")
    online = models.BooleanField(default=False, help_text="the telephone is there: registered at the exchange")
    away_since = models.DateTimeField(null=True, help_text="when the telephone went; empty: it is there, or never was")
    muted = models.BooleanField(default=False, help_text="the microphone is off in the call in hand")
    writes_until = models.DateTimeField(null=True, help_text="after a call, where more than the usual time is taken")
    call = models.ForeignKey(Call, models.SET_NULL, null=True, related_name="+", help_text="in hand, or just ended")
    since = models.DateTimeField()
    idle_since = models.DateTimeField(help_text="the last call's end: the longest idle is rung first")

    def __str__(self) -> str:
        return f"agent {self.user_id}"


class Repair(models.Model):
    """What the telephone found wrong and put right by itself; the supervisor sees that there were any."""

    class Kind(models.TextChoices):
        STRANDED = "stranded", _("người gọi đứng chờ cạnh điện thoại viên rảnh")
        GHOST = "ghost", _("cuộc gọi còn ghi là đang chờ dù người gọi đã gác máy")
        ZOMBIE = "zombie", _("máy đổ chuông hay nối mà không vì ai")
        AGENT = "agent", _("điện thoại viên còn ghi là bận dù không có cuộc gọi")

    kind = models.CharField(max_length=8, choices=Kind)
    call = models.ForeignKey(Call, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["at"], name="voice_put_right")]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


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


from . import agent_times  # noqa: E402, F401  # its table is one of ours
