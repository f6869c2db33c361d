"""Before a text leaves the queue: whether the city's limits of the hour let it out (`people.limits`)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TypeVar

from tongdai.people import held, limits
from tongdai.people.models import Interaction
from tongdai.people.purposes import Purpose

Text = TypeVar("Text", bound=Interaction)
NEVER_HELD = frozenset({Purpose.DANGER, Purpose.DUTY})


def let_out(queued: Sequence[Text], *, at: datetime) -> list[Text]:
    """Those of these that may leave now, in their order; the others are held back for a person. Each is counted once.

    Call it in the short transaction that takes them off the queue.
    """
    new = [text for text in queued if text.let_out_at is None]
    going = [limits.to(text.address, always=text.purpose in NEVER_HELD) for text in new]
    verdicts = limits.let_out(limits.What.TEXT, going, at=at)
    stopped = {text.pk for text, goes in zip(new, verdicts, strict=True) if not goes}
    held.hold_back(stopped, at=at)
    Interaction.objects.filter(pk__in=[text.pk for text in new if text.pk not in stopped]).update(let_out_at=at)
    return [text for text in queued if text.pk not in stopped]
