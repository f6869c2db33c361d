"""People come, move and go; whoever is out is out."""

from __future__ import annotations

import threading
from datetime import time
from pathlib import Path

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client

from tests.city import HONG_BANG, LE_CHAN, City
from tongdai.accounts import invitations, people
from tongdai.accounts.imports import load_staff, staff_table
from tongdai.accounts.models import DutyShift, Role, User
from tongdai.accounts.people import PeopleRefused
from tongdai.channels.voice.agents.lines import line_of
from tongdai.channels.voice.agents.states import set_state
from tongdai.channels.voice.models import Agent, Line
from tongdai.platform import wake

PASSWORD = "mật khẩu thử 1022"


@pytest.fixture
def woken(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, list[int]]]:
    """Whom the other processes are told of."""
    told: list[tuple[str, list[int]]] = []
    monkeypatch.setattr(wake, "wake", lambda channel, ids: told.append((channel, list(ids))))
    return told


def signed_in(person: User) -> Client:
    client = Client()
    assert client.post("/ban/vao/", {"username": person.username, "password": PASSWORD}).status_code == 302
    return client


def test_who_is_out_is_out_of_every_page_stream_and_telephone(city: City, woken: list[tuple[str, list[int]]]) -> None:
    person = city.call_taker
    desk, other = signed_in(person), signed_in(person)
    line = line_of(person)
    set_state(person, Agent.State.READY)
    token = invitations.invite(person, at=city.at("2022-02-14 08:00"))
    woken.clear()

    people.deactivate(person, by=city.admin)

    assert desk.get("/ban/goi/").status_code == other.get("/ban/goi/").status_code == 302
    assert Session.objects.count() == 0
    assert not Line.objects.filter(pk=line.pk).exists()
    assert Agent.objects.get(user=person).state == Agent.State.OUT
    assert ("viewers", [person.pk]) in woken and ("lines", [line.pk]) in woken
    with pytest.raises(invitations.InvitationSpent):
        invitations.set_password(token, password="x", at=city.at("2022-02-14 08:01"))
    person.refresh_from_db()
    assert not person.is_active and not person.has_usable_password()
    assert Client().post("/ban/vao/", {"username": person.username, "password": PASSWORD}).status_code == 422


def test_who_comes_back_comes_by_a_new_link_and_has_a_telephone_of_its_own_again(city: City) -> None:
    old = line_of(city.call_taker).secret
    people.deactivate(city.call_taker, by=city.admin)
    person = people.bring_back(city.call_taker)
    assert person.is_active and not person.has_usable_password()
    assert line_of(person).secret != old


def test_a_role_without_a_telephone_has_no_line(city: City, woken: list[tuple[str, list[int]]]) -> None:
    line_of(city.call_taker)
    people.change(city.call_taker, role=Role.LEADER)
    assert not Line.objects.exists() and "lines" in dict(woken)


def test_who_moves_to_another_agency_sees_its_cases_at_once(city: City) -> None:
    officer = city.officer(HONG_BANG)
    desk = signed_in(officer)
    theirs = city.case("Rác tràn ra hè phố", lead=LE_CHAN)
    assert desk.get(f"/ban/phieu/{theirs.code}/").status_code == 404
    people.change(officer, agency=city.agencies[LE_CHAN])
    assert desk.get(f"/ban/phieu/{theirs.code}/").status_code == 200


def test_the_last_administrator_stays_and_nobody_deactivates_themself(city: City) -> None:
    with pytest.raises(PeopleRefused):
        people.deactivate(city.admin, by=city.admin)
    with pytest.raises(PeopleRefused):
        people.deactivate(city.admin, by=None)
    with pytest.raises(PeopleRefused):
        people.change(city.admin, role=Role.LEADER)
    people.add(username="moi", full_name="Chưa vào lần nào", role=Role.ADMIN, agency=None)
    with pytest.raises(PeopleRefused):  # one who has no password lets nobody in
        people.deactivate(city.admin, by=None)
    city.staff(Role.ADMIN, "Người thứ hai")
    assert not people.deactivate(city.admin, by=None).is_active


