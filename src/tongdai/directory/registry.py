"""What rests on a topic or an agency in the rooms above, and what a change of one means to them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from tongdai.platform.registry import Hooks

from .models import Agency, Topic


@dataclass(frozen=True)
class Use:
    """So many of something rest on a row. `words`: `3 phiếu đang mở`; `remedy`: what is done about them first."""

    count: int
    words: str
    remedy: str = ""


# for these ids: how much of this rests on each that has any
agency_uses: Hooks[[Collection[int]], dict[int, Use]] = Hooks("what rests on agencies")
topic_uses: Hooks[[Collection[int]], dict[int, Use]] = Hooks("what rests on topics")
# a row as it was (None: a new one) and as it would be: sentences for whoever is about to save it
topic_effects: Hooks[[Topic | None, Topic], list[str]] = Hooks("what a changed topic means")
agency_effects: Hooks[[Agency | None, Agency], list[str]] = Hooks("what a changed agency means")


def uses_of(hooks: Hooks[[Collection[int]], dict[int, Use]], ids: Collection[int]) -> dict[int, list[Use]]:
    """What rests on each of these rows; a query for each room that has something to say, however many rows."""
    found: dict[int, list[Use]] = {pk: [] for pk in ids}
    for use_of in reversed(hooks.all()):  # the cases of an agency first: they are given away by its staff
        for pk, use in use_of(ids).items():
            found[pk].append(use)
    return found
