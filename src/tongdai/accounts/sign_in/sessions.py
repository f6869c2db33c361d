"""A person's sessions: listed, ended, and ended by themselves after a while without a hand on the keys.

Counted by the machine's time, not the city's: a demo's clock is turned, and nobody goes out for that.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import SESSION_KEY, logout
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from tongdai.platform import wake

from .. import registry
from ..models import User
from . import second_factor

SEEN, BEGAN = "seen_at", "began_at"  # seconds, in the session
WRITTEN_EVERY = 60  # seconds: a session is saved once a minute at most
VIEWERS = "viewers"  # the live process looks again whether these may still see anything


def of(user: User) -> list[UserSession]:
    """Those that are open, the latest used first."""
    return sorted(UserSession.objects.purge_and_list(user), key=lambda each: each.last_seen_at, reverse=True)


def end(sessions: list[UserSession]) -> None:
    """Pages, streams: who had them is out at once."""
    for each in sessions:
        each.end()
    notify_viewers(each.user_id for each in sessions)


def end_all(user: User, *, but: str = "") -> int:
    """All of this person's, but the one with this key; how many there were."""
    others = [each for each in UserSession.objects.filter(user=user) if each.session_key != but]
    end(others)
    return len(others)


def notify_viewers(users: Iterable[int]) -> None:
    """After COMMIT: what these may see has changed, or they are out."""
    wake.wake(VIEWERS, users)


def ended_by_itself(session: SessionBase, user: User, *, at: datetime) -> bool:
    """Whether nobody has touched it for too long, or it is older than a shift.

    Who stands ready at the telephone, or talks, is at work without a key being pressed: a call not taken ends that.
    """
    now = at.timestamp()
    idle = now - session.get(SEEN, now) > settings.IDLE_MINUTES * 60
    old = now - session.get(BEGAN, now) > settings.SESSION_COOKIE_AGE
    return (idle or old) and not any(_at_work(user))


def touch(session: SessionBase, *, at: datetime) -> None:
    """A hand was on the keys."""
    now = int(at.timestamp())
    session.setdefault(BEGAN, now)
    if now - session.get(SEEN, 0) >= WRITTEN_EVERY:
        session[SEEN] = now
        UserSession.objects.filter(session_key=session.session_key).update(last_seen_at=at)


class IdleMiddleware:
    """Ends sessions nobody uses. What pages ask for by themselves is no use (`X-By-Itself`, islands/idle.ts)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        staff_page = request.path.startswith(tuple(settings.STAFF_PATHS))
        if staff_page and settings.SESSION_COOKIE_NAME in request.COOKIES and SESSION_KEY in request.session:
            self._look(request)
        return self.get_response(request)

    def _look(self, request: HttpRequest) -> None:
        at, user = timezone.now(), request.user
        if not isinstance(user, User):
            return
        if ended_by_itself(request.session, user, at=at):
            logout(request)
            notify_viewers([user.pk])
            request.ended_idle = True  # type: ignore[attr-defined]
        elif "X-By-Itself" not in request.headers:
            touch(request.session, at=at)


def still_viewer(request: HttpRequest, user: User) -> bool:
    """Whether a live stream may tell this person anything (`ready()` registers it): at work, in use, with a second factor."""
    out = not user.is_active or ended_by_itself(request.session, user, at=timezone.now())
    return not out and not second_factor.is_missing(request, user)


def _at_work(user: User) -> list[bool]:
    return [is_at_work(user) for is_at_work in registry.at_work.all()]
