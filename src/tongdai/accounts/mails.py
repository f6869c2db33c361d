"""Letters to staff: an invitation, a new password, and word of whatever changed at their door.

Each is a job, written in the transaction that causes it; the job holds the person and the kind of letter, and makes the
link itself, so that no secret waits in a queue.
"""

from __future__ import annotations

from collections.abc import Callable

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from tongdai.platform import jobs
from tongdai.platform.clock import CITY_TZ, now

from . import invitations
from .models import User


def post(kind: str, user: User) -> bool:
    """Once this transaction is committed: a letter to this person. False: they have no address, or this house no mail."""
    if not can_reach(user):
        return False
    jobs.defer("accounts.mails.send", kind=kind, user=user.pk)
    return True


def can_reach(user: User) -> bool:
    return bool(settings.SMTP and user.email and user.is_active)


@jobs.task(name="accounts.mails.send", queue="mails")
def send(*, kind: str, user: int) -> None:
    """Raises whatever the mail server says; it is tried again. Sent twice, a letter does no harm."""
    person = User.objects.filter(pk=user, is_active=True).exclude(email="").first()
    if person is None:
        return
    with translation.override(person.language):
        subject, body = LETTERS[kind](person)
        sign = _("Tổng đài 1022")
        EmailMessage(f"{sign}: {subject}", f"{body}\n\n{sign}\n{settings.PUBLIC_URL}\n", to=[person.email]).send()


def _invitation(person: User) -> tuple[str, str]:
    at = now()
    link = invitations.link(invitations.issue(person, expires_at=at + invitations.GOOD_FOR))
    body = _(
        "Chào {name},\n\nBạn vào bàn làm việc của tổng đài bằng tên đăng nhập {username}. "
        "Mở đường dẫn này để đặt mật khẩu; nó chỉ dùng một lần, trong ba ngày:\n\n{link}"
    )
    return _("mời bạn vào bàn làm việc"), body.format(name=person.full_name, username=person.username, link=link)


def _reset(person: User) -> tuple[str, str]:
    key = f"{user_pk_to_url_str(person)}-{default_token_generator.make_token(person)}"
    path = reverse("account_reset_password_from_key", kwargs={"uidb36": "UID", "key": "KEY"}).replace("UID-KEY", key)
    body = _(
        "Chào {name},\n\nCó người vừa báo quên mật khẩu của tên đăng nhập {username}. "
        "Nếu là bạn, mở đường dẫn này trong {hours} giờ để đặt mật khẩu mới:\n\n{link}\n\n"
        "Nếu không phải bạn thì bỏ qua thư này: mật khẩu vẫn như cũ."
    )
    hours = settings.PASSWORD_RESET_TIMEOUT // 3600
    return _("đặt lại mật khẩu"), body.format(
        name=person.full_name, username=person.username, hours=hours, link=settings.PUBLIC_URL + path
    )


def _changed(what: Callable[[], str]) -> Callable[[User], tuple[str, str]]:
    def letter(person: User) -> tuple[str, str]:
        body = _(
            "Chào {name},\n\nLúc {time}: {what}\n\nNếu không phải bạn làm, hãy gọi ngay cho quản trị viên của tổng đài."
        )
        time = now().astimezone(CITY_TZ)
        return _("tài khoản của bạn vừa thay đổi"), body.format(
            name=person.full_name, time=f"{time:%H:%M} {time.day}.{time.month}.{time.year}", what=what()
        )

    return letter


LETTERS: dict[str, Callable[[User], tuple[str, str]]] = {
    "invitation": _invitation,
    "reset": _reset,
    "password": _changed(lambda: _("mật khẩu của bạn đã được đổi.")),
    "totp_added": _changed(lambda: _("một ứng dụng mã đã được thêm vào tài khoản của bạn.")),
    "totp_removed": _changed(lambda: _("ứng dụng mã của tài khoản bạn đã được bỏ.")),
    "passkey_added": _changed(lambda: _("một khóa truy cập đã được thêm vào tài khoản của bạn.")),
    "passkey_removed": _changed(lambda: _("một khóa truy cập của tài khoản bạn đã được bỏ.")),
    "codes_made": _changed(lambda: _("mã dự phòng mới đã được lập; mã cũ không dùng được nữa.")),
}
