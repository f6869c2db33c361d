"""The city's staff: who they are, which agency they work for, what their role lets them do."""

from __future__ import annotations

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.translation import gettext_lazy as _

from tongdai.directory.models import Agency


class Role(models.TextChoices):
    """What a member of staff does; one each (PRODUCT.md, "Who uses it")."""

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
    language = models.CharField(max_length=5, default="vi")
    is_active = models.BooleanField(default=True)
    demo = models.BooleanField(default=False, help_text="signs in with a published password, on loopback only")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = StaffManager()
    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ["full_name", "role"]

    class Meta:
        ordering = ["full_name"]

    def __str__(self) -> str:
        return self.full_name


class SignInTry(models.Model):
    """A sign-in that failed: enough of them lock this name from this network for a while (sign_in.py)."""

    username = models.CharField(max_length=60, help_text="as typed, folded to lower case")
    network = models.CharField(max_length=64, help_text="keyed digest of the caller's network, not the address")
    tried_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["network", "username", "-tried_at"], name="accounts_tries")]

    def __str__(self) -> str:
        return f"try {self.pk}"


class Invitation(models.Model):
    """A one-time link: it makes the first administrator of an empty city, or lets a new colleague set a password."""

    user = models.ForeignKey(User, models.CASCADE, null=True, related_name="invitations", help_text="null: the first")
    digest = models.CharField(max_length=64, unique=True, help_text="of the token; the token itself is kept nowhere")
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"invitation {self.pk}"
