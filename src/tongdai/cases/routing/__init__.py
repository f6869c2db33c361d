"""Where a case belongs: its topic by the words, its competent agency by topic and place, whether it can't wait."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from django.db.models import F

from tongdai.directory import snapshot
from tongdai.directory.models import Agency, Place, Topic
from tongdai.directory.snapshot import Topics
from tongdai.knowledge.matters import SHORTEST, clauses
from tongdai.language.phrases import Phrases
from tongdai.platform.clock import today

from ..access import secrecy
from ..models import Case
from ..triage.danger import Level
from ..triage.judgement import judge
from ..triage.kind import is_question


@dataclass(frozen=True)
class Said:
    """Whether words ask to know something, and whether they tell of something to be done; they may do both."""

    asks: bool
    reports: bool


def suggest_topic(text: str) -> Topic | None:
    """The topic whose keywords say most of the text, or None. No query.

    Longer phrases say more than short ones. A confidential topic wins whatever else is said, unless the words surely
    denounce nobody ("thủ tục tố cáo"): a denunciation that went to an agency might be read by the person denounced. Among
    equals the narrower topic wins, then the first by name.
    """
    weights: dict[str, float] = defaultdict(float)
    for found in _keywords(snapshot.all_topics()).find(text):
        weights[found.value] += found.weight
    holding = [topic for topic in snapshot.topics() if topic.code in weights]
    if any(topic.confidential for topic in holding) and not judge(text).asked:
        holding = [topic for topic in holding if not topic.confidential]
    if not holding:
        return None
    return max(holding, key=lambda topic: (topic.confidential, weights[topic.code], _depth(topic)))


def said_in(words: str) -> Said:
    """What these words are, sentence by sentence; what is to be done has a topic."""
    pieces = [each for each in clauses(words) if len(each.split()) >= SHORTEST] or [words]
    questions = [is_question(each) for each in pieces]
    told = [each for each, asks in zip(pieces, questions, strict=True) if not asks]
    return Said(any(questions), any(suggest_topic(each) is not None for each in told))


def is_urgent(topic: Topic | None, level: Level, *, secret: bool = False) -> bool:
    """Whether who is on duty must know at once: the topic is urgent by rule, or the matter can't wait (triage).

    A confidential matter rings for a life alone, and is then told of as no more than that: the rest is the inspectorate's.
    """
    if secret or (topic is not None and topic.confidential):
        return level is Level.LIFE or (topic is not None and topic.confidential and topic.urgent)
    return level is not Level.NONE or (topic is not None and topic.urgent)


def confidential_topic() -> Topic | None:
    """The city's own topic for denunciations, if it has one today; of several the first by name."""
    return next((topic for topic in snapshot.topics() if topic.confidential), None)


def competent_agency(topic: Topic | None, place: Place | None, *, on: date | None = None) -> Agency | None:
    """Who answers for this topic at this place on a day (today), or None if the rules don't say.

    A topic "by place" goes to the local body of the place, or of the larger place it lies in; of a former unit, to that
    of the unit it became part of. Any other goes to the topic's agency, or to that of the topic above it.
    """
    day = on or today()
    if topic is not None and topic.by_place and place is not None and (local := _local_agency(place, day)):
        return local
    while topic is not None:
        if topic.agency is not None and topic.agency.holds_on(day):
            return topic.agency
        topic = topic.parent
    return None


def suggested_agency(case: Case) -> Agency | None:
    """Who should take this case now: whom the agency that handed it back named, else the competent one.

    Never the one that has just handed it back: a suggestion that was refused is none. Nor one that may not get it.
    """
    ended = (
        case.assignments.filter(ended_at__gt=F("started_at")).select_related("competent").order_by("-ended_at", "-pk")
    )
    last = ended.first()
    if last is not None and last.competent is not None and not secrecy.why_not(case, last.competent):
        return last.competent
    found = competent_agency(case.topic, case.place)
    if found is None or (last is not None and found.pk == last.agency_id):
        return None
    return None if secrecy.why_not(case, found) else found


def _local_agency(place: Place, day: date) -> Agency | None:
    units = [unit.pk for unit in (*_upwards(place), *snapshot.all_places().successors.get(place.pk, ()))]
    serving = Agency.objects.filter(kind=Agency.Kind.LOCAL, places__in=units).on(day).annotate(unit=F("places"))
    nearest = {agency.unit: agency for agency in serving.order_by("-sort_key", "-pk")}  # the first by name comes last
    return next((nearest[unit] for unit in units if unit in nearest), None)


def _upwards(place: Place) -> list[Place]:
    units: list[Place] = []
    unit: Place | None = place
    while unit is not None:
        units.append(unit)
        unit = unit.parent
    return units


def _depth(topic: Topic) -> int:
    depth, above = 0, topic.parent
    while above is not None:
        depth, above = depth + 1, above.parent
    return depth


@lru_cache(maxsize=2)
def _keywords(topics: Topics) -> Phrases[str]:
    """The keywords of all topics → the topic's code; made anew when the snapshot is."""
    return Phrases((line, topic.code) for topic in topics.rows for line in topic.keywords.splitlines())
