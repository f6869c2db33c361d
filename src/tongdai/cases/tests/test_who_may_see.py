"""An agency sees its own cases, the inspectorate alone the confidential ones: tried on every address, list and search."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.test import Client

from tests.city import HONG_BANG, INSPECTORATE, LE_CHAN, City
from tongdai.accounts.models import Role, User
from tongdai.cases import queries
from tongdai.cases.models import Attachment, Case
from tongdai.cases.search import find
from tongdai.people.disclosures import readings

WORDS = "Rác tràn ra hè phố Điện Biên Phủ, không ai dọn"
SECRET = "Tôi tố cáo cán bộ nhận hối lộ ở phòng tiếp dân"
GET_TOO = ("", "chuyen/", "phan-loai/", "tra-lai/", "tu-choi/", "tra-loi/", "sua-tra-loi/")
POST_ONLY = ("nhan/", "ket-thuc/", "hien-so/")
EVERY_ACTION = (*GET_TOO[1:], *POST_ONLY)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def photo_of(case: Case) -> Attachment:
    return Attachment.objects.create(
        case=case, file=f"t/{case.code}.jpg", content_type="image/jpeg", size=1, width=1, height=1, sha256="0" * 64,
        created_at=datetime.now(UTC),
    )  # fmt: skip


def strangers_of(city: City, case: Case) -> list[User]:
    """Who on the staff may not see this case: written by hand, as the law of the house."""
    if case.confidential:  # it is with the inspectorate
        return [
            city.officer(HONG_BANG), city.officer(LE_CHAN), city.coordinator, city.call_taker, city.leader, city.admin,
        ]  # fmt: skip
    return [city.officer(LE_CHAN), city.inspector, city.admin]  # it is with Hồng Bàng


def refused(user: User) -> int:
    """What stands in place of a case one may not know of: no such page; to who has no cases at all, no entry."""
    return 403 if user.role == Role.ADMIN else 404


@pytest.fixture
def theirs(city: City) -> Case:
    return city.case(WORDS, lead=HONG_BANG, accepted=True, topic="waste", place="Hồng Bàng")


@pytest.fixture
def confidential(city: City) -> Case:
    return city.case(SECRET, lead=INSPECTORATE, topic="denunciation")


def test_an_officer_sees_her_own_agencys_case_and_the_next_ward_does_not(city: City, theirs: Case) -> None:
    assert queries.visible_case(city.officer(HONG_BANG), theirs.code) == theirs
    with pytest.raises(Case.DoesNotExist):
        queries.visible_case(city.officer(LE_CHAN), theirs.code)


def test_a_confidential_case_is_the_inspectorates_alone(city: City, confidential: Case) -> None:
    assert confidential.confidential
    assert queries.visible_case(city.inspector, confidential.code) == confidential
    for stranger in strangers_of(city, confidential):
        with pytest.raises(Case.DoesNotExist):
            queries.visible_case(stranger, confidential.code)


@pytest.mark.parametrize("which", ["theirs", "confidential"])
def test_no_address_of_a_case_opens_to_a_stranger(city: City, which: str, request: pytest.FixtureRequest) -> None:
    case: Case = request.getfixturevalue(which)
    for stranger in strangers_of(city, case):
        client = signed_in(stranger)
        for tail in GET_TOO:
            for headers in ({}, {"HX-Request": "true"}):
                page = client.get(f"/ban/phieu/{case.code}/{tail}", headers=headers)
                assert page.status_code == refused(stranger), (stranger.role, tail)
                assert case.text[:12] not in page.content.decode()
        for tail in EVERY_ACTION:
            words = {"text": "x", "reason": "x", "ground": "no_content"}
            page = client.post(f"/ban/phieu/{case.code}/{tail}", words)
            assert page.status_code == refused(stranger), (stranger.role, tail)
    case.refresh_from_db()
    assert case.events_count == case.events.count()
    assert not case.answers.exists()


@pytest.mark.parametrize("which", ["theirs", "confidential"])
def test_no_list_nor_search_shows_it_to_a_stranger(city: City, which: str, request: pytest.FixtureRequest) -> None:
    case: Case = request.getfixturevalue(which)
    assert case.contact is not None
    for stranger in strangers_of(city, case):
        client = signed_in(stranger)
        for view in ("", *queries.views_of(stranger)):
            for address in ("/ban/", "/ban/danh-sach/"):
                page = client.get(address, {"khung": view} if view else {}, follow=True)
                assert case.code not in page.content.decode(), (stranger.role, view)
        for asked in (case.code, case.contact.phone, case.text, "rac tran" if which == "theirs" else "to cao"):
            assert find(stranger, asked) == [], (stranger.role, asked)
            assert case.code not in client.get("/ban/tim/", {"q": asked}).content.decode().replace(asked, "")
        assert sum(queries.counts(stranger).values()) == 0


@pytest.mark.parametrize("which", ["theirs", "confidential"])
def test_no_live_update_names_it_to_a_stranger(city: City, which: str, request: pytest.FixtureRequest) -> None:
    case: Case = request.getfixturevalue(which)
    for stranger in strangers_of(city, case):
        assert queries.visible_ids(stranger, [case.pk]) == []


@pytest.mark.parametrize("which", ["theirs", "confidential"])
def test_no_photo_of_it_is_shown_to_a_stranger(city: City, which: str, request: pytest.FixtureRequest) -> None:
    case: Case = request.getfixturevalue(which)
    photo = photo_of(case)
    for stranger in strangers_of(city, case):
        assert signed_in(stranger).get(f"/ban/anh/{photo.pk}/").status_code == refused(stranger)
    assert Client().get(f"/ban/anh/{photo.pk}/").status_code == 302


def test_the_call_takers_form_doesnt_tell_of_a_callers_confidential_case(city: City, confidential: Case) -> None:
    assert confidential.contact is not None
    page = signed_in(city.call_taker).post("/ban/goi/ai/", {"phone": confidential.contact.phone})
    assert confidential.code not in page.content.decode()
    assert "hối lộ" not in page.content.decode()


def test_each_reading_of_a_number_or_a_confidential_text_is_on_record(city: City, confidential: Case) -> None:
    client = signed_in(city.inspector)
    client.get(f"/ban/phieu/{confidential.code}/")
    shown = client.post(f"/ban/phieu/{confidential.code}/hien-so/")
    assert "0904\u00a0123\u00a0318" in shown.content.decode()
    assert {reading.action for reading in readings(city.inspector)} == {"confidential", "phone"}


def test_nobody_who_left_sees_anything(city: City, theirs: Case) -> None:
    officer = city.officer(HONG_BANG)
    officer.is_active = False
    officer.save()
    assert not queries.visible_cases(officer).exists()
