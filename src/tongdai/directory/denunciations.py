"""Which agencies handle denunciations: the administrator says so."""

from __future__ import annotations

from collections.abc import Iterable

from .changes.writing import write
from .models import Agency, Change


def set_handlers(agency_ids: Iterable[int]) -> None:
    """These agencies, and no others, may be sent a denunciation from now on."""
    chosen = set(agency_ids)
    for agency in Agency.objects.order_by("pk"):
        if agency.handles_denunciations != (agency.pk in chosen):
            write(agency, {"handles_denunciations": agency.pk in chosen}, how=Change.How.PAGE)
