"""Two people at once: whatever is committed first, no case follows in a circle, and who was merged is answered."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime
from time import monotonic

import pytest
from django.db import connection, transaction

from tests.city import HONG_BANG, City
from tongdai.cases.actions.answer import answer
from tongdai.cases.actions.merge import merge
from tongdai.cases.actions.withdraw import withdraw
from tongdai.cases.actor import Actor
from tongdai.cases.models import Case
from tongdai.cases.states import ActionRefused, State
from tongdai.people.models import Channel

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def both(city: City) -> tuple[Case, Case]:
    main = city.case(lead=HONG_BANG, accepted=True)
    return main, city.case("Đống rác to ở đầu ngõ 12", phone="+84904000111")


def at_once(first: Callable[[], object], second: Callable[[], object]) -> list[str]:
    """Do the first, and commit it only when the second waits for it; what was refused, in words."""
    refused: list[str] = []

    def other() -> None:
        try:
            second()
        except ActionRefused as no:
            refused.append(no.why)
        finally:
            connection.close()

    waits = threading.Thread(target=other)
    with transaction.atomic():
        first()
        waits.start()
        until = monotonic() + 30
        while waits.is_alive() and monotonic() < until and not _somebody_waits():
            waits.join(0.02)
    waits.join()
    return refused


def _somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted AND locktype = 'transactionid')")
        return bool(cursor.fetchone()[0])


def fresh(case: Case) -> Case:
    return Case.objects.get(pk=case.pk)


def noon(city: City) -> datetime:
    return city.at("2022-02-15 12:00")


@pytest.mark.parametrize("merged_first", [True, False])
def test_who_is_merged_while_the_main_case_is_answered_is_answered(
    city: City, both: tuple[Case, Case], merged_first: bool
) -> None:
    main, case = both
    by, officer = Actor.staff(city.coordinator), Actor.staff(city.officer(HONG_BANG))
    ways = [
        lambda: merge(case, into=main, by=by, at=noon(city)),
        lambda: answer(main, by=officer, text="Đã dọn.", at=noon(city)),
    ]
    assert at_once(*(ways if merged_first else ways[::-1])) == []
    assert fresh(case).state == fresh(main).state == State.ANSWERED
    assert fresh(case).answers.get().text == "Đã dọn." and fresh(case).duplicate_of == main


@pytest.mark.parametrize("turn", [1, -1])
def test_two_who_merge_each_into_the_other_leave_one_main_case(city: City, both: tuple[Case, Case], turn: int) -> None:
    one, other = both[::turn]
    by = Actor.staff(city.coordinator)
    refused = at_once(
        lambda: merge(one, into=other, by=by, at=noon(city)), lambda: merge(other, into=one, by=by, at=noon(city))
    )
    assert len(refused) == 1 and "vừa được ghép" in refused[0]
    assert (fresh(one).duplicate_of, fresh(other).duplicate_of) == (other, None)


@pytest.mark.parametrize("merged_first", [True, False])
def test_who_is_merged_while_the_main_case_is_withdrawn_goes_on(
    city: City, both: tuple[Case, Case], merged_first: bool
) -> None:
    main, case = both
    by, citizen = Actor.staff(city.coordinator), Actor.citizen(channel=Channel.WEB)
    ways = [
        lambda: merge(case, into=main, by=by, at=noon(city)), lambda: withdraw(main, by=citizen, at=noon(city))
    ]  # fmt: skip
    refused = at_once(*(ways if merged_first else ways[::-1]))
    assert bool(refused) != merged_first
    assert fresh(main).state == State.CLOSED and fresh(case).duplicate_of is None
    assert fresh(case).state == (State.ASSIGNED if merged_first else State.RECEIVED)


def test_who_withdraws_while_their_case_is_merged_has_withdrawn_it(city: City, both: tuple[Case, Case]) -> None:
    main, case = both
    by, citizen = Actor.staff(city.coordinator), Actor.citizen(channel=Channel.WEB)
    at_once(lambda: merge(case, into=main, by=by, at=noon(city)), lambda: withdraw(case, by=citizen, at=noon(city)))
    assert (fresh(case).state, fresh(case).duplicate_of) == (State.CLOSED, None)
