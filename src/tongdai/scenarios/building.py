"""Build a city from plain files: agencies, topics and staff, each once however often it is built."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from importlib.resources.abc import Traversable
from random import Random

from django.contrib.auth.hashers import make_password

from tongdai.accounts.models import Role, User
from tongdai.directory import snapshot
from tongdai.directory.models import Agency, Campaign, Place, Topic

DEMO_PASSWORD = "xinchao1022"


@dataclass(frozen=True)
class Days:
    """From when to when something holds; both ends in, None open."""

    first: date | None
    last: date | None


def rows(folder: str, name: str) -> list[dict[str, str]]:
    """A CSV file of this room's data."""
    with _file(folder, name).open(encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


def lines(folder: str, name: str) -> list[str]:
    """The lines of a text file of this room's data, without blanks and comments."""
    text = _file(folder, name).read_text(encoding="utf-8")
    return [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#")]


def agencies(folder: str, *, days: Days) -> dict[str, Agency]:
    """The agencies of `agencies.csv`, by code."""
    found = {}
    for row in rows(folder, "agencies.csv"):
        found[row["code"]] = agency(row["code"], row["name"], Agency.Kind(row["kind"]), days=days)
    return found


def agency(code: str, name: str, kind: Agency.Kind, *, days: Days, places: Sequence[Place] = ()) -> Agency:
    """One agency, competent for these places."""
    made, new = Agency.objects.get_or_create(
        code=code,
        defaults={
            "name": name,
            "kind": kind,
            "handles_denunciations": kind is Agency.Kind.INSPECTORATE,
            "valid_from": days.first,
            "valid_to": days.last,
        },
    )
    if new:
        made.clean_names()
        made.save()
        made.places.set(places)
    return made


def topics(folder: str, *, known: dict[str, Agency], days: Days, campaign: Campaign | None = None) -> dict[str, Topic]:
    """The topics of `topics.csv`, by code; those of a campaign begin with its name."""
    found = {}
    for row in rows(folder, "topics.csv"):
        made, new = Topic.objects.get_or_create(
            code=row["code"],
            defaults={
                "name": row["name"],
                "agency": known[row["agency"]],
                "by_place": bool(row["by_place"]),
                "limit_hours": int(row["limit_hours"]),
                "urgent": bool(row["urgent"]),
                "confidential": bool(row["confidential"]),
                "health": bool(row.get("health")),
                "proof_required": bool(row.get("proof_required")),
                "approval_required": bool(row.get("approval_required")),
                "hides_sender": bool(row.get("hides_sender")),
                "keywords": "\n".join(filter(None, row["keywords"].split("|"))),
                "campaign": campaign if row["code"].startswith("covid") else None,
                "valid_from": days.first,
                "valid_to": days.last,
            },
        )
        if new:
            made.clean_names()
            made.save()
        found[row["code"]] = made
    return found


def staff(people: Iterable[tuple[str, str, Role, Agency | None]], *, demo: bool) -> dict[str, User]:
    """Members of staff (username, full name, role, agency), by username; all with the demo's published password."""
    password = make_password(DEMO_PASSWORD)
    found = {}
    for username, full_name, role, works_for in people:
        found[username], _ = User.objects.get_or_create(
            username=username,
            defaults={
                "full_name": full_name, "role": role, "agency": works_for, "password": password, "demo": demo,
            },
        )  # fmt: skip
    snapshot.forget()
    return found


class Names:
    """Vietnamese names, drawn evenly; the family name as common as it is."""

    def __init__(self) -> None:
        parts = dict(line.split(": ", 1) for line in lines("covid_trial/city", "names.txt"))
        self._parts = {name: words.split() for name, words in parts.items()}

    def draw(self, chance: Random) -> str:
        sex = chance.choice(("nữ", "nam"))
        middle, last = self._parts[f"đệm {sex}"], self._parts[f"tên {sex}"]
        return f"{chance.choice(self._parts['họ'])} {chance.choice(middle)} {chance.choice(last)}"


def _file(folder: str, name: str) -> Traversable:
    return files("tongdai.scenarios").joinpath(folder).joinpath(name)
