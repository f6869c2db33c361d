"""Whatever came and whatever became of it: every breakdown adds up to the total, and every case stands in one of four."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from threading import Thread

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.city import HONG_BANG, INSPECTORATE, LE_CHAN, LIGHTING, City
from tongdai.cases.models import Case, Rejection
from tongdai.cases.queries import visible_cases
from tongdai.directory.models import Topic
from tongdai.people.models import Channel
from tongdai.reports import figures
from tongdai.reports.figures import Figures, Row, added
from tongdai.reports.one_moment import at_one_moment
from tongdai.reports.period import Period
from tongdai.reports.sheet import all_agencies, largest

WEEK = Period(date(2022, 2, 14), date(2022, 2, 20))
MOST = 9  # cases at a time
HOURS = st.integers(-72, 10 * 24)  # from the week's beginning: some before it, some after its end


@dataclass(frozen=True)
class Fate:
    """What a case is and what became of it. Hours from the week's beginning to receipt, from receipt to the others."""

    received: int
    due: int
    answered: int | None
    withdrawn: int | None
    rejected: bool
    confidential: bool
    channel: str
    topic: str | None
    place: str | None
    lead: str | None  # the last of those it was transferred to


fates = st.builds(
    Fate,
    received=HOURS,
    due=st.integers(1, 200),
    answered=st.none() | st.integers(0, 250),
    withdrawn=st.none() | st.integers(0, 250),
    rejected=st.booleans(),
    confidential=st.booleans(),
    channel=st.sampled_from(Channel.values),
    topic=st.sampled_from(["waste", "lighting", "covid-help", "denunciation", None]),
    place=st.sampled_from(["Hồng Bàng", "Lê Chân", None]),
    lead=st.sampled_from([HONG_BANG, LE_CHAN, LIGHTING, INSPECTORATE, None]),
)


@pytest.fixture
def pool(city: City) -> City:
    """Cases enough for the largest example, registered once; each example says anew what they are."""
    for number in range(MOST):
        city.report(f"Rác ở ngõ {number}", phone=f"+8490412{number:04d}", received="2021-12-01 08:00")
    return city


def become(city: City, told: list[Fate]) -> None:
    """Let the first cases of the pool be what is told; the others came long before."""
    start = WEEK.start
    for case, fate in zip(Case.objects.order_by("pk"), told, strict=False):
        received = start + timedelta(hours=fate.received)
        Case.objects.filter(pk=case.pk).update(
            received_at=received,
            due_at=received + timedelta(hours=fate.due),
            answered_at=None if fate.answered is None else received + timedelta(hours=fate.answered),
            withdrawn_at=None if fate.withdrawn is None else received + timedelta(hours=fate.withdrawn),
            confidential=fate.confidential,
            channel=fate.channel,
            topic=city.topics[fate.topic] if fate.topic else None,
            place=city.places[fate.place] if fate.place else None,
            lead=city.agencies[fate.lead] if fate.lead else None,
        )
        if fate.rejected:
            Rejection.objects.create(case=case, ground="no_content", reason="Chưa rõ.", rejected_at=received)


def counted_by_hand(told: list[Fate], *, at: datetime) -> dict[str, int]:
    """Judge each case of the week in Python: once each, by the words of the definitions."""
    start, end = WEEK.start, WEEK.end
    found = {"received": 0, "answered": 0, "undue": 0, "withdrawn": 0, "unsuccessful": 0, "listed": 0}
    for fate in told:
        received = start + timedelta(hours=fate.received)
        if not start <= received < end:
            continue
        found["received"] += 1
        found["listed"] += not fate.confidential
        answered = fate.answered is not None and received + timedelta(hours=fate.answered) < end
        undue = received + timedelta(hours=fate.due) >= min(end, at) and not fate.rejected
        withdrawn = fate.withdrawn is not None and received + timedelta(hours=fate.withdrawn) < end
        kind = "answered" if answered else "withdrawn" if withdrawn else "undue" if undue else "unsuccessful"
        found[kind] += 1
    return found


def sums(counted: Figures) -> dict[str, Row]:
    """The lines of each breakdown, added up, with what is not listed."""
    agencies, places = all_agencies(counted.by_agency), largest(counted.by_place)
    tables = {
        "channels": counted.channels,
        "topics": counted.by_topic,
        "places": counted.by_place,
        "agencies": counted.by_agency,
        "agencies on the sheet": [*agencies.shown, *filter(None, [agencies.without])],
        "places on the sheet": [*places.shown, *filter(None, [places.rest])],
    }
    return {name: added([*rows, counted.unlisted]) for name, rows in tables.items()}


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(
    told=st.lists(fates, max_size=MOST), now=st.integers(1, 9 * 24), reader=st.sampled_from(["leader", "inspector", ""])
)
def test_every_breakdown_and_the_four_parts_add_up_to_the_total(
    pool: City, turned_to: Callable[[datetime], None], told: list[Fate], now: int, reader: str
) -> None:
    at = WEEK.start + timedelta(hours=now)
    turned_to(at)
    with transaction.atomic():
        become(pool, told)
        counted = figures.count(WEEK, listed=visible_cases(getattr(pool, reader)) if reader else None)
        transaction.set_rollback(True)
    total, by_hand = counted.total, counted_by_hand(told, at=at)
    found = {name: getattr(total, name) for name in ("received", "answered", "undue", "withdrawn", "unsuccessful")}
    assert found | {"listed": by_hand["listed"]} == by_hand
    assert total.answered + total.undue + total.withdrawn + total.unsuccessful == total.received
    assert total.success_rate == (total.answered / (total.received - total.withdrawn) if total.judged else 0)
    if reader != "inspector":
        assert counted.unlisted.received == by_hand["received"] - by_hand["listed"]
    for name, row in sums(counted).items():
        assert row == total, name
    assert sum(counted.by_channel.values()) + counted.unlisted.received == total.received
    assert sum(day.received for day in counted.by_day) + counted.unlisted.received == total.received
    assert sum(day.answered for day in counted.by_day) + counted.unlisted_answers == counted.answers
    for row in (counted.unlisted, *counted.by_topic, *counted.by_place, *counted.by_agency):
        assert (
            min(row.received, row.answered, row.undue, row.withdrawn, row.unsuccessful, row.sayable - row.on_time) >= 0
        )


@pytest.fixture
def topic_from_elsewhere(transactional_db: None) -> Iterator[Callable[[], None]]:
    def add() -> None:
        def write() -> None:
            Topic(code="meanwhile", name="Việc đến giữa hai câu hỏi", limit_hours=1).save()
            connection.close()

        thread = Thread(target=write)
        thread.start()
        thread.join()

    yield add
    Topic.objects.filter(code="meanwhile").delete()


def test_what_comes_between_two_questions_is_in_neither(topic_from_elsewhere: Callable[[], None]) -> None:
    with at_one_moment():
        before = Topic.objects.count()
        topic_from_elsewhere()
        assert Topic.objects.count() == before
    assert Topic.objects.count() == before + 1
