"""Who else has a case open: said to those who see the case, and forgotten by itself."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from tests.city import HONG_BANG, LE_CHAN, City
from tongdai.accounts.models import Role, User
from tongdai.desk.case.opened import LASTS, in_words, note, who_else
from tongdai.desk.models import OpenCase
from tongdai.platform import wake
from tongdai.platform.live.registry import known_to

NOON = datetime(2022, 2, 16, 5, tzinfo=UTC)


def asks(user: User, code: str) -> str:
    client = Client()
    client.force_login(user)
    answer = client.post(f"/ban/phieu/{code}/dang-mo/", headers={"HX-Request": "true"})
    return answer.content.decode() if answer.status_code == 200 else str(answer.status_code)


def test_the_page_of_the_second_names_the_first_and_of_the_first_the_second(city: City) -> None:
    case = city.case()
    assert "đang mở" not in asks(city.coordinator, case.code)
    assert "Đỗ Thu Hằng đang mở phiếu này" in asks(city.call_taker, case.code)
    assert "Bùi Minh Tuấn đang mở phiếu này" in asks(city.coordinator, case.code)


def test_it_is_forgotten_within_a_minute_after_the_page_was_closed(city: City) -> None:
    case = city.case()
    note(case, by=city.coordinator, at=NOON)
    assert who_else(case, than=city.call_taker, at=NOON + LASTS - timedelta(seconds=1)) == [city.coordinator]
    assert who_else(case, than=city.call_taker, at=NOON + timedelta(minutes=1)) == []
    note(case, by=city.call_taker, at=NOON + timedelta(minutes=10))
    assert OpenCase.objects.get().user == city.call_taker  # old rows are swept away


def test_others_are_told_at_once_of_who_comes_and_not_each_time_they_stay(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[tuple[str, list[int]]] = []
    monkeypatch.setattr(wake, "wake", lambda channel, ids: told.append((channel, list(ids))))
    case = city.case()
    told.clear()
    for seconds in (0, 20, 40):
        note(case, by=city.coordinator, at=NOON + timedelta(seconds=seconds))
    assert told == [("opened", [case.pk])]
    note(case, by=city.coordinator, at=NOON + timedelta(minutes=5))
    assert len(told) == 2


def test_whoever_may_not_see_the_case_is_told_of_nobody(city: City) -> None:
    case = city.case(lead=HONG_BANG)
    asks(city.coordinator, case.code)
    assert asks(city.officer(LE_CHAN), case.code) == "404"
    assert asks(city.admin, case.code) == "403"
    assert not OpenCase.objects.exclude(user=city.coordinator).exists()
    assert list(known_to.get("opened")(city.officer(LE_CHAN), [case.pk])) == []
    assert list(known_to.get("opened")(city.officer(HONG_BANG), [case.pk])) == [case.pk]


def test_a_page_without_scripts_shows_nothing_and_notes_nothing(city: City) -> None:
    case = city.case()
    client = Client()
    client.force_login(city.coordinator)
    page = client.get(f"/ban/phieu/{case.code}/").content.decode()
    assert 'class="opened needs-js"' in page and "đang mở phiếu này" not in page
    assert not OpenCase.objects.exists()


def test_several_are_named_in_few_words(city: City) -> None:
    people = [city.staff(Role.CALL_TAKER, name) for name in ("An", "Bình", "Cúc", "Dũng")]
    assert in_words([]) == ""
    assert in_words(people[:2]) == "An và Bình đang mở phiếu này"
    assert in_words(people) == "An, Bình và 2 người nữa đang mở phiếu này"
