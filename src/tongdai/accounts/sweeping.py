"""Each night: tries, links and sessions that count no more."""

from __future__ import annotations

from datetime import timedelta

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session

from tongdai.platform import jobs
from tongdai.platform.clock import now

from .models import Invitation
from .sign_in import throttle

LINKS_KEPT_FOR = timedelta(days=30)


@jobs.periodic(name="accounts.sweeping.sweep", queue="sweeping", cron="41 18 * * *")
def sweep(_due: int) -> None:
    at = now()
    throttle.forget_old(at=at)
    Invitation.objects.filter(expires_at__lt=at - LINKS_KEPT_FOR).delete()
    Session.objects.filter(expire_date__lt=at).delete()
    UserSession.objects.exclude(session_key__in=Session.objects.values("session_key")).delete()
