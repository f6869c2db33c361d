"""The administrator's pages of agencies: one that is dissolved leaves no case and no colleague behind."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.city import HONG_BANG, INSPECTORATE, LE_CHAN, LIGHTING, City
from tongdai.accounts import people
from tongdai.cases.actions.assign import assign
from tongdai.cases.actions.hand_back import hand_back
from tongdai.cases.actor import Actor
from tongdai.cases.routing import competent_agency
from tongdai.directory import snapshot
from tongdai.directory.models import Agency, Change
from tongdai.platform.clock import today

from .test_topic_pages import confirmed

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(city: City) -> Client:
    client = Client()
    client.force_login(city.admin)
    return client


def filled(agency: Agency, **other: Any) -> dict[str, Any]:
    """The form as the page shows it, with some of it typed anew."""
    newest = Change.objects.filter(table="agencies", row=agency.pk).order_by("-pk").first()
    return {
        "name": agency.name, "kind": agency.kind, "parent": agency.parent_id or "", "phone": agency.phone,
        "places": [place.pk for place in agency.places.all()], "valid_from": "", "valid_to": "",
        "seen": newest.pk if newest else 0,
        **({"handles_denunciations": "on"} if agency.handles_denunciations else {}),
    } | other  # fmt: skip


def test_an_agency_is_added_with_the_places_it_answers_for(city: City, admin: Client) -> None:
    form = {"name": "UBND phường Hải An", "code": "ubnd-hai-an", "kind": "local", "phone": "0225 3838 383",
            "places": [city.places["Lê Chân"].pk]}  # fmt: skip
    page = admin.post("/ban/co-quan/moi/", form, follow=True).content.decode()
    made = Agency.objects.get(code="ubnd-hai-an")
    assert (made.kind, made.phone, [*made.places.all()]) == ("local", "0225 3838 383", [city.places["Lê Chân"]])
    assert "Đã lưu." in page and "Phường Lê Chân" in page
    assert made in snapshot.agencies()


def test_what_is_wrong_stands_at_its_field(city: City, admin: Client) -> None:
    wrong = {"name": "", "kind": "bộ", "phone": "0" * 21, "places": ["x"], "valid_to": "hôm nào"}
    words = admin.post("/ban/co-quan/moi/", wrong).content.decode()
    for said in ("Hãy gõ tên.", "Hãy chọn một loại cơ quan.", "Không có địa bàn này", "Ngày chưa đúng"):
        assert said in words
    words = admin.post(
        "/ban/co-quan/moi/", {"name": "Sở Y tế", "kind": "department", "phone": "0" * 21}
    ).content.decode()
    assert "Dài quá 20 ký tự." in words and 'value="Sở Y tế"' in words


def test_an_agency_with_open_cases_and_staff_does_not_end_until_they_are_given_to_others(
    city: City, admin: Client
) -> None:
    case = city.case("Rác tràn ra hè phố", lead=LE_CHAN)
    officer, agency, yesterday = city.officer(LE_CHAN), city.agencies[LE_CHAN], today() - timedelta(days=1)
    address = f"/ban/co-quan/{agency.pk}/"
    page = admin.get(address).content.decode()
    assert "1 phiếu đang mở" in page and "1 cán bộ đang làm việc" in page
    assert f"/ban/?khung=with_agencies&amp;co-quan={agency.code}" in page
    assert f"/ban/can-bo/?co-quan={agency.pk}&amp;con=active" in page

    form = {"valid_to": f"{yesterday:%d/%m/%Y}", "seen": "0"}
    refused = admin.post(f"{address}ket-thuc/", form)
    words = refused.content.decode()
    assert refused.status_code == 409 and "còn 1 phiếu đang mở, 1 cán bộ đang làm việc" in words
    assert "trả lời các phiếu ấy" in words
    typed = admin.post(address, filled(agency, valid_to=f"{yesterday:%d/%m/%Y}"))
    assert typed.status_code == 422 and "Chưa kết thúc được: còn 1 phiếu đang mở" in typed.content.decode()

    handed = hand_back(case, by=Actor.staff(officer), reason="Phường sáp nhập", at=city.at("2022-02-14 08:30"))
    assign(handed, by=Actor.staff(city.coordinator), agency=city.agencies[HONG_BANG], at=city.at("2022-02-14 09:00"))
    people.change(officer, agency=city.agencies[HONG_BANG])
    assert "Đã lưu." in confirmed(admin, f"{address}ket-thuc/", form)
    agency.refresh_from_db()
    assert agency.valid_to == yesterday and agency not in snapshot.agencies()


def test_a_last_day_to_come_may_be_set_and_says_what_is_left_to_do(city: City, admin: Client) -> None:
    city.case("Rác tràn ra hè phố", lead=LE_CHAN)
    agency, last = city.agencies[LE_CHAN], today() + timedelta(days=30)
    asked = admin.post(f"/ban/co-quan/{agency.pk}/ket-thuc/", {"valid_to": f"{last:%d/%m/%Y}", "seen": "0"})
    assert "Còn 1 phiếu đang mở: phải chuyển sang cơ quan khác trước ngày ấy." in asked.content.decode()


def test_topics_that_go_to_it_are_named_before_it_ends(city: City, admin: Client) -> None:
    agency, last = city.agencies[LIGHTING], today()
    form = {"valid_to": f"{last:%d/%m/%Y}", "seen": "0"}
    asked = admin.post(f"/ban/co-quan/{agency.pk}/ket-thuc/", form).content.decode()
    assert "1 lĩnh vực lấy đây làm cơ quan mặc định" in asked
    confirmed(admin, f"/ban/co-quan/{agency.pk}/ket-thuc/", form)
    topic = snapshot.topic("lighting")
    assert (
        competent_agency(topic, None) == agency and competent_agency(topic, None, on=last + timedelta(days=1)) is None
    )


def test_an_agency_is_not_under_itself(city: City, admin: Client) -> None:
    top, below = city.agencies[HONG_BANG], city.agencies[LE_CHAN]
    confirmed(admin, f"/ban/co-quan/{below.pk}/", filled(below, parent=top.pk))
    refused = admin.post(f"/ban/co-quan/{top.pk}/", filled(top, parent=below.pk))
    assert refused.status_code == 422 and "nằm dưới chính" in refused.content.decode()
    top.refresh_from_db()
    assert top.parent is None


def test_what_was_competent_is_told_by_names_and_put_back(city: City, admin: Client) -> None:
    agency = city.agencies[LE_CHAN]
    address = f"/ban/co-quan/{agency.pk}/"
    admin.post(address, filled(agency, places=[city.places["Hồng Bàng"].pk]))
    assert [*agency.places.all()] == [city.places["Hồng Bàng"]]
    page = re.sub(r"\s+", " ", admin.get(address).content.decode())
    assert "Phường Lê Chân</del>" in page and "Phường Hồng Bàng</ins>" in page
    change = Change.objects.get()
    admin.post(f"{address}tra-lai/", {"change": change.pk, "seen": change.pk})
    assert [*agency.places.all()] == [city.places["Lê Chân"]]


def test_who_may_be_sent_denunciations_is_said_before_it_changes(city: City, admin: Client) -> None:
    agency = city.agencies[INSPECTORATE]
    form = filled(agency)
    del form["handles_denunciations"]
    asked = admin.post(f"/ban/co-quan/{agency.pk}/", form).content.decode()
    assert "Hãy báo thanh tra trước." in asked
    agency.refresh_from_db()
    assert agency.handles_denunciations


def test_no_denunciation_is_counted(city: City, admin: Client) -> None:
    agency = city.agencies[INSPECTORATE]
    people.deactivate(city.inspector, by=None)
    before = admin.get(f"/ban/co-quan/{agency.pk}/").content.decode()
    people.bring_back(city.inspector)
    city.case("Tôi tố cáo chủ tịch phường nhận hối lộ khi cấp phép xây nhà", lead=INSPECTORATE, topic="denunciation")
    people.deactivate(city.inspector, by=None)
    after = admin.get(f"/ban/co-quan/{agency.pk}/").content.decode()
    assert "Không có phiếu đang mở" in before and "Không có phiếu đang mở" in after


def test_the_list_warns_of_what_an_ended_agency_still_has_and_asks_no_more_for_many(city: City, admin: Client) -> None:
    admin.get("/ban/co-quan/")
    with CaptureQueriesContext(connection) as few:
        admin.get("/ban/co-quan/")
    for number in range(30):
        row = Agency(code=f"a-{number}", name=f"Đội {number}", parent=city.agencies[LIGHTING])
        row.clean_names()
        row.save()
    city.case("Rác tràn ra hè phố", lead=LE_CHAN)
    city.officer(LE_CHAN)
    Agency.objects.filter(name=LE_CHAN).update(valid_to=today() - timedelta(days=3))  # as an older file left it
    with CaptureQueriesContext(connection) as many:
        shown = admin.get("/ban/co-quan/").content.decode()
    assert len(many) == len(few)
    assert "1 phiếu đang mở, 1 cán bộ đang làm việc." in re.sub(r"\s+", " ", shown) and "Hãy giao lại" in shown
    assert ">Đội 3</a>" in admin.get("/ban/co-quan/?q=doi+3").content.decode()


def test_agencies_are_the_administrators_alone(city: City) -> None:
    agency = city.agencies[LIGHTING]
    for person in (city.coordinator, city.call_taker, city.leader, city.inspector):
        client = Client()
        client.force_login(person)
        for path in ("", "moi/", f"{agency.pk}/"):
            assert client.get(f"/ban/co-quan/{path}").status_code == 403
        assert client.post(f"/ban/co-quan/{agency.pk}/ket-thuc/", {"valid_to": "1/1/2022"}).status_code == 403
