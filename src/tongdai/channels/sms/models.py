"""What came and went, part by part, so that a restart loses none and nothing is taken twice."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from tongdai.knowledge.models import Inquiry
from tongdai.people.models import Interaction


class Link(models.Model):
    """An unbroken connection to the SMSC: while it lasts, an answered text is sent again by a citizen only.

    `confirmed` is the last window whose acknowledgements the SMSC has surely read; the windows after it are in doubt
    once the link has broken, and a text of theirs that comes again is the SMSC's own retry.
    """

    smsc = models.CharField(max_length=120, help_text="host:port")
    bind = models.CharField(max_length=140, blank=True, default="", help_text="address.Smsc.key")
    carrier = models.CharField(max_length=120, blank=True, default="", help_text="whose message ids these are")
    sends = models.BooleanField(default=True, help_text="False: the receiving one of a pair")
    started_at = models.DateTimeField()
    last_seen_at = models.DateTimeField(null=True, help_text="a sign of life, in real time")
    bound_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    why = models.CharField(max_length=200, blank=True, default="", help_text="why it ended, or never was")
    confirmed = models.PositiveIntegerField(default=0)
    slowed_to = models.FloatField(null=True, help_text="submit_sm a second, while the SMSC asks for less (0x58)")

    class Meta:
        indexes = [models.Index(fields=["bind", "-id"], name="sms_link_bind")]

    def __str__(self) -> str:
        return f"link {self.pk}"


class Part(models.Model):
    """One `deliver_sm` as it came: a part of a long text, or a whole one."""

    class State(models.TextChoices):
        TAKEN = "taken", _("đã nhận vào")
        WAITING = "waiting", _("chờ các phần còn lại")
        PARTIAL = "partial", _("nhận vào khi còn thiếu phần")
        DEAD_LETTER = "kept", _("giữ lại cho người xem")

    UNREADABLE = "unreadable octets"  # `trouble` of what became a case and could not be read whole

    key = models.CharField(max_length=64, help_text="digest of sender + destination + coding + user data with header")
    link = models.ForeignKey(Link, models.PROTECT, related_name="parts")
    turn = models.PositiveIntegerField(help_text="the window of the link it was acknowledged with")
    retries = models.PositiveIntegerField(default=0, help_text="times the SMSC sent it again")
    sender = models.CharField(max_length=40, help_text="E.164, or as the carrier named it")
    destination = models.CharField(max_length=40)
    data_coding = models.PositiveSmallIntegerField()
    octets = models.BinaryField(help_text="the text's octets, without its header")
    reference = models.PositiveIntegerField(null=True)
    total = models.PositiveSmallIntegerField(null=True)
    number = models.PositiveSmallIntegerField(null=True)
    state = models.CharField(max_length=10, choices=State)
    trouble = models.CharField(max_length=200, blank=True, default="", help_text="why a person should look")
    digest = models.CharField(max_length=64, blank=True, default="", help_text="digest of the whole text's words")
    interaction = models.ForeignKey(Interaction, models.PROTECT, null=True, related_name="+")
    received_at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now(), help_text="in real time")

    class Meta:
        db_table = "sms_piece"
        indexes = [
            models.Index(fields=["key", "-received_at"], name="sms_piece_again"),
            models.Index(fields=["sender", "digest", "-received_at"], name="sms_piece_words", condition=~Q(digest="")),
            models.Index(fields=["sender", "destination", "reference", "total"], name="sms_piece_whole",
                         condition=Q(total__isnull=False)),
            models.Index(fields=["recorded_at"], name="sms_piece_waiting", condition=Q(state="waiting")),
            models.Index(fields=["-received_at"], name="sms_piece_kept", condition=Q(state="kept")),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"part {self.pk}"


class Submission(models.Model):
    """One `submit_sm`: a part of an outbound interaction on its way. A resent one is a new row; the old is unknown."""

    class State(models.TextChoices):
        SENDING = "sending", _("đang gửi")
        ACCEPTED = "accepted", _("tổng đài tin nhắn đã nhận")
        DELIVERED = "delivered", _("đã đến máy")
        REFUSED = "refused", _("bị từ chối, sẽ gửi lại")
        FAILED = "failed", _("không gửi được")
        UNKNOWN = "unknown", _("không rõ đã gửi chưa")

    interaction = models.ForeignKey(Interaction, models.PROTECT, related_name="submissions")
    link = models.ForeignKey(Link, models.PROTECT, related_name="submissions")
    number = models.PositiveSmallIntegerField()
    total = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=State)
    message_id = models.CharField(max_length=65, blank=True, default="", help_text="the SMSC's name for it")
    error = models.CharField(max_length=80, blank=True, default="")
    sent_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["message_id"], name="sms_submission_id", condition=~Q(message_id="")),
            models.Index(fields=["link"], name="sms_submission_open", condition=Q(state="sending")),
        ]

    def __str__(self) -> str:
        return f"submission {self.pk}"


class Receipt(models.Model):
    """What the SMSC said became of a submission; it may come before the answer that names the submission.

    `octets` is how it came, until it is known which submission it is of: one that fits none goes to a person.
    """

    link = models.ForeignKey(Link, models.PROTECT, null=True, related_name="receipts", help_text="it came over")
    sender = models.CharField(max_length=40, blank=True, default="", help_text="of the deliver_sm: whom we had texted")
    destination = models.CharField(max_length=40, blank=True, default="")
    data_coding = models.PositiveSmallIntegerField(default=0)
    octets = models.BinaryField(default=b"")
    recorded_at = models.DateTimeField(db_default=Now(), help_text="in real time")
    message_id = models.CharField(max_length=65, db_index=True)
    state = models.CharField(max_length=10, help_text="DELIVRD, UNDELIV, EXPIRED … (SMPP 3.4, appendix B)")
    error = models.CharField(max_length=10, blank=True, default="")
    submission = models.ForeignKey(Submission, models.PROTECT, null=True, related_name="receipts")
    received_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(
                fields=["recorded_at"], name="sms_receipt_stray", condition=Q(submission=None) & ~Q(octets=b"")
            ),
        ]

    def __str__(self) -> str:
        return f"receipt {self.pk} {self.state}"


class HeldBack(models.Model):
    """A text that does not go out though others do: the SMSC refuses it, it came too late, or somebody said no.

    Times are real ones, as those of a queue must be: a demo's clock is turned by days in a second.
    """

    class State(models.TextChoices):
        HELD = "held", _("giữ lại, sẽ thử lại")
        GIVEN_UP = "given_up", _("thôi gửi: nhà mạng không nhận")
        EXPIRED = "expired", _("quá hạn, không gửi nữa")
        DROPPED = "dropped", _("người trực quyết định không gửi")

    interaction = models.OneToOneField(Interaction, models.PROTECT, related_name="held_back")
    state = models.CharField(max_length=10, choices=State, default=State.HELD)
    tries = models.PositiveSmallIntegerField(default=0, help_text="refusals that were about this text alone")
    until = models.DateTimeField(null=True, help_text="not tried before")
    why = models.CharField(max_length=120, blank=True, default="", help_text="the SMSC's status")
    carrier = models.CharField(max_length=120, blank=True, default="")
    fresh_from = models.DateTimeField(null=True, help_text="somebody had it sent again then: its validity counts anew")
    seen = models.BooleanField(default=False, help_text="somebody has put it away")
    at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [models.Index(fields=["-id"], name="sms_heldback_open", condition=Q(seen=False))]

    def __str__(self) -> str:
        return f"held back {self.interaction_id} {self.state}"


class Backlog(models.Model):
    """Many texts waited when a carrier was joined: nothing of it goes until somebody has decided; danger does."""

    class Decision(models.TextChoices):
        SEND = "send", _("gửi hết")
        DROP = "drop", _("không gửi")

    up_to = models.BigIntegerField(help_text="the last interaction that waited")
    texts = models.PositiveIntegerField()
    asked_at = models.DateTimeField()
    decision = models.CharField(max_length=5, choices=Decision, blank=True, default="")
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["decision"], condition=Q(decision=""), name="sms_one_open_backlog")
        ]

    def __str__(self) -> str:
        return f"backlog {self.pk} {self.decision}"


class Offer(models.Model):
    """The answers last offered to a phone, which it chooses from by a lone digit within a day."""

    phone = models.CharField(max_length=20, unique=True, help_text="E.164")
    question = models.TextField(help_text="what was asked, to go to a person as it is")
    options = models.JSONField(default=list, help_text="[{key, part, title}], 1 is the first")
    inquiry = models.ForeignKey(Inquiry, models.SET_NULL, null=True, related_name="+")
    offered_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"offer {self.pk}"
