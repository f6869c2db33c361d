"""Sign-ins, failures, roles, imports, exports, settings, readings: on record, whoever did them and by whichever page."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import get_resolver

from tests.city import HONG_BANG, City
from tongdai.accounts.models import User
from tongdai.audit.models import Entry, Kind
from tongdai.channels.voice.menu.menu import usual_or_own
from tongdai.channels.voice.models import Step
from tongdai.desk.audit.on_record import RECORDED_ELSEWHERE
from tongdai.desk.tests.walking import routes

pytestmark = pytest.mark.django_db


def signed_in(user: User) -> Client:
    client = Client(REMOTE_ADDR="203.0.113.7")
    client.force_login(user)
    return client


def latest(**wanted: Any) -> Entry:
    found = Entry.objects.filter(**wanted).order_by("-pk").first()
    assert found is not None, wanted
    return found


def test_a_sign_in_and_a_sign_out_are_on_record_with_the_network(city: City) -> None:
    client = Client(REMOTE_ADDR="203.0.113.7")
    client.post("/ban/vao/", {"username": city.admin.username, "password": "mật khẩu thử 1022"})
    client.post("/ban/ra/")
    told = [(entry.action, entry.by, entry.network) for entry in Entry.objects.filter(kind=Kind.SIGN_IN).order_by("pk")]
    assert told == [("signed_in", city.admin.pk, "203.0.113.7"), ("signed_out", city.admin.pk, "203.0.113.7")]


def test_a_sign_in_that_failed_names_whom_it_was_tried_on_and_keeps_nothing_that_was_typed(city: City) -> None:
    """People type their password where the name goes."""
    client = Client(REMOTE_ADDR="2001:db8:1:2:3:4:5:6")
    for name in (city.admin.username, "mật khẩu thử 1022"):
        client.post("/ban/vao/", {"username": name, "password": "sai sai sai sai"})
    known, unknown = Entry.objects.filter(kind=Kind.SIGN_IN, action="refused").order_by("pk")
    assert (known.subject, known.by, known.who, known.network) == (city.admin.pk, None, "stranger", "2001:db8:1:2::/64")
    assert unknown.subject is None and unknown.detail == {"unknown_name": True}
    assert "1022" not in str(list(Entry.objects.values("what", "action", "detail")))


def test_tries_at_a_locked_door_are_on_record_too(city: City) -> None:
    """Nobody is asked then whether the password is right: no signal tells of it."""
    client, typed = Client(), {"username": city.admin.username, "password": "sai sai sai sai"}
    while client.post("/ban/vao/", typed).status_code != 429:
        assert Entry.objects.count() < 50
    client.post("/ban/vao/", typed)
    locked = Entry.objects.filter(kind=Kind.SIGN_IN, action="locked")
    assert locked.count() == 2 and set(locked.values_list("subject", flat=True)) == {city.admin.pk}


def test_who_came_and_what_became_of_a_role_is_on_record(city: City) -> None:
    def send(table: str) -> None:
        signed_in(city.admin).post("/ban/cai-dat/nhap/", {"kind": "staff", "action": "write", "table": table})

    agency = city.agencies[HONG_BANG].code
    send(f"username,full_name,role,agency\nlan,Nguyễn Lan,officer,{agency}\n")
    lan = User.objects.get(username="lan")
    assert latest(kind=Kind.PEOPLE, action="added").detail == {"role": "officer", "agency": agency}
    assert latest(kind=Kind.PEOPLE, action="invited").subject == lan.pk
    send(f"username,full_name,role,agency\nlan,Nguyễn Lan,approver,{agency}\n")
    changed = latest(kind=Kind.PEOPLE, action="changed")
    assert (changed.by, changed.subject, changed.detail["role"]) == (city.admin.pk, lan.pk, ["officer", "approver"])
    assert latest(kind=Kind.IMPORT).detail == {"added": 0, "changed": 1, "unchanged": 0}


def test_a_look_at_what_a_file_would_change_changes_nothing_and_is_no_import(city: City) -> None:
    file = SimpleUploadedFile("a.csv", b"username,full_name,role\nlan,Lan,leader\n")
    signed_in(city.admin).post("/ban/cai-dat/nhap/", {"kind": "staff", "file": file})
    assert not Entry.objects.exclude(kind=Kind.SIGN_IN).exists()


@pytest.mark.parametrize(
    ("address", "action"),
    [("/ban/cai-dat/xuat/staff.csv", "staff"), ("/ban/nhat-ky/xuat.csv", "record")],
)
def test_an_export_is_on_record_before_it_leaves(city: City, address: str, action: str) -> None:
    signed_in(city.admin).get(address)
    assert latest(kind=Kind.EXPORT).action == action


def test_the_base_of_answers_taken_out_is_on_record(city: City) -> None:
    signed_in(city.coordinator).get("/ban/kho/xuat/articles/")
    assert (latest(kind=Kind.EXPORT).action, latest(kind=Kind.EXPORT).by) == ("articles", city.coordinator.pk)


def test_a_setting_is_on_record_with_what_it_was_and_is(city: City) -> None:
    usual_or_own()
    step = Step.objects.filter(kind=Step.Kind.SAY).exclude(code="closed").order_by("pk")[0]
    signed_in(city.admin).post(f"/ban/loi-may/buoc/{step.code}/")
    assert (latest(kind=Kind.SETTING).what, latest(kind=Kind.SETTING).detail) == (
        step.code, {"active": [step.active, not step.active]},
    )  # fmt: skip
    signed_in(city.admin).post("/ban/cai-dat/co-quan-to-cao/", {"agency": [city.agencies[HONG_BANG].pk]})
    assert latest(kind=Kind.SETTING, action="denunciation_handlers").detail["after"] == [city.agencies[HONG_BANG].code]


def test_a_change_that_no_action_records_is_on_record_by_its_address(city: City) -> None:
    """So that a page made tomorrow is on record the day it is made."""
    signed_in(city.coordinator).post("/ban/truc/thu/")
    assert (latest(kind=Kind.SETTING).action, latest(kind=Kind.SETTING).by) == ("desk:duty_try", city.coordinator.pk)
    signed_in(city.coordinator).post("/ban/kho/bang/moi/", {"name": "Điểm tiêm"})
    assert latest(kind=Kind.ANSWERS).action == "desk:knowledge_table_new"


def test_what_was_refused_changed_nothing_and_what_citizens_send_is_theirs(city: City) -> None:
    signed_in(city.call_taker).post("/ban/cai-dat/co-quan-to-cao/", {})
    Client().post("/tim/", {"q": "rác"})
    assert not Entry.objects.exclude(kind=Kind.SIGN_IN).exists()


def test_an_action_on_a_case_is_its_event_and_stands_in_no_entry(city: City) -> None:
    case = city.case(lead=HONG_BANG)
    signed_in(city.officer(HONG_BANG)).post(f"/ban/phieu/{case.code}/nhan/")
    assert case.events.filter(action="accept").exists()
    assert not Entry.objects.exclude(kind=Kind.SIGN_IN).exists()


def test_what_is_kept_elsewhere_is_an_address_of_ours() -> None:
    known = {name for _route, name in routes(get_resolver().url_patterns)}
    assert set(RECORDED_ELSEWHERE) <= known


def test_each_reading_of_somebodys_data_is_on_record(city: City) -> None:
    case = city.case(phone="+84904123318", channel="voice", proven=True, name="Trần Thị Hoa")
    client = signed_in(city.call_taker)
    client.post(f"/ban/phieu/{case.code}/hien-so/")
    client.post("/ban/goi/ai/", {"phone": "0904 123 318"})
    told = {(entry.action, entry.contact, entry.case_code) for entry in Entry.objects.filter(kind=Kind.READ)}
    assert told == {("phone", case.contact_id, case.code), ("history", case.contact_id, "")}
