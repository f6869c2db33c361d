"""The lists of the desk: what a tab counts, what its list shows and how its groups are headed agree."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from tests.city import HONG_BANG, LE_CHAN, City
from tongdai.accounts.models import User
from tongdai.cases import queries
from tongdai.cases.actions.accept import accept
from tongdai.cases.actions.answer import answer
from tongdai.cases.actions.assign import assign
from tongdai.cases.actions.hand_back import hand_back
from tongdai.cases.actions.merge import merge
from tongdai.cases.actor import Actor
from tongdai.cases.models import Case
from tongdai.platform.clock import turned_here

Shown = list[tuple[str, list[str]]]


@pytest.fixture
def turn(db: None) -> Iterator[Callable[[datetime], None]]:
    """Set the clock of this test."""
    with turned_here() as to:
        yield to


def page_of(user: User, **asked: str) -> Any:
    client = Client()
    client.force_login(user)
    return client.get("/ban/danh-sach/", asked)


def shown(user: User, view: str) -> Shown:
    """Heading → the matters under it, as the page has them."""
    page = page_of(user, khung=view)
    return [(group.heading, [row.matter for row in group.rows]) for group in page.context["groups"]]


def counted(user: User) -> dict[str, int | None]:
    return {link.label: link.count for link in page_of(user).context["views"]}


def back(city: City, text: str, *, received: str) -> Case:
    case = city.case(text, received=received, lead=HONG_BANG)
    by = Actor.staff(city.officer(HONG_BANG))
    return hand_back(case, by=by, reason="Thuộc phường khác", at=city.at(received))


def test_a_new_case_past_its_half_hour_is_late_and_not_due_soon(city: City, turn: Callable[[datetime], None]) -> None:
    """Received on Monday 8:00 by a topic of four hours: to be passed on by 8:30, answered by 13:00."""
    city.case("Thuốc điều trị", received="2022-02-14 08:00", topic="covid-help", phone="")
    Case.objects.update(urgent=False, danger_level="none")
    turn(city.at("2022-02-14 09:00"))
    assert counted(city.coordinator)["Quá hạn"] == 1 and counted(city.coordinator)["Sắp đến hạn"] == 0
    assert shown(city.coordinator, "late") == [("Quá hạn", ["Thuốc điều trị"])]
    assert shown(city.coordinator, "soon") == []
    assert shown(city.coordinator, "inbox") == [("Trễ hẹn phân loại", ["Thuốc điều trị"])]


def test_what_was_handed_back_is_sorted_by_the_citizens_deadline_once(
    city: City, turn: Callable[[datetime], None]
) -> None:
    """The one that came in last is due first."""
    back(city, "Rác tràn ra hè phố", received="2022-02-14 08:00")
    back(city, "Nước thải hôi", received="2022-02-14 10:00")
    Case.objects.filter(text="Nước thải hôi").update(due_at=city.at("2022-02-15 08:00"))
    turn(city.at("2022-02-14 10:05"))
    first_in_the_list = [case.text for case in queries.inbox(city.coordinator, "handed_back")]
    assert first_in_the_list == ["Nước thải hôi", "Rác tràn ra hè phố"]
    assert shown(city.coordinator, "handed_back") == [("Còn thời gian", first_in_the_list)]


def test_the_tab_counts_what_the_groups_call_due_soon(city: City, turn: Callable[[datetime], None]) -> None:
    """Six cases with 40 hours to go of 168: more than a day, less than a quarter."""
    for number in range(6):
        city.case(
            f"Rác tràn ra hè phố {number}", received="2022-02-14 08:00", lead=LE_CHAN, phone=f"+8490412330{number}"
        )
    turn(city.at("2022-02-19 16:00"))
    headed = {heading: len(rows) for heading, rows in shown(city.coordinator, "with_agencies")}
    assert headed == {"Sắp đến hạn": 6}
    assert counted(city.coordinator)["Sắp đến hạn"] == 6
    assert [len(rows) for _heading, rows in shown(city.coordinator, "soon")] == [6]


def test_a_coordinator_sees_which_drafts_wait_at_the_agencies_and_which_cases_follow_others(city: City) -> None:
    waits = city.case("Cống nghẹt ở ngõ 12", lead=HONG_BANG, accepted=True)
    Case.objects.filter(pk=waits.pk).update(drafted_at=city.at("2022-02-14 09:00"))
    main, follower = city.case("Rác tràn ra hè phố"), city.case("Rác chất đống đầu ngõ")
    merge(follower, into=main, by=Actor.staff(city.coordinator), at=city.at("2022-02-14 10:00"))
    rows = [row for group in page_of(city.coordinator, khung="drafted").context["groups"] for row in group.rows]
    assert [(row.code, row.where) for row in rows] == [(waits.code, HONG_BANG)]
    assert shown(city.coordinator, "merged") == [("Theo phiếu chính", ["Rác chất đống đầu ngõ"])]
    counts = counted(city.coordinator)
    assert (counts["Chờ duyệt"], counts["Đã ghép"]) == (1, None)
    at, coordinator, officer = (
        city.at("2022-02-14 11:00"),
        Actor.staff(city.coordinator),
        Actor.staff(city.officer(HONG_BANG)),
    )
    main = accept(assign(main, by=coordinator, agency=city.agencies[HONG_BANG], at=at), by=officer, at=at)
    answer(main, by=officer, text="Đã dọn.", at=at)
    assert shown(city.coordinator, "merged") == [("Đã xong", ["Rác chất đống đầu ngõ"])]
