"""The wards of a period as a drawing, coloured by how many cases came from each: coordinates only, for a template to draw as SVG.

The lines are the boundaries that the city has imported (`tongdai places boundaries`). Islands far from all else stand in a
frame of their own below the rest, at a scale of their own, so that they shrink nothing.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from shapely.geometry.base import BaseGeometry

from tongdai.directory import snapshot
from tongdai.directory.places.by_name import ABOVE_WARDS
from tongdai.directory.places.shapes import groups, known_shapes, outlines

from ..figures import Row
from ..period import Period

WIDTH, HEIGHT = 1000.0, 1100.0  # the drawing at most; whole units are written, so that a page stays light
FRAME, ASIDE = 150.0, 16.0  # a frame for an island, and the room around it
FAR = 0.3  # degrees, some 30 km: what lies farther from all others is in a frame
SHADES = 5


@dataclass(frozen=True)
class Ward:
    """One ward as it is drawn. `shade`: 0 where nothing came, else up to 5, which is that of the most."""

    name: str
    received: int
    shade: int
    path: str


@dataclass(frozen=True)
class Frame:
    """A box with an island that lies far away, and its name."""

    x: float
    y: float
    size: float
    name: str


@dataclass(frozen=True)
class Shade:
    """A line of the key: from so many cases to so many."""

    shade: int
    least: int
    most: int


@dataclass(frozen=True)
class WardMap:
    """`undrawn`: cases of places that have no boundary here; `unknown`: of no place. With the drawn ones they add up."""

    width: int
    height: int
    wards: tuple[Ward, ...]
    frames: tuple[Frame, ...]
    key: tuple[Shade, ...]
    drawn: int
    undrawn: int
    unknown: int


def draw(rows: Sequence[Row], period: Period) -> WardMap | None:
    """Draw the wards that hold on the period's last day, from the lines of its table; None where no boundary is known."""
    by_id = {place.pk: place for place in snapshot.places(period.last) if place.level not in ABOVE_WARDS}
    known = known_shapes()
    shapes = outlines(known, frozenset(by_id) & frozenset(known.ids))
    if not shapes:
        return None
    received = {row.key: row.received for row in rows}
    steps = _steps(received.get(by_id[pk].code, 0) for pk in shapes)
    paths, frames, width, height = _placed(shapes, {pk: by_id[pk].full_name for pk in shapes})
    wards = [
        Ward(by_id[pk].full_name, n := received.get(by_id[pk].code, 0), _shade(n, steps), path)
        for pk, path in sorted(paths.items(), key=lambda each: by_id[each[0]].sort_key)
    ]
    drawn = sum(ward.received for ward in wards)
    unknown = received.get("", 0)
    return WardMap(
        width=math.ceil(width),
        height=math.ceil(height),
        wards=tuple(wards),
        frames=tuple(frames),
        key=tuple(_key(steps)),
        drawn=drawn,
        undrawn=sum(received.values()) - unknown - drawn,
        unknown=unknown,
    )


def _steps(received: Iterable[int]) -> list[int]:
    """The largest number of each shade: as many wards in one as in another, for a few large ones would leave the rest pale."""
    came = sorted(n for n in received if n)
    return sorted({came[math.ceil(len(came) * part / SHADES) - 1] for part in range(1, SHADES + 1)}) if came else []


def _shade(received: int, steps: Sequence[int]) -> int:
    if not received:
        return 0
    return SHADES - len(steps) + 1 + next(at for at, most in enumerate(steps) if received <= most)


def _key(steps: Sequence[int]) -> Iterable[Shade]:
    least = 1
    for at, most in enumerate(steps, start=SHADES - len(steps) + 1):
        yield Shade(at, least, most)
        least = most + 1


def _placed(
    shapes: Mapping[int, BaseGeometry], names: Mapping[int, str]
) -> tuple[dict[int, str], list[Frame], float, float]:
    """(id → path, frames of far islands, width, height) of the drawing."""
    main, *far = groups(shapes, apart=FAR)
    sheet = _Sheet([shapes[pk] for pk in main], WIDTH, HEIGHT)
    paths = {pk: sheet.path(shapes[pk]) for pk in main}
    frames = []
    for number, group in enumerate(far):
        x, y = sheet.width - FRAME, sheet.height + ASIDE
        x -= number * (FRAME + ASIDE)
        inner = _Sheet([shapes[pk] for pk in group], FRAME - 2 * ASIDE, FRAME - 2 * ASIDE, most_scale=sheet.scale * 4)
        left, top = x + (FRAME - inner.width) / 2, y + (FRAME - inner.height) / 2
        paths |= {pk: inner.path(shapes[pk], left=left, top=top) for pk in group}
        frames.append(Frame(x, y, FRAME, ", ".join(names[pk] for pk in group)))
    return paths, frames, sheet.width, sheet.height + (ASIDE + FRAME + ASIDE * 2 if frames else 0)


class _Sheet:
    """Degrees to units of the drawing: north is up, and a kilometre is as long either way."""

    def __init__(
        self, shapes: Sequence[BaseGeometry], width: float, height: float, *, most_scale: float = math.inf
    ) -> None:
        bounds = [shape.bounds for shape in shapes]
        self.west, self.north = min(each[0] for each in bounds), max(each[3] for each in bounds)
        east, south = max(each[2] for each in bounds), min(each[1] for each in bounds)
        self.narrow = math.cos(math.radians((self.north + south) / 2))
        across, down = (east - self.west) * self.narrow or 1e-6, self.north - south or 1e-6
        self.scale = min(width / across, height / down, most_scale)
        self.width, self.height = across * self.scale, down * self.scale

    def path(self, shape: BaseGeometry, *, left: float = 0.0, top: float = 0.0) -> str:
        """The rings of a shape, closed, in whole units."""
        written = []
        for part in getattr(shape, "geoms", [shape]):
            for ring in (part.exterior, *part.interiors):
                points = list(dict.fromkeys(self._at(x, y, left, top) for x, y in ring.coords))
                if len(points) > 2 or ring is part.exterior:
                    written.append("M" + " ".join(points) + "Z")
        return "".join(written)

    def _at(self, longitude: float, latitude: float, left: float, top: float) -> str:
        x = left + (longitude - self.west) * self.narrow * self.scale
        y = top + (self.north - latitude) * self.scale
        return f"{round(x)} {round(y)}"
