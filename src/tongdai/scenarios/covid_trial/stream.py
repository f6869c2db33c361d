"""The trial as a stream of matters: who brought what, when, by which channel, and what became of it.

Deterministic in its seed. Four facts hold for every seed, because they are the trial's own: 4,534 received up to
22.3.2022, over 70 % answered by then, over 400 by the portal, over half of those help for COVID-19 patients and
look-ups. Everything else is drawn.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from tongdai.directory.models import Place
from tongdai.people.models import Channel
from tongdai.people.phones import normalise
from tongdai.platform.clock import CITY_TZ

from ..building import Names
from ..writing import as_people_write
from . import matters

FIRST, COUNTED_TO, LAST = date(2022, 1, 21), date(2022, 3, 22), date(2022, 3, 31)
RECEIVED = 4_534
AFTER_A_DAY = 62  # received on each of the days after the count, about
TET = (date(2022, 1, 31), date(2022, 2, 5))
COVID_ASKED = ("covid-help", "covid-lookup")
OTHER_TOPICS = {
    "covid-policy": 22, "covid-violation": 9, "procedure-question": 13, "roads-traffic": 7, "water-drainage": 7,
    "lighting-electricity": 6, "environment": 7, "urban-order": 5, "education": 5, "social-security": 6,
    "health-food": 4, "security-order": 4, "it-telecom": 3, "complaint": 3, "denunciation": 1, "other": 5,
}  # fmt: skip
HOURS = {  # how likely a matter comes in each hour of the day
    Channel.VOICE: (2, 1, 1, 1, 1, 2, 5, 9, 12, 12, 10, 8, 5, 7, 10, 10, 9, 8, 6, 7, 7, 6, 4, 3),
    Channel.SMS: (2, 1, 1, 1, 1, 2, 4, 7, 9, 9, 8, 7, 7, 7, 8, 8, 8, 8, 8, 9, 10, 9, 7, 4),
    Channel.WEB: (2, 1, 1, 0, 0, 1, 2, 5, 9, 11, 10, 7, 5, 7, 10, 10, 8, 6, 6, 8, 10, 10, 7, 4),
}


@dataclass(frozen=True)
class Outcome:
    """What became of a matter. Hours are working hours from receipt; `answered` None: not within the trial."""

    assigned_after: timedelta
    accepted_after: float
    answered_after: float | None
    handed_back: bool
    rejected: bool


@dataclass(frozen=True)
class Submission:
    """One matter as a citizen sent it or said it, and what is to come of it."""

    number: int
    at: datetime
    channel: Channel
    topic: str
    place: Place
    text: str
    phone: str  # E.164; empty: withheld
    name: str
    outcome: Outcome


def stream(*, seed: int, wards: Sequence[Place]) -> list[Submission]:
    """Every matter of the trial, in the order of time."""
    chance, names = Random(f"covid-trial {seed}"), Names()
    moments = _moments(chance)
    counted = [moment for moment in moments if moment.date() <= COUNTED_TO]
    mix = _mix(len(counted), chance) + _mix(len(moments) - len(counted), chance)
    favoured = [2.0 ** chance.gauss(0, 0.8) * (3 if ward.level == Place.Level.WARD else 1) for ward in wards]
    phones = _Phones(chance)
    found = []
    for number, (day, (channel, topic)) in enumerate(zip(moments, mix, strict=True)):
        place = chance.choices(wards, favoured)[0]
        found.append(_submission(number, day, channel, topic, place, chance=chance, names=names, phones=phones))
    return sorted(found, key=lambda each: each.at)


def _submission(
    number: int,
    day: datetime,
    channel: Channel,
    topic: str,
    place: Place,
    *,
    chance: Random,
    names: Names,
    phones: _Phones,
) -> Submission:
    hour = chance.choices(range(24), HOURS[channel])[0]
    at = day + timedelta(hours=hour, seconds=chance.randrange(3600))
    accents, haste = {Channel.VOICE: (1.0, 0.0), Channel.SMS: (0.45, 0.4), Channel.WEB: (0.85, 0.15)}[channel]
    text = as_people_write(
        matters.text_of(topic, place=place, chance=chance), chance=chance, accents=accents, haste=haste
    )
    named = chance.random() < {Channel.VOICE: 0.85, Channel.SMS: 0.0, Channel.WEB: 0.7}[channel]
    withheld = channel == Channel.WEB and chance.random() < 0.08
    phone = "" if withheld else phones.draw()
    return Submission(
        number, at, channel, topic, place, text, phone, names.draw(chance) if named else "", _outcome(topic, chance)
    )


def _outcome(topic: str, chance: Random) -> Outcome:
    """In units of the topic's own limit, so that what is late is late by its own law."""
    rejected = chance.random() < 0.04
    never = chance.random() < 0.14
    late = chance.random() < 0.06
    share = chance.uniform(1.05, 2.4) if late else chance.betavariate(1.3, 2.2) * 0.93 + 0.02
    accepted = share * chance.uniform(0.02, 0.35)
    minutes = chance.expovariate(1 / 14) + (1 if topic == "covid-help" else 3)
    return Outcome(
        assigned_after=timedelta(minutes=min(minutes, 180)),
        accepted_after=accepted,
        answered_after=None if never else share,
        handed_back=chance.random() < 0.06,
        rejected=rejected,
    )


