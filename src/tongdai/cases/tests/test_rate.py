"""An answer is rated once by its citizen: on the page, by text; staff read it, and it counts."""

from __future__ import annotations

from datetime import date

import pytest
from django.core import signing
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.city import City
from tongdai.cases.access import links
from tongdai.cases.actions.close import close
from tongdai.cases.actions.rate import rate, unrated
from tongdai.cases.actions.withdraw import withdraw
from tongdai.cases.actor import Actor
from tongdai.cases.history import history
from tongdai.cases.models import Case, CaseLink, Rating, Remark
from tongdai.cases.states import ActionRefused, State
from tongdai.people.models import Channel
from tongdai.platform.clock import now
from tongdai.portal.citizen import COOKIE, SALT
from tongdai.privacy.erasure import erase
from tongdai.reports import ratings
from tongdai.reports.period import Period

pytestmark = pytest.mark.django_db
CITIZEN = Actor.citizen(channel=Channel.WEB)
FEBRUARY = Period(date(2022, 2, 1), date(2022, 2, 28))


def rated(city: City, case: Case, stars: int = 4, day: str = "2022-02-16") -> Case:
    return rate(case, by=CITIZEN, stars=stars, words="Dọn nhanh.", at=city.at(f"{day} 10:00"))


def its_citizen(case: Case) -> Client:
    """A browser that has proven whose case it is."""
    link = links.give(case, purpose=CaseLink.Purpose.DIGITS, at=now())
    client = Client()
    client.cookies[COOKIE] = signing.Signer(salt=SALT).sign(f"{case.code}-{link.pk}")
    return client


def test_it_is_kept_with_the_answer_and_nothing_else_changes(city: City) -> None:
    case = rated(city, city.answered())
    assert case.state == State.ANSWERED and unrated(case) is None
    kept = Rating.objects.get()
    assert (kept.stars, kept.answer) == (4, case.answers.get())
    assert history(case)[-1].remark == "Dọn nhanh." and "Dọn" not in str(case.events.last().changed)  # type: ignore[union-attr]


@pytest.mark.parametrize("stars", [0, 6, -1, 2**31])
def test_what_is_no_number_from_1_to_5_is_refused_in_words(city: City, stars: int) -> None:
    case = city.answered()
    with pytest.raises(ActionRefused) as refused:
        rated(city, case, stars)
    assert refused.value.argument == "stars" and "từ 1" in refused.value.why
    assert not Rating.objects.exists() and unrated(case)
    if 0 <= stars < 100:
        with pytest.raises(IntegrityError), transaction.atomic():
            Rating.objects.create(answer=case.answers.get(), stars=stars, rated_at=case.received_at)


def test_once_whatever_comes_after_and_also_once_it_is_closed(city: City) -> None:
    case = close(city.answered(), by=Actor.system(), at=city.at("2022-02-16 08:00"))
    rated(city, case)
    with pytest.raises(ActionRefused) as refused:
        rated(city, case, 1)
    assert "đã được đánh giá" in refused.value.why and Rating.objects.get().stars == 4


def test_what_has_no_answer_is_not_rated(city: City) -> None:
    open_, ended = city.case("Rác"), withdraw(city.case("Đèn"), by=CITIZEN, at=city.at("2022-02-14 09:00"))
    for case in (open_, ended):
        with pytest.raises(ActionRefused):
            rated(city, case)
        client = its_citizen(case)
        assert client.post(f"/p/{case.code}/danh-gia/", {"stars": "5"}).status_code == 302
    assert not Rating.objects.exists()


def test_the_citizen_rates_on_the_page_without_a_script_once(city: City) -> None:
    case = city.answered()
    client, address = its_citizen(case), f"/p/{case.code}/danh-gia/"
    assert address in client.get(f"/p/{case.code}/").content.decode()
    assert client.get(address).content.decode().count('type="radio"') == 5
    for wrong in ("", "0", "6", "năm", "4.5", "٤"):
        page = client.post(address, {"stars": wrong, "words": "Nhanh."})
        assert page.status_code == 422 and "từ 1 đến 5" in page.content.decode() and "Nhanh." in page.content.decode()
    assert client.post(address, {"stars": "2", "words": "a" * 1001}).status_code == 422
    page = client.post(address, {"stars": "2", "words": "Chung chung quá."}, follow=True).content.decode()
    assert "Đã ghi đánh giá của bạn" in page and "2/5" in page and "Chung chung quá." in page and address not in page
    for _twice in range(2):
        assert client.post(address, {"stars": "5"}).status_code == 302
    assert Rating.objects.get().stars == 2
    desk = Client()
    desk.force_login(city.coordinator)
    page = desk.get(f"/ban/phieu/{case.code}/").content.decode()
    assert "Người dân đánh giá câu trả lời: 2/5" in page and "Chung chung quá." in page


def test_a_strangers_browser_or_link_to_another_case_rates_nothing(city: City) -> None:
    case, other = city.answered(), city.answered("Đèn đường hỏng", phone="+84904000111")
    for client in (Client(), its_citizen(other)):
        assert client.get(f"/p/{case.code}/danh-gia/").status_code == 302
        assert client.post(f"/p/{case.code}/danh-gia/", {"stars": "1"}).status_code == 302
    assert not Rating.objects.exists()


def test_its_words_go_with_the_case_its_number_stays_for_the_figures(city: City) -> None:
    case = rated(city, city.answered())
    assert erase(Case.objects.get(), because="request", at=city.at("2022-04-01 08:00"))
    assert Remark.objects.get().text == "" and Rating.objects.get().stars == 4
    later = city.answered("Đèn đường hỏng", phone="+84904000111")
    assert erase(later, because="request", at=city.at("2022-04-01 08:00"))
    with pytest.raises(ActionRefused):
        rated(city, Case.objects.get(pk=later.pk))
    assert case.answers.count() == 1


def test_the_figures_are_of_the_days_on_which_it_was_rated(city: City) -> None:
    for number, (stars, day) in enumerate(((5, "2022-02-16"), (2, "2022-02-28"), (1, "2022-02-17"), (1, "2022-03-01"))):
        rated(city, city.answered(f"Rác ở ngõ {number}", phone=f"+8490400011{number}"), stars, day)
    with CaptureQueriesContext(connection) as asked:
        counted = ratings.count(FEBRUARY)
    assert len(asked) == 2  # the ratings; how often a case was reopened
    assert (counted.number, counted.dissatisfied, counted.average) == (3, 2, pytest.approx(8 / 3))
    assert counted.dissatisfied_share == pytest.approx(2 / 3)
    nobody = ratings.count(Period(date(2021, 2, 1), date(2021, 2, 28)))
    assert nobody.as_json() == {
        "number": 0, "average": None, "dissatisfied": 0, "dissatisfied_share": None, "reopened": 0,
    }  # fmt: skip
    leader = Client()
    leader.force_login(city.leader)
    page = leader.get("/bao-cao/", {"tu": "1.2.2022", "den": "28.2.2022"}).content.decode()
    assert "trung bình 2,7 trên 5" in page
