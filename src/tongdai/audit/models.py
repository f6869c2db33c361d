"""The record of what people did that no case tells of. Added to and read, never changed (`platform.database.roles`, a trigger)."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """What sort of act: the page's first filter."""

    SIGN_IN = "sign_in", _("đăng nhập")
    PEOPLE = "people", _("tài khoản và vai trò")
    READ = "read", _("đọc dữ liệu cá nhân")
    EXPORT = "export", _("xuất dữ liệu")
    IMPORT = "import", _("nhập dữ liệu")
    ANSWERS = "answers", _("kho trả lời")
    SETTING = "setting", _("cài đặt")
    SUPERVISION = "supervise", _("giám sát cuộc gọi")
    COMMAND = "command", _("lệnh trên máy chủ")


class Who(models.TextChoices):
    """Who acted."""

    STAFF = "staff", _("cán bộ")
    OPERATOR = "operator", _("người vận hành")
    STRANGER = "stranger", _("người chưa đăng nhập")
    SYSTEM = "system", _("hệ thống")


class Entry(models.Model):
    """One act. Holds ids and codes: whom they stand for is looked up when it is shown, for those who may know.

    Rows of other rooms are named by their id without a foreign key: this room lies below them, and an entry outlives them.
    """

    happened_at = models.DateTimeField(help_text="by the city's clock")
    recorded_at = models.DateTimeField(db_default=Now(), help_text="by the database's")
    kind = models.CharField(max_length=10, choices=Kind)
    action = models.CharField(max_length=60)
    who = models.CharField(max_length=10, choices=Who)
    by = models.BigIntegerField(null=True, help_text="accounts.User who acted")
    subject = models.BigIntegerField(null=True, help_text="accounts.User to whom it was done")
    contact = models.BigIntegerField(null=True, help_text="people.Contact whose data it was")
    case_code = models.CharField(max_length=11, blank=True, default="")
    what = models.CharField(
        max_length=80, blank=True, default="", help_text="table, setting, answer, call: by its code"
    )
    detail: models.JSONField[Any, Any] = models.JSONField(default=dict, help_text="counts and codes, before and after")
    network = models.CharField(max_length=45, blank=True, default="", help_text="IPv4 address, or IPv6 /64")

    class Meta:
        indexes = [
            models.Index(fields=["-happened_at", "-id"], name="audit_newest"),
            models.Index(fields=["kind", "-happened_at", "-id"], name="audit_by_kind"),
            models.Index(fields=["by", "-happened_at", "-id"], name="audit_by_who", condition=Q(by__isnull=False)),
            models.Index(
                fields=["subject", "-happened_at", "-id"], name="audit_of_staff", condition=Q(subject__isnull=False)
            ),
            models.Index(
                fields=["contact", "-happened_at", "-id"], name="audit_of_person", condition=Q(contact__isnull=False)
            ),
            models.Index(fields=["case_code", "-happened_at", "-id"], name="audit_of_case", condition=~Q(case_code="")),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.action} {self.pk}"
