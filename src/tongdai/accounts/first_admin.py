"""A real city starts empty: its first administrator comes by a link that `tongdai up` prints.

Every link so printed lives until there is an administrator who can come in, whatever staff is imported meanwhile.
`tongdai admin invite` makes one that is good for three days in any city.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from tongdai.audit.entries import record
from tongdai.audit.models import Kind

from . import invitations
from .models import Invitation, Role, User
from .rights import KEEPS_PEOPLE


def invitation() -> str:
    """The sentence to print when the house comes up: empty once an administrator can come in."""
    if has_administrator():
        return ""
    token = invitations.issue(None, expires_at=None)
    return (
        "Thành phố chưa có quản trị viên. Người đầu tiên mở / The city has no administrator yet. The first one opens:\n"
        f"  {invitations.link(token)}"
    )


def has_administrator() -> bool:
    """Whether anybody is there who lets people in, and has a password."""
    return any(each.has_usable_password() for each in User.objects.filter(role__in=KEEPS_PEOPLE, is_active=True))


def become(token: str, *, full_name: str, username: str, password: str, at: datetime) -> User:
    """Make an administrator and use the link up; with the first one, all that were printed end.

    Raises:
        InvitationSpent: the link is not (or no longer) good, or there is an administrator already.
    """
    with transaction.atomic():
        spent = invitations.spend(token, at=at)
        if spent.user is not None or (spent.expires_at is None and has_administrator()):
            raise invitations.InvitationSpent
        Invitation.objects.filter(user=None, expires_at=None, used_at=None).delete()
        user = User.objects.create_user(username, password, full_name=full_name, role=Role.ADMIN)
        record(Kind.PEOPLE, "added", subject=user.pk, detail={"role": user.role, "first_admin": True})
        return user
