"""Which agencies handle denunciations: the administrator says so."""

from __future__ import annotations

from collections.abc import Iterable

from .freshness import forget
from .models import Agency


def set_handlers(agency_ids: Iterable[int]) -> None:
    """These agencies, and no others, may be sent a denunciation from now on."""
    chosen = set(agency_ids)
    Agency.objects.filter(handles_denunciations=True).exclude(pk__in=chosen).update(handles_denunciations=False)
    Agency.objects.filter(handles_denunciations=False, pk__in=chosen).update(handles_denunciations=True)
    forget()
