"""Texts whose last parts never came are taken in without them, marked as incomplete."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import structlog
from django.db import InterfaceError, OperationalError, transaction

from ..conversation.text import Text
from ..conversation.understanding import understand
from ..models import Part
from . import intake, reassembly
from .retries import REMEMBERED

log = structlog.get_logger()


def give_up_waiting(*, at: datetime) -> int:
    """Take in what has waited too long for a part that never came. How many texts that were."""
    if not reassembly.is_any_overdue():
        return 0
    texts = reassembly.overdue(at=at)
    for text in texts:
        try:
            _take_in(text, at=at)
        except (OperationalError, InterfaceError):
            raise
        except Exception as error:  # noqa: BLE001 - one that cannot be processed must not hold up the others
            log.error("sms.kept_aside", kind="parts", trouble=type(error).__name__)
            rows = Part.objects.filter(pk__in=[part.pk for part in text.parts])
            rows.update(state=Part.State.DEAD_LETTER, trouble=type(error).__name__)
    return len(texts)


def _take_in(text: Text, *, at: datetime) -> None:
    """Understood before the transaction, as every text; left alone where the rest has come meanwhile.

    Of a number that came twice only the newest counts.
    """
    repeats = text.incomplete and _only_repeats(text.parts, at=at)
    understood = [] if repeats else [understand(text, at=at)]
    ids = {part.pk for part in text.parts}
    with transaction.atomic():
        intake.one_at_a_time()
        waiting = Part.objects.filter(pk__in=ids, state=Part.State.WAITING)
        if waiting.count() == len(ids):
            intake.carry_out(understood, at=at)
            waiting.update(state=Part.State.TAKEN)


def _only_repeats(parts: Sequence[Part], *, at: datetime) -> bool:
    """Whether each of them is a part of a text already taken in, whatever its reference: then they are no text of their own."""
    first = parts[0]
    known = Part.objects.filter(
        sender=first.sender, destination=first.destination, total=first.total,
        state__in=[Part.State.TAKEN, Part.State.PARTIAL], received_at__gt=at - REMEMBERED,
    )  # fmt: skip
    there = known.exclude(pk__in=[part.pk for part in parts]).values_list("number", "octets")
    return {(number, bytes(octets)) for number, octets in there} >= {
        (part.number, bytes(part.octets)) for part in parts
    }
