"""What people bring to today's line and what its agencies answer, each matter with its own answer (`matters.txt`)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from random import Random

from tongdai.directory.models import Place

from .. import building

IN_TOWN = "Phường"
URBAN, KNOWN = 2, 6  # how often a matter comes from an urban ward, from one with known streets; a commune: once


@dataclass(frozen=True)
class Matter:
    """One matter of one case: the same key has the same street, number and answer each time it is asked for."""

    key: str
    wording: str
    reply: str

    def text(self, place: Place, *, at: datetime) -> str:
        """Say it in full sentences with accents; `writing` makes it a person's own."""
        return self.wording.format(**self._details(place), day=f"{at.day}/{at.month}")

    def answer(self, place: Place) -> str:
        """Return what the agency answers."""
        return self.reply.format(**self._details(place))

    def _details(self, place: Place) -> dict[str, str]:
        chance = Random(f"details {self.key}")
        alley = f"ngõ {chance.randrange(2, 120)}"
        if known := streets().get(place.full_name):
            street = chance.choice(known)
            address = f"số {chance.randrange(1, 60)} {alley} {street}"
        elif place.full_name.startswith(IN_TOWN):
            street = "đường trục chính của phường"
            address = f"{alley}, tổ dân phố số {chance.randrange(1, 12)}"
        else:
            street = "đường trục của xã" if place.full_name.startswith("Xã") else "đường trung tâm đặc khu"
            address = f"{alley}, thôn {chance.randrange(1, 9)}"
        return {
            "street": street, "alley": alley, "address": address, "ward": within_a_sentence(place.full_name),
            "n": str(chance.randrange(2, 7)), "no": str(chance.randrange(1, 300)),
        }  # fmt: skip


def of(key: str, topic: str) -> Matter:
    """Return the matter of the case that came under this key, of a topic of today."""
    wording, reply = Random(f"matter {key}").choice(all_of_today()[topic])
    return Matter(key, wording, reply)


@cache
def all_of_today() -> dict[str, list[tuple[str, str]]]:
    """Return the topics' codes → their matters: what is written, what is answered."""
    found: dict[str, list[tuple[str, str]]] = {}
    for line in building.lines("today", "matters.txt"):
        topic, matter = line.split(": ", 1)
        wording, _bar, reply = matter.partition("|")
        found.setdefault(topic, []).append((wording.strip(), reply.strip()))
    return found


@cache
def streets() -> dict[str, list[str]]:
    """Return the wards that have known streets → these."""
    pairs = (line.split(": ", 1) for line in building.lines("today/city", "streets.txt"))
    return {ward: names.split(", ") for ward, names in pairs}


def weight(ward: Place) -> int:
    """Return how often something comes from there."""
    if ward.full_name in streets():
        return KNOWN
    return URBAN if ward.full_name.startswith(IN_TOWN) else 1


def within_a_sentence(name: str) -> str:
    """`Phường Hồng Bàng` within a sentence: `phường Hồng Bàng`."""
    return name[:1].lower() + name[1:]
