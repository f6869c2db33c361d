"""Who spoke to us, when, by what. Knows nothing of cases."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from .purposes import Purpose


class Channel(models.TextChoices):
    """A way in and out (kênh tiếp nhận)."""

    VOICE = "voice", _("điện thoại")
    SMS = "sms", _("tin nhắn")
    WEB = "web", _("cổng")


class Contact(models.Model):
    """A person or organisation, known by phone number.

    `proven_at` is when a text or call last came from that number: one that was typed into a web form is only *claimed*,
    and never opens another's history.
    """

    phone = models.CharField(max_length=20, unique=True, help_text="E.164")
    name = models.CharField(_("tên"), max_length=120, blank=True, default="")
    language = models.CharField(max_length=5, default="vi")
    proven_at = models.DateTimeField(null=True, blank=True)
    refused_at = models.DateTimeField(
        null=True, blank=True, help_text="when they refused texts that they did not ask for"
    )
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"contact {self.pk}"


class Interaction(models.Model):
    """One call, one message, one form (lượt tiếp xúc), inbound or outbound. Holds the words; events never do."""

    class Direction(models.TextChoices):
        IN = "in", _("đến")
        OUT = "out", _("đi")

    class State(models.TextChoices):
        RECEIVED = "received", _("đã nhận")
        QUEUED = "queued", _("chờ gửi")
        SENDING = "sending", _("đang gửi")
        SENT = "sent", _("đã gửi")
        DELIVERED = "delivered", _("đã đến máy")
        FAILED = "failed", _("không gửi được")
        UNKNOWN = "unknown", _("không rõ đã đến chưa")
        HELD = "held", _("giữ lại vì quá giới hạn trong giờ")
        BARRED = "barred", _("không gửi, loại số thành phố không nhắn")
        OVERTAKEN = "overtaken", _("không gửi, tin sau đã nói đủ")

    contact = models.ForeignKey(Contact, models.PROTECT, null=True, related_name="interactions")
    channel = models.CharField(max_length=10, choices=Channel)
    direction = models.CharField(max_length=3, choices=Direction)
    state = models.CharField(max_length=10, choices=State)
    address = models.CharField(max_length=40, blank=True, default="", help_text="theirs: E.164, short code or name")
    our_address = models.CharField(max_length=40, blank=True, default="")
    body = models.TextField(blank=True, default="")
    key = models.CharField(max_length=80, unique=True, help_text="idempotency key, named by its channel")
    digest = models.CharField(max_length=64, blank=True, default="", help_text="of the content sent under the key")
    wire_id = models.CharField(max_length=80, blank=True, default="", help_text="what the carrier calls it")
    parts = models.PositiveSmallIntegerField(default=0, help_text="message segments on the wire")
    detail = models.JSONField(default=dict, blank=True)
    purpose = models.CharField(max_length=10, choices=Purpose, blank=True, db_default="", help_text="of what goes out")
    priority = models.SmallIntegerField(db_default=0, help_text="the purpose's; the higher goes out first")
    happened_at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())
    settled_at = models.DateTimeField(null=True, blank=True, help_text="when sent, delivered or failed")
    let_out_at = models.DateTimeField(null=True, blank=True, help_text="when the limits let it out; a retry is free")

    class Meta:
        indexes = [
            models.Index(fields=["contact", "-happened_at"], name="people_history"),
            models.Index(fields=["channel", "-priority", "id"], name="people_outbox",
                         condition=Q(state__in=["queued", "sending"])),
            models.Index(fields=["-happened_at"], name="people_not_let_out", condition=Q(state__in=["held", "barred"])),
            models.Index(fields=["wire_id"], name="people_wire", condition=~Q(wire_id="")),
            models.Index(fields=["address", "channel", "direction", "-happened_at"], name="people_by_address"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.channel} {self.direction} {self.pk}"


class OutboundCount(models.Model):
    """How many texts or calls went out in one hour under one name, and how many were held back (`limits`)."""

    class What(models.TextChoices):
        TEXT = "text", _("tin nhắn")
        CALL = "call", _("cuộc gọi")

    class Scope(models.TextChoices):
        CITY = "city", _("cả thành phố")
        BLOCK = "block", _("một dải số")
        NETWORK = "network", _("một mạng")

    what = models.CharField(max_length=4, choices=What)
    scope = models.CharField(max_length=7, choices=Scope)
    name = models.CharField(max_length=40, blank=True, help_text="the block's first digits, a network's keyed digest")
    hour = models.DateTimeField()
    used = models.PositiveIntegerField(default=0)
    held = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["what", "scope", "name", "hour"], name="people_one_count")]
        indexes = [models.Index(fields=["-hour"], name="people_held_back", condition=Q(held__gt=0))]

    def __str__(self) -> str:
        return f"{self.what} {self.scope} {self.hour:%Y-%m-%d %H}h"


class SpentProof(models.Model):
    """A proof of work that a form has used (`portal.proof`): a second one by the same challenge is none."""

    digest = models.CharField(max_length=64, primary_key=True)
    expires_at = models.DateTimeField(db_index=True, help_text="in real time; afterwards the challenge is over anyway")

    def __str__(self) -> str:
        return self.digest[:8]
