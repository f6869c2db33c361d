"""A case's history as data: what was done, by whom, with the rows that hold the words."""

from __future__ import annotations

from tests.city import HONG_BANG, LE_CHAN, City
from tongdai.cases.actions.classify import classify
from tongdai.cases.actions.hand_back import hand_back
from tongdai.cases.actor import Actor
from tongdai.cases.history import history
from tongdai.cases.models import Attachment


def test_every_step_stands_in_order_with_who_did_it_and_its_words(city: City) -> None:
    case = city.case("Rác tràn ra hè phố", lead=HONG_BANG)
    officer = city.officer(HONG_BANG)
    at = city.at("2022-02-14 10:00")
    hand_back(case, by=Actor.staff(officer), reason="Thuộc phường bên", competent=city.agencies[LE_CHAN], at=at)

    register, assign, back = history(case)

    assert [step.action for step in (register, assign, back)] == ["register", "assign", "hand_back"]
    assert (register.who, register.citizens_words) == ("", "Rác tràn ra hè phố")
    assert (assign.who, assign.lead) == ("Đỗ Thu Hằng", HONG_BANG)
    assert (back.who, back.at) == (officer.full_name, at) and back.assignment
    assert (back.assignment.end_reason, back.assignment.competent) == ("Thuộc phường bên", city.agencies[LE_CHAN])


def test_a_deadline_that_moved_is_known_before_and_after(city: City) -> None:
    case = city.case("Cần giúp", received="2022-02-14 08:00")
    by, at = Actor.staff(city.coordinator), city.at("2022-02-14 08:20")
    classify(case, by=by, topic=city.topics["covid-help"], place=None, at=at)
    register, classified = history(case)
    assert register.deadline_change is None
    assert classified.deadline_change == (city.at("2022-02-21 08:00"), city.at("2022-02-14 13:30"))


def test_photos_stand_with_the_words_they_came_with(city: City) -> None:
    case = city.case("Rác tràn ra hè phố", lead=HONG_BANG)
    photo = Attachment.objects.create(
        case=case, interaction=case.links.get().interaction, file="a.webp", content_type="image/webp", size=1, width=1,
        height=1, sha256="", created_at=case.received_at,
    )  # fmt: skip
    register, assign = history(case)
    assert register.photos == (photo,) and assign.photos == ()


def test_three_questions_to_the_database_however_long_it_is(city: City, django_assert_num_queries) -> None:
    case = city.answered("Rác tràn ra hè phố")
    with django_assert_num_queries(3):
        assert len(history(case)) == 4