@pytest.mark.django_db(transaction=True)
def test_two_administrators_who_let_each_other_go_at_once_leave_one() -> None:
    both = [
        User.objects.create_user(f"quan-tri-{n}", PASSWORD, full_name=f"Quản trị {n}", role=Role.ADMIN) for n in (1, 2)
    ]
    start = threading.Barrier(2)

    def let_go(person: User, by: User) -> None:
        start.wait()
        try:
            people.deactivate(person, by=by)
        except PeopleRefused:
            pass
        finally:
            connection.close()

    threads = [threading.Thread(target=let_go, args=pair) for pair in (both, both[::-1])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert User.objects.filter(is_active=True).count() == 1


def test_an_officer_belongs_to_an_agency(city: City) -> None:
    with pytest.raises(PeopleRefused):
        people.add(username="le", full_name="Lê", role=Role.OFFICER, agency=None)


def test_a_user_name_is_one_persons_however_it_is_written(city: City) -> None:
    with pytest.raises(PeopleRefused):
        people.add(username=city.leader.username.upper(), full_name="Lê", role=Role.LEADER, agency=None)


def test_people_are_found_without_accents_by_any_of_their_words(city: City) -> None:
    officer = city.staff(Role.OFFICER, "Nguyễn Thị Ánh Tuyết", agency=HONG_BANG)
    assert people.find("anh tuyet hong bang") == [officer]
    assert people.find("tuyết", role=Role.LEADER) == []
    people.deactivate(officer, by=None)
    assert people.find("tuyet", state="active") == [] and people.find("tuyet", state="out") == [officer]


def test_shifts_of_whoever_goes_are_told(city: City) -> None:
    at = city.at("2022-02-14 08:00")
    DutyShift.objects.create(
        user=city.leader, name="Hải", weekdays=[0], starts=time(8), ends=time(17), valid_from=at.date(), changed_at=at
    )
    assert len(people.shifts_ahead(city.leader, at=at)) == 1
    assert len(people.shifts_ahead(city.coordinator, at=at)) == 0


def test_a_table_moves_people_as_the_pages_do(city: City, tmp_path: Path, woken: list[tuple[str, list[int]]]) -> None:
    line_of(city.call_taker)
    file = tmp_path / "staff.csv"
    file.write_text(staff_table().replace("call_taker", "leader"), encoding="utf-8")
    outcome, _tokens = load_staff(file, at=city.at("2022-02-14 08:00"))
    assert outcome.problems == [] and not Line.objects.exists()
    assert ("viewers", [city.call_taker.pk]) in woken


def test_a_table_from_before_there_was_a_column_for_mail_leaves_addresses_alone(city: City, tmp_path: Path) -> None:
    people.change(city.leader, email="hai@haiphong.gov.vn")
    file = tmp_path / "staff.csv"
    file.write_text(f"username,full_name,role\n{city.leader.username},Trần Văn Hải Bá,leader\n", encoding="utf-8")
    outcome, _tokens = load_staff(file, at=city.at("2022-02-14 08:00"))
    city.leader.refresh_from_db()
    assert (len(outcome.changed), city.leader.email) == (1, "hai@haiphong.gov.vn")


def test_an_address_that_is_anothers_is_told_by_its_line(city: City, tmp_path: Path) -> None:
    people.change(city.leader, email="hai@haiphong.gov.vn")
    file = tmp_path / "staff.csv"
    file.write_text(
        "username,full_name,role,email\nmoi,Mới,leader,HAI@haiphong.gov.vn\nhai,Hai,leader,khong\n", encoding="utf-8"
    )
    outcome, tokens = load_staff(file, at=city.at("2022-02-14 08:00"))
    assert [each.split(":")[0] for each in outcome.problems] == [
        "Dòng 2, cột email",
        "Dòng 3, cột email",
    ] and tokens == {}
