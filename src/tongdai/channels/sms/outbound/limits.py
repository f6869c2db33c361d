"""How many texts leave in an hour, all together: the city's own limits, asked as they are taken off the queue."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TypeVar

from tongdai.people import held_back
from tongdai.people import limits as city_limits
from tongdai.people.models import Interaction
from tongdai.people.purposes import Purpose

NEVER_HELD = frozenset({Purpose.DANGER, Purpose.DUTY})

Text = TypeVar("Text", bound=Interaction)


def let_out(queued: Sequence[Text], *, at: datetime) -> list[Text]:
    """Those of these that the city's limits of the hour let leave now, in their order. Each is counted once.

    The others are held back for a person. Call it in the short transaction that takes them off the queue.
    """
    new = [text for text in queued if text.let_out_at is None]
    going = [city_limits.to(text.address, always=text.purpose in NEVER_HELD) for text in new]
    verdicts = city_limits.let_out(city_limits.What.TEXT, going, at=at)
    stopped = {text.pk for text, goes in zip(new, verdicts, strict=True) if not goes}
    held_back.hold_back(stopped, at=at)
    Interaction.objects.filter(pk__in=[text.pk for text in new if text.pk not in stopped]).update(let_out_at=at)
    return [text for text in queued if text.pk not in stopped]
