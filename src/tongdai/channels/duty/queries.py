"""What the desk shows of alarms, and to whom."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet

from tongdai.accounts.models import User
from tongdai.accounts.rights import KEEPS_ROSTER
from tongdai.cases.models import Case

from .models import Ring


def alarms_shown_to(user: User, ids: Iterable[int]) -> list[int]:
    """Return those of these alarms that the viewer may know of: whoever keeps the roster, all."""
    return list(ids) if user.role in KEEPS_ROSTER else []


def rings_about(case: Case) -> QuerySet[Ring]:
    """Return everybody who was rung for this case, in order."""
    return Ring.objects.filter(alarm__waiting__case=case).distinct().order_by("pk")
