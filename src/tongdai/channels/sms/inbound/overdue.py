"""Texts whose last parts never came are taken in without them, marked as incomplete."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import structlog
from django.db import InterfaceError, OperationalError, transaction

from ..conversation.understanding import understand
from ..models import Part
from . import intake, reassembly
from .retries import REMEMBERED

log = structlog.get_logger()


def give_up_waiting(*, at: datetime) -> int:
    """Take in what has waited too long for a part that never came. How many texts that were."""
    if not reassembly.is_any_overdue():
        return 0
    groups = reassembly.overdue()
    for parts in groups:
        try:
            _take_in(parts, at=at)
        except (OperationalError, InterfaceError):
            raise
        except Exception as error:  # noqa: BLE001 - one that cannot be processed must not hold up the others
            log.error("sms.kept_aside", kind="parts", trouble=type(error).__name__)
            rows = Part.objects.filter(pk__in=[part.pk for part in parts])
            rows.update(state=Part.State.DEAD_LETTER, trouble=type(error).__name__)
    return len(groups)


def _take_in(parts: Sequence[Part], *, at: datetime) -> None:
    """Understood before the transaction, as every text; left alone where the rest has come meanwhile.

    Of a number that came twice only the newest counts.
    """
    repeats = _only_repeats(parts, at=at)
    understood = [] if repeats else [understand(reassembly.incomplete(parts), at=at)]
    ids = {part.pk for part in parts}
    with transaction.atomic():
        intake.one_at_a_time()
        waiting = Part.objects.filter(pk__in=ids, state=Part.State.WAITING)
        if waiting.count() == len(ids):
            intake.carry_out(understood, at=at)
            waiting.update(state=Part.State.TAKEN)


def _only_repeats(parts: Sequence[Part], *, at: datetime) -> bool:
    """Whether each of them is a part of a text already whole: then they are no text of their own."""
    keys = {part.key for part in parts}
    known = Part.objects.filter(key__in=keys, state=Part.State.TAKEN, received_at__gt=at - REMEMBERED)
    return set(known.exclude(pk__in=[part.pk for part in parts]).values_list("key", flat=True)) >= keys
