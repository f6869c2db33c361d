"""Hải Phòng in the first quarter of 2022: its agencies, staff, topics, places, and the campaign of the trial."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from random import Random

from tongdai.accounts.duty.roster import Turn
from tongdai.accounts.models import Role, User
from tongdai.accounts.rights import ANSWERS_FOR_AGENCY
from tongdai.directory import snapshot
from tongdai.directory.calendar.versions import save_version
from tongdai.directory.models import Agency, Campaign, City, Place, Topic
from tongdai.directory.places.loading import load_hai_phong_2022
from tongdai.platform.clock import CITY_TZ, now

from .. import building, on_duty
from ..building import Days

TRIAL = Days(date(2022, 1, 21), date(2022, 3, 31))
OF_THEN = Days(None, date(2025, 6, 30))  # districts answered until the two tiers came


@dataclass(frozen=True)
class TrialCity:
    """What the stream and the players need of the city."""

    topics: dict[str, Topic]
    wards: list[Place]
    coordinators: list[User]
    call_takers: list[User]
    inspector: User
    officers: dict[int, list[User]]  # agency id → its officers
    names: dict[int, str]  # agency id → its name
    turns: list[Turn]  # of who was on duty


def build() -> TrialCity:
    """Make it, or find it made; a second time adds nothing."""
    if not Place.objects.filter(code__startswith="f22-").exists():
        load_hai_phong_2022()
    City.objects.filter(pk=1).update(
        name="Hải Phòng", owner="Văn phòng Ủy ban nhân dân thành phố Hải Phòng", on_duty_phone="+84912001022"
    )
    save_version(at=now())
    campaign, new = Campaign.objects.get_or_create(
        code="covid-trial",
        defaults={"name": "Thí điểm COVID-19", "valid_from": TRIAL.first, "valid_to": TRIAL.last},
    )
    if new:
        campaign.clean_names()
        campaign.save()
    agencies = building.agencies("covid_trial/city", days=OF_THEN)
    districts = list(Place.objects.filter(code__startswith="f22-", level=Place.Level.DISTRICT).order_by("code"))
    for district in districts:
        code = f"ubnd-{district.code}"
        agencies[code] = building.agency(
            code, f"UBND {_lower(district.full_name)}", Agency.Kind.LOCAL, days=OF_THEN, places=[district]
        )
    topics = building.topics("covid_trial/city", known=agencies, days=TRIAL, campaign=campaign)
    people = building.staff(_people(agencies), demo=True)
    _roster(people)
    snapshot.forget()
    officers: dict[int, list[User]] = {}
    for user in people.values():
        if user.role in ANSWERS_FOR_AGENCY and user.agency_id:
            officers.setdefault(user.agency_id, []).append(user)
    return TrialCity(
        topics=topics,
        wards=list(Place.objects.filter(parent__in=districts).select_related("parent").order_by("code")),
        coordinators=[user for user in people.values() if user.role == Role.COORDINATOR],
        call_takers=[user for user in people.values() if user.role == Role.CALL_TAKER],
        inspector=people["thanhtra"],
        officers=officers,
        names={agency.pk: agency.name for agency in agencies.values()},
        turns=on_duty.roster(since=_midnight(TRIAL.first), until=_midnight(date(2022, 5, 1))),
    )


def _people(agencies: dict[str, Agency]) -> list[tuple[str, str, Role, Agency | None]]:
    """The same people in every trial, whatever its seed: names are drawn from a seed of their own."""
    chance, names = Random("the city's staff"), building.Names()
    office = agencies["van-phong"]
    people: list[tuple[str, str, Role, Agency | None]] = [
        ("dieuphoi", "Đỗ Thu Hằng", Role.COORDINATOR, office),
        ("dieuphoi2", "Nguyễn Quang Huy", Role.COORDINATOR, office),
        ("thanhtra", "Vũ Thanh Bình", Role.INSPECTOR, agencies["thanh-tra"]),
        ("lanhdao", "Trần Văn Hải", Role.LEADER, office),
        ("giamsat", "Lê Thị Mai", Role.SUPERVISOR, office),
        ("quantri", "Phạm Minh Đức", Role.ADMIN, None),
    ]
    people += [(f"nghemay{n}", names.draw(chance), Role.CALL_TAKER, office) for n in range(1, 9)]
    for code, agency in agencies.items():
        if agency.kind != Agency.Kind.INSPECTORATE:
            people += [(f"{code}-{n}", names.draw(chance), Role.OFFICER, agency) for n in (1, 2)]
    return people


def _roster(people: dict[str, User]) -> None:
    """Help for the sick was on duty day and night: two coordinators by turns, call takers at the weekend, then who leads."""
    day, night = (7, 19), (19, 7)
    since, until = TRIAL.first or date.min, date(2022, 4, 30)
    for rank, username, phone, days, hours in (
        (1, "dieuphoi", "+84912001023", on_duty.WORKDAYS, day),
        (1, "dieuphoi2", "+84912001024", on_duty.WORKDAYS, night),
        (1, "nghemay1", "+84912001025", on_duty.WEEKEND, day),
        (1, "nghemay2", "+84912001026", on_duty.WEEKEND, night),
        (2, "nghemay3", "+84912001027", on_duty.EVERY_DAY, (0, 0)),
        (3, "giamsat", "+84912001028", on_duty.EVERY_DAY, (0, 0)),
        (4, "lanhdao", "+84912001029", on_duty.EVERY_DAY, (0, 0)),
    ):
        on_duty.shift(rank, people[username], phone, days=days, hours=hours, first=since, last=until)


def _midnight(day: date | None) -> datetime:
    return datetime.combine(day or date.min, time(0), CITY_TZ)


def _lower(name: str) -> str:
    return name[0].lower() + name[1:]
