"""The second proof at sign-in: of whom it is demanded, who has one, and how its secret is kept."""

from __future__ import annotations

import base64
from functools import lru_cache

import segno
from allauth.account.authentication import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tongdai.platform.database.installation import is_demo

from ..models import User
from ..rights import NEEDS_SECOND_FACTOR

KINDS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
HAS_ONE = "second_factor"  # in the session: looked up once, not at each page


def demanded_of(user: User) -> bool:
    """Whether this person may read nothing without one (`TONGDAI_SECOND_FACTOR`; unset: off in a demo alone)."""
    on: bool | None = settings.SECOND_FACTOR
    return user.role in NEEDS_SECOND_FACTOR and (not _is_demo() if on is None else on)


def is_missing(request: HttpRequest, user: User) -> bool:
    """Whether a second factor is demanded and this session has been opened without one: it is to be set up first."""
    if not demanded_of(user) or request.session.get(HAS_ONE) == user.pk:
        return False
    shown = any(record.get("method") == "mfa" for record in get_authentication_records(request, user))
    if shown or has_one(user):
        request.session[HAS_ONE] = user.pk
        return False
    return True


def has_one(user: User) -> bool:
    return Authenticator.objects.filter(user=user, type__in=KINDS).exists()


def take_away(user: User) -> int:
    """The telephone is lost, or the person leaves: all of them end. How many there were."""
    return Authenticator.objects.filter(user=user).delete()[0]


class MFAAdapter(DefaultMFAAdapter):
    """allauth's second factor in this house's words; secrets are never in the database as they are."""

    error_messages = {
        "cannot_delete_authenticator": _(
            "Vai trò của bạn phải có lớp bảo vệ thứ hai. Hãy thêm cách khác rồi mới bỏ cách này."
        ),
        "cannot_generate_recovery_codes": _("Hãy thêm khóa truy cập hoặc ứng dụng mã trước, rồi mới lập mã dự phòng."),
        "incorrect_code": _("Mã chưa đúng, hoặc đã dùng rồi. Chờ mã mới trên điện thoại rồi gõ lại."),
        "unverified_email": _("Địa chỉ thư chưa được xác nhận."),
        "add_email_blocked": _("Không thêm được địa chỉ thư."),
    }

    def get_totp_issuer(self) -> str:
        return "Tổng đài 1022"

    def _get_site_name(self) -> str:
        return "Tổng đài 1022"

    def _get_user_identifier(self, user: AbstractBaseUser) -> str:
        return user.get_username()

    def generate_authenticator_name(self, user: AbstractBaseUser, type: Authenticator.Type) -> str:
        n = Authenticator.objects.filter(user_id=user.pk, type=type).count()
        return gettext("Khóa truy cập {n}").format(n=n + 1)

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """The last one stays where one is demanded."""
        user = User.objects.get(pk=authenticator.user_id)
        others = Authenticator.objects.filter(user=user, type__in=KINDS).exclude(pk=authenticator.pk)
        return not demanded_of(user) or others.exists()

    def build_totp_svg(self, url: str) -> str:
        """Drawn into the page: no picture of it is anywhere."""
        return str(
            segno.make(url, micro=False, error="m").svg_inline(border=4, omitsize=True, dark="#000", light="#fff")
        )

    def encrypt(self, text: str) -> str:
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _cipher().decrypt(encrypted_text.encode()).decode()


def _cipher() -> MultiFernet:
    """By a key of our own derived from the house's; older ones still open what they closed."""
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(_key(secret)) for secret in secrets])


def _key(secret: str | bytes) -> bytes:
    digest = salted_hmac("tongdai.accounts.second_factor", "", secret=secret, algorithm="sha256").digest()
    return base64.urlsafe_b64encode(digest)


@lru_cache(maxsize=1)
def _is_demo() -> bool:
    """Set when the database was made, and never changed."""
    return is_demo()
