"""Who has a case open: each open page says so by itself every so often, and is forgotten soon after it says so no more.

Times are real ones, whatever a demo's clock says.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from tongdai.accounts.models import User
from tongdai.cases.models import Case
from tongdai.platform import wake

from ..models import OpenCase

LASTS = timedelta(seconds=45)  # a page says it each 20 seconds: it is forgotten a minute after it was closed, at most
CHANNEL = "opened"  # of the live stream
MOST = 20


def note(case: Case, *, by: User, at: datetime) -> list[User]:
    """Note that this person has the case open, and return who else has; others are told at once of somebody who wasn't there."""
    known = OpenCase.objects.filter(case=case, user=by, seen_at__gt=at - LASTS).exists()
    OpenCase.objects.bulk_create(
        [OpenCase(case=case, user=by, seen_at=at)],
        update_conflicts=True, unique_fields=["case", "user"], update_fields=["seen_at"],
    )  # fmt: skip
    if not known:
        OpenCase.objects.filter(seen_at__lt=at - 4 * LASTS).delete()
        wake.wake(CHANNEL, [case.pk])
    return who_else(case, than=by, at=at)


def who_else(case: Case, *, than: User, at: datetime) -> list[User]:
    """Return the others who have it open now, by name."""
    open_now = OpenCase.objects.filter(case=case, seen_at__gt=at - LASTS).exclude(user=than).select_related("user")
    return [each.user for each in open_now.order_by("user__full_name", "pk")[:MOST]]


def in_words(others: list[User]) -> str:
    """`Đỗ Thu Hằng đang mở phiếu này`; empty where nobody else has it open."""
    names = [each.full_name for each in others]
    match names:
        case []:
            return ""
        case [one]:
            return _("{name} đang mở phiếu này").format(name=one)
        case [one, other]:
            return _("{name} và {other} đang mở phiếu này").format(name=one, other=other)
        case [one, other, *more]:
            return _("{name}, {other} và {n} người nữa đang mở phiếu này").format(name=one, other=other, n=len(more))
    return ""
