"""What the telephone found wrong and put right by itself: written down, so that a supervisor and a monitor see it."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Count

from ..models import Call, Repair

KEPT_FOR = timedelta(days=30)


def note(kind: str, *, at: datetime, call: int | None = None) -> None:
    """Once an hour for each call: what is not put right by the first try is no second fault."""
    Repair.objects.filter(at__lt=at - KEPT_FOR).delete()
    about = Call.objects.filter(pk=call or 0).first()
    known = Repair.objects.filter(kind=kind, call=about, at__gt=at - timedelta(hours=1))
    if about is None or not known.exists():
        Repair.objects.create(kind=kind, call=about, at=at)


def lately(*, since: datetime) -> list[tuple[Repair.Kind, int]]:
    """How often each was since then, those that never were left out."""
    counted = Repair.objects.filter(at__gte=since).order_by("kind").values_list("kind").annotate(Count("pk"))
    return [(Repair.Kind(kind), times) for kind, times in counted]
