"""Where it is: a place by its name, old or new, with accents or none; or by where the phone stands."""

from __future__ import annotations

import math
from dataclasses import dataclass

from django.utils.translation import gettext as _

from tongdai.directory.models import Place
from tongdai.directory.places import by_name, by_point


@dataclass(frozen=True)
class Proposal:
    """A place of today the person may mean; `note` says why it is proposed, `sure` that no other fits."""

    place: Place
    note: str = ""
    sure: bool = False


def point(latitude: str, longitude: str) -> tuple[float, float] | None:
    """Degrees WGS84 as the phone gave them; None where there are none, or none on this earth."""
    try:
        here = float(latitude), float(longitude)
    except ValueError:
        return None
    return here if math.isfinite(sum(here)) and abs(here[0]) <= 90 and abs(here[1]) <= 180 else None


def named(name: str) -> list[Proposal]:
    """The places of today that somebody may mean by a name, likeliest first. One alone is meant for certain."""
    found = by_name.find(name)
    return [Proposal(match.place, _was(match), sure=len(found) == 1) for match in found]


def is_outside(here: tuple[float, float]) -> bool:
    """Whether a point lies in another province: no ward of this one is proposed for it."""
    return by_point.propose(*here).outside


def near(here: tuple[float, float]) -> list[Proposal]:
    """The ward around a point, or the three nearest where the city has no boundaries loaded; none outside the province."""
    found = by_point.propose(*here)
    return [Proposal(place, sure=found.exact) for place in found.places]


def _was(match: by_name.Match) -> str:
    return _("trước đây là {name}").format(name=match.via.full_name) if match.via else ""
