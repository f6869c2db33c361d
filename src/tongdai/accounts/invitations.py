"""One-time links: whoever holds one sets a password, once, before it runs out."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from tongdai.audit.entries import record
from tongdai.audit.models import Kind
from tongdai.platform import jobs

from .models import Invitation, User

GOOD_FOR = timedelta(days=3)


class InvitationSpent(Exception):
    """There is no such link, or it was used, or it ran out."""


def invite(user: User, *, at: datetime) -> str:
    """A new link's token for this person, to hand over; it goes by e-mail too, where they have an address. Older ones end."""
    with transaction.atomic():
        Invitation.objects.filter(user=user, used_at=None).delete()
        token = issue(user, expires_at=at + GOOD_FOR)
        if user.email and settings.SMTP:
            jobs.defer("accounts.mails.send", kind="invitation", user=user.pk)
    return token


def issue(user: User | None, *, expires_at: datetime | None) -> str:
    """A link's token beside those there are. None: whoever holds it becomes an administrator."""
    token = secrets.token_urlsafe(24)
    Invitation.objects.create(user=user, digest=_digest(token), expires_at=expires_at)
    record(Kind.PEOPLE, "invited", subject=user.pk if user else None, detail={} if user else {"first_admin": True})
    return token


def link(token: str) -> str:
    """Where it is used, as it is handed over."""
    return settings.PUBLIC_URL + reverse("desk:first_admin", args=[token])


def find(token: str, *, at: datetime) -> Invitation:
    """The invitation behind a token.

    Raises:
        InvitationSpent
    """
    found = Invitation.objects.select_related("user").filter(digest=_digest(token)).first()
    if found is None or found.used_at or (found.expires_at and found.expires_at <= at):
        raise InvitationSpent
    if found.user is not None and not found.user.is_active:
        raise InvitationSpent
    return found


def spend(token: str, *, at: datetime) -> Invitation:
    """Use the link up; two at once, and one wins. Call it in the transaction that sets the password."""
    found = find(token, at=at)
    if not Invitation.objects.filter(pk=found.pk, used_at=None).update(used_at=at):
        raise InvitationSpent
    return found


def set_password(token: str, *, password: str, at: datetime) -> User:
    """What an invited colleague does first; their other links end.

    Raises:
        InvitationSpent: no such link for a known colleague.
    """
    with transaction.atomic():
        user = spend(token, at=at).user
        if user is None:
            raise InvitationSpent
        Invitation.objects.filter(user=user, used_at=None).delete()
        user.set_password(password)
        user.save(update_fields=["password"])
        record(Kind.PEOPLE, "password_set", subject=user.pk)
    return user


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
