"""A note of the staff: for whoever may see the case, never for its citizen."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.city import HONG_BANG, LE_CHAN, City
from tests.counting import queries_counted
from tongdai.cases.actions.note import note
from tongdai.cases.actor import Actor
from tongdai.cases.history import history
from tongdai.cases.models import Case, Remark
from tongdai.cases.states import ActionRefused, State
from tongdai.channels.notifications.template import template_of
from tongdai.portal.follow.timeline import timeline
from tongdai.privacy.copies import copy_of
from tongdai.privacy.erasure import erase

pytestmark = pytest.mark.django_db
WORDS = "Đã gọi tổ trưởng, chiều nay ra xem."


def noted(city: City, case: Case) -> Case:
    return note(case, by=Actor.staff(city.coordinator), words=WORDS, at=city.at("2022-02-14 10:00"))


def test_its_citizen_reads_it_nowhere_and_is_told_nothing(city: City) -> None:
    before = city.case(lead=HONG_BANG, proven=True)
    case = noted(city, before)
    assert (case.state, case.due_at) == (before.state, before.due_at)
    assert template_of("note").line_of(history(case)[-1]) is None
    assert WORDS not in str(timeline(case, at=city.at("2022-02-14 11:00")))
    assert WORDS not in str(copy_of(case)) and "note" not in str(copy_of(case)["remarks"])


def test_it_stands_in_no_event_goes_with_the_words_of_the_case_and_none_is_added_after(city: City) -> None:
    case = noted(city, city.case())
    assert history(case)[-1].remark == WORDS and case.events.get(action="note").changed == {}
    Case.objects.update(state=State.CLOSED)
    assert erase(Case.objects.get(), because="request", at=city.at("2022-04-01 08:00"))
    assert Remark.objects.get().text == ""
    with pytest.raises(ActionRefused) as refused:
        noted(city, Case.objects.get())
    assert "đã được xóa theo luật" in refused.value.why


def test_on_the_desk_both_who_have_the_case_note_and_read_and_another_agency_does_neither(city: City) -> None:
    case = city.case(lead=HONG_BANG)
    address = f"/ban/phieu/{case.code}/ghi-chu/"
    desk = Client()
    desk.force_login(city.officer(HONG_BANG))
    assert "Người dân không đọc" in desk.get(address).content.decode()
    assert "Hãy viết điều cần ghi." in desk.post(address, {"words": " "}).content.decode()
    assert desk.post(address, {"words": "a" * 2001}).status_code == 422
    assert WORDS in desk.post(address, {"words": WORDS}, follow=True).content.decode()
    desk.force_login(city.leader)
    assert WORDS in desk.get(f"/ban/phieu/{case.code}/").content.decode()
    desk.force_login(city.officer(LE_CHAN))
    assert desk.post(address, {"words": WORDS}).status_code == 404
    assert Remark.objects.count() == 1


def test_many_notes_cost_the_page_no_more_questions(city: City, django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]
    case = noted(city, city.case(lead=HONG_BANG))
    desk = Client()
    desk.force_login(city.coordinator)
    with queries_counted() as once:
        desk.get(f"/ban/phieu/{case.code}/")
    for _time in range(5):
        noted(city, case)
    with django_assert_max_num_queries(len(once)):
        desk.get(f"/ban/phieu/{case.code}/")
