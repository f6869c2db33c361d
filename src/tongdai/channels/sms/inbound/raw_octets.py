"""The octets of texts as they came, for a person who has to make out what could not be read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from ..models import Part


@dataclass(frozen=True)
class RawPart:
    """One part of a text. `octets`: hexadecimal, without the header; empty once they were erased."""

    number: int
    total: int
    data_coding: int
    octets: str


def of_interactions(ids: Iterable[int]) -> dict[int, tuple[RawPart, ...]]:
    """Interaction → its parts in order, of those texts that could not be read whole."""
    found: dict[int, list[RawPart]] = defaultdict(list)
    parts = Part.objects.filter(interaction__in=list(ids), trouble=Part.UNREADABLE).order_by("number", "pk")
    for part in parts:
        raw = RawPart(part.number or 1, part.total or 1, part.data_coding, bytes(part.octets).hex(" "))
        found[part.interaction_id or 0].append(raw)
    return {pk: tuple(raws) for pk, raws in found.items()}
