"""Rows that a supervisor and a monitor watch: who was turned away at the doors, and what was put right."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from .calls import Call


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
