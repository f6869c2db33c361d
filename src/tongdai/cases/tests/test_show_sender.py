"""Of some topics the agency sees who sent a case only once it has said why it needs to."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.city import HONG_BANG, INSPECTORATE, LE_CHAN, City, forget_snapshots
from tests.counting import queries_counted
from tongdai.accounts.models import Role, User
from tongdai.audit.models import Entry
from tongdai.cases import queries, search
from tongdai.cases.access import senders
from tongdai.cases.actions.reassign import reassign
from tongdai.cases.actions.show_sender import show_sender
from tongdai.cases.actor import Actor
from tongdai.cases.models import Case
from tongdai.cases.search import find
from tongdai.cases.states import ActionRefused
from tongdai.directory.models import Topic

pytestmark = pytest.mark.django_db
PHONE, NAME = "+84904123987", "Trần Thị Kín"


@pytest.fixture
def case(city: City) -> Case:
    """With an agency that may not know who sent it; the sender has sent another, of another topic, too."""
    Topic.objects.filter(code="waste").update(hides_sender=True)
    forget_snapshots()
    city.case("Đèn đường hỏng", topic="lighting", lead=HONG_BANG, phone=PHONE, name=NAME, proven=True)
    return city.case(
        "Rác đầy ngõ 12", topic="waste", lead=HONG_BANG, accepted=True, phone=PHONE, name=NAME, proven=True
    )


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def shown(user: User, address: str) -> str:
    return signed_in(user).get(address).content.decode()


def agency(city: City) -> list[User]:
    return [city.officer(HONG_BANG), city.staff(Role.APPROVER, "Lê Duyệt", agency=HONG_BANG)]


def test_the_agency_sees_the_matter_and_not_who_sent_it(city: City, case: Case) -> None:
    page = f"/ban/phieu/{case.code}/"
    for user in agency(city):
        words = shown(user, page)
        assert "Rác đầy ngõ 12" in words and "Giấu với cơ quan xử lý" in words
        assert not [each for each in (NAME, "987", "Hiện số", "Cùng người gửi") if each in words]
        assert "987" not in signed_in(user).post(f"{page}hien-so/").content.decode()
    assert not Entry.objects.filter(action="phone").exists()
    for user in (city.coordinator, city.call_taker, city.leader):
        assert NAME in shown(user, page)


def test_nor_does_it_find_it_by_name_or_number_or_beside_another_of_theirs(city: City, case: Case) -> None:
    other = Case.objects.exclude(pk=case.pk).get()
    for user in agency(city):
        assert find(user, "Rác đầy") == [case]
        for asked in (NAME, "tran thi kin", "0904 123 987", "123987"):
            assert find(user, asked) == [other], asked
        beside = shown(user, f"/ban/phieu/{other.code}/").partition('id="next"')[2]
        assert beside and "Rác đầy" not in beside
    assert set(find(city.coordinator, NAME)) == {case, other} == set(find(city.coordinator, "0904 123 987"))


def test_what_has_no_topic_hides_nobody(city: City, case: Case) -> None:
    bare = city.case("Việc chưa rõ", lead=HONG_BANG, phone="+84904555666", name="Lê Văn Rõ")
    assert bare.topic is None
    for user in agency(city):
        assert find(user, "Lê Văn Rõ") == [bare] == find(user, "0904 555 666") == find(user, "Việc chưa rõ")
        assert "Lê Văn Rõ" in shown(user, f"/ban/phieu/{bare.code}/")


def test_nor_by_name_where_more_are_hidden_than_one_search_looks_through(
    city: City, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "RANKED", 2)
    for number in range(4):
        city.case(f"Rác ngõ {number}", topic="waste", lead=HONG_BANG, phone=PHONE, name=NAME)
    assert case not in find(city.officer(HONG_BANG), NAME)
    assert {each.topic.code for each in find(city.officer(HONG_BANG), NAME) if each.topic} <= {"lighting"}


def test_who_was_not_meant_to_sees_nobody(city: City, case: Case) -> None:
    """A stranger, another agency, a coordinator, an administrator; somebody who was let go, with a page still open."""
    gone = city.staff(Role.OFFICER, "Đã nghỉ", agency=HONG_BANG)
    clients = [Client(), *(signed_in(user) for user in (city.officer(LE_CHAN), city.coordinator, city.admin, gone))]
    User.objects.filter(pk=gone.pk).update(is_active=False)
    there = f"/ban/phieu/{case.code}/nguoi-gui/"
    for client in clients:
        for answered in (client.get(there), client.post(there, {"reason": "Vì"})):
            assert answered.status_code in (302, 401, 403, 404, 409)
    assert not case.events.filter(action="show_sender").exists()
    assert senders.is_hidden_from(city.officer(HONG_BANG), case)


def test_who_says_why_sees_it_and_so_do_the_others_of_the_agency_for_as_long_as_it_has_the_case(
    city: City, case: Case
) -> None:
    officer, approver = agency(city)
    there = f"/ban/phieu/{case.code}/nguoi-gui/"
    assert signed_in(officer).post(there, {"reason": " "}).status_code == 422
    assert senders.is_hidden_from(officer, case)

    done = signed_in(officer).post(there, {"reason": "Hẹn giờ đến xem tận nhà."}, follow=True).content.decode()

    assert NAME in done and "Hiện số" in done and "Hẹn giờ đến xem tận nhà." in done
    assert NAME in shown(approver, f"/ban/phieu/{case.code}/") and case in find(approver, NAME)
    assert "UBND phường Hồng Bàng xem người gửi" in shown(city.coordinator, f"/ban/phieu/{case.code}/")
    assert Entry.objects.filter(action="phone").count() == 0, "reading the number is noted when it is read"
    with pytest.raises(ActionRefused):
        show_sender(case, by=Actor.staff(officer), reason="Nữa", at=city.at("2022-02-14 11:00"))

    case.refresh_from_db()
    reassign(
        case,
        by=Actor.staff(city.coordinator),
        agency=city.agencies[LE_CHAN],
        reason="Nhầm.",
        at=city.at("2022-02-14 12:00"),
    )
    assert NAME not in shown(city.officer(LE_CHAN), f"/ban/phieu/{case.code}/")
    with pytest.raises(Case.DoesNotExist):
        queries.visible_case(officer, case.code)


def test_where_nothing_is_hidden_there_is_nothing_to_ask_for(city: City, case: Case) -> None:
    other = Case.objects.exclude(pk=case.pk).get()
    officer = city.officer(HONG_BANG)
    page = f"/ban/phieu/{other.code}/"
    assert NAME in shown(officer, page) and "nguoi-gui" not in shown(officer, page)
    refused = signed_in(officer).post(f"{page}nguoi-gui/", {"reason": "Vì"})
    assert refused.status_code == 409
    with pytest.raises(ActionRefused):
        show_sender(case, by=Actor.staff(city.coordinator), reason="Vì", at=city.at("2022-02-14 11:00"))


def test_of_a_denunciation_its_own_rule_decides(city: City, case: Case) -> None:
    secret = city.case(
        "Tôi tố cáo chủ tịch phường nhận hối lộ", topic="waste", lead=INSPECTORATE, phone=PHONE, name=NAME
    )
    assert secret.confidential
    officer = city.officer(INSPECTORATE)
    assert not senders.is_hidden_from(officer, secret) and not senders.is_hidden_from_all(secret)
    with pytest.raises(ActionRefused):
        show_sender(secret, by=Actor.staff(officer), reason="Vì", at=city.at("2022-02-14 11:00"))


def test_its_citizen_reads_that_the_agency_doesnt_know_them_until_it_does(city: City, case: Case) -> None:
    assert senders.is_hidden_from_all(case)
    show_sender(case, by=Actor.staff(city.officer(HONG_BANG)), reason="Hẹn đến.", at=city.at("2022-02-14 11:00"))
    assert not senders.is_hidden_from_all(case)
    assert not senders.is_hidden_from_all(Case.objects.exclude(pk=case.pk).get())
    nobody = city.case("Rác đầy", topic="waste", phone="")
    assert nobody.contact is None and not senders.is_hidden_from_all(nobody)


def test_a_list_asks_no_more_because_of_it(city: City, case: Case) -> None:
    client = signed_in(city.officer(HONG_BANG))
    client.get("/ban/?khung=in_progress")
    with queries_counted() as one:
        client.get("/ban/?khung=in_progress")
    for number in range(4):
        city.case(f"Rác ngõ {number}", topic="waste", lead=HONG_BANG, accepted=True, phone=PHONE, name=NAME)
    with queries_counted() as five:
        assert client.get("/ban/?khung=in_progress").content.decode().count("Rác ngõ") >= 4
    assert len(five) == len(one)
