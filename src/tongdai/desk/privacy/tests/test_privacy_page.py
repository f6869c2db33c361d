"""Requests, breaches, periods and consent on the desk."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.city import LIGHTING, City
from tongdai.accounts.models import Role
from tongdai.cases.models import Case
from tongdai.people.disclosures import readings
from tongdai.platform.clock import now
from tongdai.privacy import requests
from tongdai.privacy.models import Breach, Consent, DataRequest, PrivacyContact, RetentionRule

pytestmark = pytest.mark.django_db
PAGE = "/ban/du-lieu/"


@pytest.fixture
def admin(city: City, client: Client) -> Client:
    client.force_login(city.admin)
    return client


def test_a_request_is_confirmed_refused_without_a_reason_and_done(admin: Client, city: City) -> None:
    case = city.answered("Đèn đường ngõ Xoài hỏng", lead=LIGHTING)
    asked = requests.receive(case, DataRequest.Kind.ERASURE, words="Xin xóa", channel="web", at=now())
    assert "Xin xóa" in admin.get(PAGE).content.decode()
    assert [(each.action, each.case_code) for each in readings(city.admin)] == [("request", case.code)]
    admin.post(f"{PAGE}yeu-cau/{asked.pk}/", {"action": "confirm"})
    assert DataRequest.objects.get().state == DataRequest.State.CONFIRMED
    back = admin.post(f"{PAGE}yeu-cau/{asked.pk}/", {"action": "refuse", "answer": ""})
    assert back.status_code == 409 and "Ghi lý do" in back.content.decode()
    admin.post(f"{PAGE}yeu-cau/{asked.pk}/", {"action": "done"})
    assert not Case.objects.get(pk=case.pk).text and DataRequest.objects.get().state == DataRequest.State.DONE
    client = Client()
    client.force_login(city.coordinator)
    shown = client.get(f"/ban/phieu/{case.code}/").content.decode()
    assert "Lời kể đã được xóa" in shown and "theo yêu cầu của người dân" in shown and "Xoài" not in shown


def test_a_request_about_a_denunciation_cannot_be_reached_or_written_by_the_administrator(
    admin: Client, city: City
) -> None:
    case = city.case("Tố cáo ông Mười nhận hối lộ")
    asked = requests.receive(case, DataRequest.Kind.COPY, words="bí mật", channel="web", at=now())
    assert "bí mật" not in admin.get(PAGE).content.decode()
    assert admin.post(f"{PAGE}yeu-cau/{asked.pk}/", {"action": "confirm"}).status_code == 404
    given = {"code": case.code, "kind": "copy", "channel": "paper", "words": "đến tận nơi"}
    known, unknown = (
        admin.post(f"{PAGE}yeu-cau/", given),
        admin.post(f"{PAGE}yeu-cau/", given | {"code": "00000000000"}),
    )
    assert known.status_code == unknown.status_code == 422
    assert "Không có phiếu mang mã này" in known.content.decode()


def test_what_came_by_telephone_is_written_down(admin: Client, city: City) -> None:
    case = city.case()
    given = {"code": case.code, "kind": "copy", "channel": "voice", "words": "Bà Hoa, đọc đúng bốn số cuối"}
    assert admin.post(f"{PAGE}yeu-cau/", given | {"words": ""}).status_code == 422
    admin.post(f"{PAGE}yeu-cau/", given)
    assert DataRequest.objects.get().by == city.admin


def test_periods_are_set_also_for_one_topic(admin: Client, city: City) -> None:
    topic = city.topics["lighting"]
    admin.post(f"{PAGE}thoi-han/", {"kind": "case", "days": "700"})
    admin.post(f"{PAGE}thoi-han/", {"kind": "case", "topic": topic.pk, "days": "300"})
    assert {(rule.topic, rule.days) for rule in RetentionRule.objects.all()} == {(None, 700), (topic, 300)}
    for wrong in (
        {"kind": "case", "days": "0"},
        {"kind": "case", "days": "mãi"},
        {"kind": "try", "topic": topic.pk, "days": "3"},
    ):
        assert admin.post(f"{PAGE}thoi-han/", wrong).status_code == 422
    admin.post(f"{PAGE}thoi-han/", {"kind": "case", "topic": topic.pk, "days": ""})
    assert RetentionRule.objects.count() == 1


def test_a_breach_runs_against_72_hours(admin: Client) -> None:
    given = {"found_at": "2026-11-20T08:00", "what": "Gửi nhầm danh sách", "data": "tên, số", "people": "12"}
    assert admin.post(f"{PAGE}vi-pham/", given | {"found_at": "hôm qua"}).status_code == 422
    admin.post(f"{PAGE}vi-pham/", given)
    assert "báo trước" in admin.get(PAGE).content.decode()
    admin.post(f"{PAGE}vi-pham/{Breach.objects.get().pk}/", {"action": "reported"})
    first = Breach.objects.get().reported_at
    admin.post(f"{PAGE}vi-pham/{Breach.objects.get().pk}/", {"action": "reported"})
    assert first and Breach.objects.get().reported_at == first


def test_the_register_goes_out_as_csv_and_the_contact_into_the_notice(admin: Client) -> None:
    assert "Luật Tố cáo" in admin.get(f"{PAGE}dang-ky.csv").content.decode()
    admin.post(f"{PAGE}lien-he/", {"name": "Phòng Dữ liệu", "phone": "02253", "email": "", "address": ""})
    assert PrivacyContact.objects.get().name == "Phòng Dữ liệu"


def test_a_call_taker_writes_down_what_was_said_by_telephone(city: City, client: Client) -> None:
    city.topics["covid-help"].health = True
    city.topics["covid-help"].save()
    case = city.case("Bố tôi sốt", topic="covid-help")
    client.force_login(city.call_taker)
    assert "chưa hỏi" in client.get(f"/ban/phieu/{case.code}/").content.decode()
    client.post(f"/ban/phieu/{case.code}/dong-y/", {"answer": "give"})
    assert Consent.objects.get().by == city.call_taker


@pytest.mark.parametrize("role", [Role.CALL_TAKER, Role.COORDINATOR, Role.OFFICER, Role.LEADER])
def test_the_page_is_for_those_who_keep_the_data(city: City, client: Client, role: Role) -> None:
    client.force_login(city.staff(role, "Ai đó"))
    assert client.get(PAGE).status_code == 403