def _moments(chance: Random) -> list[datetime]:
    """A midnight for each matter: 4,534 of them up to the count, then the rest of the trial."""
    days = [FIRST + timedelta(n) for n in range((LAST - FIRST).days + 1)]
    weights = {day: _weight(day) * chance.uniform(0.86, 1.16) for day in days}
    counted = [day for day in days if day <= COUNTED_TO]
    drawn = chance.choices(counted, [weights[day] for day in counted], k=RECEIVED)
    after = [day for day in days if day > COUNTED_TO]
    drawn += chance.choices(
        after, [weights[day] for day in after], k=int(AFTER_A_DAY * len(after) * chance.uniform(0.9, 1.1))
    )
    return sorted(datetime.combine(day, time(), CITY_TZ) for day in drawn)


def _weight(day: date) -> float:
    """The Omicron wave, at its height around 8.3; quiet weekends, quieter Tết."""
    wave: float = 48 + 62 * 2.718 ** (-(((day - date(2022, 3, 8)).days / 15) ** 2))
    if TET[0] <= day <= TET[1]:
        return wave * 0.5
    return wave * (0.72 if day.weekday() == 6 else 0.86 if day.weekday() == 5 else 1.0)


def _mix(total: int, chance: Random) -> list[tuple[Channel, str]]:
    """Channel and topic of each of `total` matters, in no order."""
    web = round(total * chance.uniform(0.0895, 0.0995))
    texts = round(total * chance.uniform(0.12, 0.15))
    asked = round(web * chance.uniform(0.52, 0.6))
    found = [(Channel.WEB, chance.choices(COVID_ASKED, (45, 55))[0]) for _ in range(asked)]
    others, weights = list(OTHER_TOPICS), list(OTHER_TOPICS.values())
    found += [(Channel.WEB, chance.choices(others, weights)[0]) for _ in range(web - asked)]
    topics = [*COVID_ASKED, *others]
    by_line = [
        chance.uniform(50, 62),
        chance.uniform(32, 42),
        *(weight * chance.uniform(0.8, 1.2) for weight in weights),
    ]
    for channel, count in ((Channel.SMS, texts), (Channel.VOICE, total - web - texts)):
        found += [(channel, topic) for topic in chance.choices(topics, by_line, k=count)]
    chance.shuffle(found)
    return found


class _Phones:
    """Vietnamese mobile numbers (and now and then a landline); one in seven rings again."""

    PREFIXES = (
        "90",
        "91",
        "93",
        "94",
        "96",
        "97",
        "98",
        "32",
        "33",
        "34",
        "35",
        "36",
        "37",
        "38",
        "39",
        "70",
        "81",
        "82",
    )

    def __init__(self, chance: Random) -> None:
        self._chance, self._known = chance, ["+842253842005"]

    def draw(self) -> str:
        if self._chance.random() < 0.14:
            return self._chance.choice(self._known[-400:])
        phone = ""
        while normalise(phone) != phone:  # not every number of a prefix has been given out
            phone = f"+84{self._chance.choice(self.PREFIXES)}{self._chance.randrange(10**7):07d}"
        self._known.append(phone)
        return phone
