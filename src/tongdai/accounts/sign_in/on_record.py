"""Who signed in, out, or tried to in vain: on record, whichever page it was done on (Django's own signals, allauth's too)."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.contrib.auth import signals as auth
from django.db.models import Q
from django.http import HttpRequest

from tongdai.audit.entries import record
from tongdai.audit.models import Kind

from ..models import User


def connect() -> None:
    """Once, when the rooms are ready."""
    auth.user_logged_in.connect(_signed_in, dispatch_uid="tongdai.audit")
    auth.user_logged_out.connect(_signed_out, dispatch_uid="tongdai.audit")
    auth.user_login_failed.connect(_refused, dispatch_uid="tongdai.audit")
    if apps.is_installed("allauth.account"):
        from allauth.account import signals as account

        for changed in (account.password_changed, account.password_set, account.password_reset):
            changed.connect(_password, dispatch_uid="tongdai.audit")
    if apps.is_installed("allauth.mfa"):
        from allauth.mfa import signals as mfa

        mfa.authenticator_added.connect(_factor_added, dispatch_uid="tongdai.audit")
        mfa.authenticator_removed.connect(_factor_removed, dispatch_uid="tongdai.audit")
        mfa.authenticator_reset.connect(_factor_reset, dispatch_uid="tongdai.audit")


def known(typed: str) -> int | None:
    """The member of staff with this user name or address; of any other word nothing is kept: it may be a password."""
    if "\0" in typed or not typed.strip():
        return None
    named = Q(username__iexact=typed.strip()) | Q(email__iexact=typed.strip())
    return User.objects.filter(named).values_list("pk", flat=True).first()


def _signed_in(sender: object, request: HttpRequest, user: User, **_more: Any) -> None:
    record(Kind.SIGN_IN, "signed_in", by=user.pk, subject=user.pk)


def _signed_out(sender: object, request: HttpRequest, user: User | None, **_more: Any) -> None:
    if user is not None and user.pk:
        record(Kind.SIGN_IN, "signed_out", by=user.pk, subject=user.pk)


def _refused(sender: object, credentials: dict[str, Any], **_more: Any) -> None:
    """Of a name nobody here has only that it was unknown: people type their password where the name goes."""
    whom = known(str(credentials.get("username") or credentials.get("login") or credentials.get("email") or ""))
    record(Kind.SIGN_IN, "refused", subject=whom, detail={} if whom else {"unknown_name": True})


def _password(sender: object, user: User, **_more: Any) -> None:
    record(Kind.PEOPLE, "password_set", subject=user.pk)


def _factor_added(sender: object, user: User, authenticator: Any, **_more: Any) -> None:
    record(Kind.PEOPLE, "factor_added", subject=user.pk, what=str(authenticator.type))


def _factor_removed(sender: object, user: User, authenticator: Any, **_more: Any) -> None:
    record(Kind.PEOPLE, "factor_removed", subject=user.pk, what=str(authenticator.type))


def _factor_reset(sender: object, user: User, authenticator: Any, **_more: Any) -> None:
    record(Kind.PEOPLE, "factor_reset", subject=user.pk, what=str(authenticator.type))
