"""The city's staff: who they are, which agency they work for, what their role lets them do."""

from __future__ import annotations

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from tongdai.directory.models import Agency, Place
from tongdai.platform.typed_input import days_taken, moments_taken


class Role(models.TextChoices):
    """What a member of staff does; one each."""

    CALL_TAKER = "call_taker", _("điện thoại viên")
    COORDINATOR = "coordinator", _("điều phối viên")
    OFFICER = "officer", _("cán bộ xử lý")
    APPROVER = "approver", _("lãnh đạo phê duyệt")
    SUPERVISOR = "supervisor", _("giám sát ca")
    LEADER = "leader", _("lãnh đạo thành phố")
    INSPECTOR = "inspector", _("thanh tra")
    ADMIN = "admin", _("quản trị")


class StaffManager(BaseUserManager["User"]):
    """Makes members of staff."""

    def create_user(self, username: str, password: str | None = None, **fields: object) -> User:
        """`password` None: nobody signs in until a one-time link has set one."""
        user = self.model(username=username, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """A member of staff. Citizens have no account."""

    username = models.CharField(_("tên đăng nhập"), max_length=60, unique=True)
    full_name = models.CharField(_("họ và tên"), max_length=120)
    role = models.CharField(_("vai trò"), max_length=20, choices=Role)
    agency = models.ForeignKey(Agency, models.PROTECT, null=True, blank=True, related_name="staff")
    phone = models.CharField(_("điện thoại"), max_length=20, blank=True, default="")
    email = models.EmailField(_("thư điện tử"), max_length=120, blank=True, default="")
    language = models.CharField(max_length=5, default="vi")
    is_active = models.BooleanField(default=True)
    demo = models.BooleanField(default=False, help_text="signs in with a published password, on loopback only")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = StaffManager()
    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ["full_name", "role"]

    class Meta:
        ordering = ["full_name"]
        constraints = [
            models.UniqueConstraint(Lower("email"), condition=~models.Q(email=""), name="accounts_one_email"),
        ]

    def __str__(self) -> str:
        return self.full_name


class DutyShift(models.Model):
    """Somebody is on duty for urgent cases (trực khẩn): each week at certain hours, or once, from a moment to a moment.

    One that holds once (a holiday, a swap) goes before the weekly ones of its rank, or before the one it stands in for;
    roster.py says who is rung at a moment. It covers the kinds of danger and the places named, none named: all.
    """

    class Rank(models.IntegerChoices):
        """Who is rung after whom."""

        ON_DUTY = 1, _("người trực")
        NEXT = 2, _("người trực thứ hai")
        SUPERVISOR = 3, _("giám sát")
        LEADER = 4, _("lãnh đạo")

    rank = models.PositiveSmallIntegerField(choices=Rank, default=Rank.ON_DUTY)
    user = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="duty_shifts")
    name = models.CharField(max_length=120, help_text="of who is on duty, as it is shown")
    phones = models.JSONField(default=list, help_text="E.164, in the order they are rung")
    weekdays = models.JSONField(default=list, help_text="0 = Monday; of the day it begins on")
    starts = models.TimeField(null=True, help_text="in the city's zone")
    ends = models.TimeField(null=True, help_text="not after `starts`: the next day")
    valid_from = models.DateField(null=True, help_text="the first day it begins on")
    valid_to = models.DateField(null=True, blank=True, help_text="the last day it begins on")
    from_at = models.DateTimeField(null=True, help_text="of one that holds once")
    to_at = models.DateTimeField(null=True)
    instead_of = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="replaced_by", help_text="a swap"
    )
    reason = models.CharField(max_length=120, blank=True, default="", help_text="of one that holds once: Tết, đổi ca")
    kinds = models.JSONField(default=list, blank=True, help_text="codes of danger kinds; empty: all")
    places: models.ManyToManyField[Place, Place] = models.ManyToManyField(Place, blank=True, related_name="+")
    changed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ["rank", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(from_at=None, to_at=None, starts__isnull=False, ends__isnull=False,
                                   valid_from__isnull=False)
                | models.Q(from_at__isnull=False, to_at__gte=models.F("from_at"), starts=None, ends=None),
                name="accounts_duty_weekly_or_once",
            ),
            models.CheckConstraint(
                condition=days_taken("valid_from", "valid_to") & moments_taken("from_at", "to_at"),
                name="accounts_duty_days_taken",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"shift {self.pk}"


class SignInTry(models.Model):
    """A guess that has not been right: enough of them lock this account from this origin for a while (throttle.py)."""

    username = models.CharField(max_length=60, help_text="what was guessed at, folded to lower case")
    network = models.CharField(max_length=64, help_text="keyed digest of the network, or a browser known before")
    tried_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["network", "username", "-tried_at"], name="accounts_tries")]

    def __str__(self) -> str:
        return f"try {self.pk}"


class Invitation(models.Model):
    """A one-time link: it makes the first administrator of an empty city, or lets a new colleague set a password."""

    user = models.ForeignKey(User, models.CASCADE, null=True, related_name="invitations", help_text="null: the first")
    digest = models.CharField(max_length=64, unique=True, help_text="of the token; the token itself is kept nowhere")
    expires_at = models.DateTimeField(null=True, help_text="null: it lives until an administrator exists")
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"invitation {self.pk}"
