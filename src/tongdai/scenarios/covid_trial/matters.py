"""What people write and say to the line: some four hundred matters of the trial's topics, their places filled in."""

from __future__ import annotations

import json
import re
from functools import cache
from random import Random

from tongdai.cases.codes import read
from tongdai.directory.models import Place

from .. import building

TOPICS = (
    "covid-help", "covid-lookup", "covid-policy", "covid-violation", "procedure-question", "roads-traffic",
    "water-drainage", "lighting-electricity", "environment", "urban-order", "education", "social-security",
    "health-food", "security-order", "it-telecom", "complaint", "denunciation", "other",
)  # fmt: skip


def text_of(topic: str, *, place: Place, chance: Random) -> str:
    """One matter of this topic, at this place, in full sentences with accents; `writing` makes it a person's own."""
    base = chance.choice(bases()[topic])
    street, number = chance.choice(streets()), chance.randrange(1, 320)
    alley = f"ngõ {chance.randrange(2, 260)}"
    return base.format(
        address=f"số {chance.randrange(1, 60)} {alley} {street}",
        street=street,
        alley=alley,
        ward=_within_a_sentence(place.full_name),
        district=_within_a_sentence(place.parent.full_name) if place.parent else "",
        n=chance.randrange(2, 8),
        no=number,
        day=f"{chance.randrange(1, 28)}/{chance.randrange(1, 4)}",
    )


def answer_to(topic: str, *, place: Place, agency: str, chance: Random) -> str:
    """What an agency answers in such a matter."""
    return chance.choice(answers()[topic]).format(ward=_within_a_sentence(place.full_name), agency=agency)


@cache
def bases() -> dict[str, list[str]]:
    """Topic → its matters: ours, and the seed that came with the project (as typed there, accents or none)."""
    found = {topic: building.lines("covid_trial/matters", f"{topic}.txt") for topic in TOPICS}
    for line in building.lines("covid_trial", "seed.jsonl"):
        row = json.loads(line)
        found[row["topic"].replace("_", "-")].append(row["text"].replace("{", "(").replace("}", ")"))
    return found


@cache
def answers() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for line in building.lines("covid_trial", "answers.txt"):
        topic, text = line.split(": ", 1)
        found.setdefault(topic, []).append(text)
    return found


@cache
def streets() -> list[str]:
    return building.lines("covid_trial/city", "streets.txt")


def _within_a_sentence(name: str) -> str:
    """`Phường Hàng Kênh` within a sentence: `phường Hàng Kênh`."""
    return name[0].lower() + name[1:]


def code_in(text: str) -> str | None:
    """The tracking code in a text that came back."""
    found = re.search(r"(\d{4})[\s\u00a0](\d{4})[\s\u00a0](\d{3})\b", text)
    return read("".join(found.groups())) if found else None
