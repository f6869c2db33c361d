"""A real city starts empty: its first administrator comes by a one-time link that `tongdai up` prints."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import transaction

from tongdai.audit.entries import record
from tongdai.audit.models import Kind
from tongdai.platform.clock import now

from . import invitations
from .models import Role, User


def invitation() -> str:
    """The sentence to print when the house comes up: empty once there is staff."""
    if User.objects.exists():
        return ""
    token = invitations.invite(None, at=now())
    return (
        f"Thành phố chưa có ai. Người quản trị đầu tiên mở / The city is empty. Its first administrator opens:\n"
        f"  {settings.PUBLIC_URL}/ban/khoi-dau/{token}/"
    )


def become(token: str, *, full_name: str, username: str, password: str, at: datetime) -> User:
    """Make the first administrator and use the link up.

    Raises:
        InvitationSpent: the link is not (or no longer) good, or there is staff already.
    """
    with transaction.atomic():
        if invitations.spend(token, at=at).user is not None or User.objects.exists():
            raise invitations.InvitationSpent
        user = User.objects.create_user(username, password, full_name=full_name, role=Role.ADMIN)
        record(Kind.PEOPLE, "added", subject=user.pk, detail={"role": user.role, "first_admin": True})
        return user
