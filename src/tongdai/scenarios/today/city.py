"""The demo's Hải Phòng of today: two tiers, 114 wards, communes and special zones, and people to sign in as."""

from __future__ import annotations

from datetime import date
from random import Random

from tongdai.accounts.models import Role, User
from tongdai.directory import snapshot
from tongdai.directory.models import Agency, Place, Topic

from .. import building, on_duty
from ..building import Days

OF_NOW = Days(date(2025, 7, 1), None)
PRINTED_WARD = "11311"  # Phường Hồng Bàng, whose officer and approver are among the printed sign-ins


def build() -> tuple[dict[str, Topic], list[Place], dict[str, User]]:
    """Topics by code, the wards, the people by username. A second time adds nothing."""
    agencies = building.agencies("today/city", days=OF_NOW)
    wards = list(Place.objects.filter(parent__code="31", valid_from=OF_NOW.first).order_by("code"))
    for ward in wards:
        code, name = f"ubnd-{ward.code}", f"UBND {ward.full_name[0].lower()}{ward.full_name[1:]}"
        agencies[code] = building.agency(code, name, Agency.Kind.LOCAL, days=OF_NOW, places=[ward])
    topics = building.topics("today/city", known=agencies, days=OF_NOW)
    people = building.staff(_people(agencies), demo=True)
    _roster()
    snapshot.forget()
    return topics, wards, people


def _roster() -> None:
    """The same people as in the trial's days: two by turns, one more number each, then who leads."""
    people = {user.username: user for user in User.objects.filter(demo=True)}
    for rank, username, phones, hours in (
        (1, "dieuphoi", ("+84912001023", "+84912001033"), (7, 19)),
        (1, "dieuphoi2", ("+84912001024",), (19, 7)),
        (2, "nghemay1", ("+84912001025",), (0, 0)),
        (3, "giamsat", ("+84912001028",), (0, 0)),
        (4, "lanhdao", ("+84912001029",), (0, 0)),
    ):
        if username in people:  # they came with the trial's city
            days, first = on_duty.EVERY_DAY, OF_NOW.first or date.min
            on_duty.shift(rank, people[username], *phones, days=days, hours=hours, first=first)


def _people(agencies: dict[str, Agency]) -> list[tuple[str, str, Role, Agency | None]]:
    chance, names = Random("people of today"), building.Names()
    printed = f"ubnd-{PRINTED_WARD}"
    found: list[tuple[str, str, Role, Agency | None]] = [
        ("thanhtra2", "Phạm Hồng Vân", Role.INSPECTOR, agencies["thanh-tra-nay"]),
        ("canbo", "Ngô Thị Lan", Role.OFFICER, agencies[printed]),
        ("pheduyet", "Bùi Quốc Khánh", Role.APPROVER, agencies[printed]),
    ]
    for code, agency in agencies.items():
        if agency.kind != Agency.Kind.INSPECTORATE and code != printed:
            found.append((f"{code}-1", names.draw(chance), Role.OFFICER, agency))
    return found
