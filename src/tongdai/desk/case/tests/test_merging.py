"""The same matter from two people: merged on the desk, answered once, read, told and rated by both."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.core import signing
from django.test import Client

from tests.city import HONG_BANG, LE_CHAN, City
from tests.counting import queries_counted
from tongdai.accounts.models import User
from tongdai.cases.access import links
from tongdai.cases.models import Case, CaseLink, Rating
from tongdai.cases.states import State
from tongdai.channels.notifications.notify import notify_citizen
from tongdai.channels.sms.inbound import intake
from tongdai.channels.sms.inbound.pdus import Arrival
from tongdai.channels.sms.inbound.retries import Window
from tongdai.channels.sms.models import Link
from tongdai.people.models import Channel, Interaction
from tongdai.platform import clock
from tongdai.platform.clock import now
from tongdai.portal.citizen import COOKIE, SALT

pytestmark = pytest.mark.django_db
BY_TEXT = "+84904000111"


@pytest.fixture(autouse=True)
def noon(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two days after the first case came."""
    monkeypatch.setattr(clock, "_look_at", float("inf"))
    monkeypatch.setattr(clock, "_turned", clock._Turned(datetime.now(UTC), city.at("2022-02-16 12:00"), 0.0))


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def its_citizen(case: Case) -> Client:
    link = links.give(case, purpose=CaseLink.Purpose.DIGITS, at=now())
    client = Client()
    client.cookies[COOKIE] = signing.Signer(salt=SALT).sign(f"{case.code}-{link.pk}")
    return client


def told(case: Case) -> None:
    for event in case.events.order_by("seq"):
        notify_citizen(event.pk)


def texts(case: Case) -> list[str]:
    sent = Interaction.objects.filter(direction="out", case_link__case=case, channel=Channel.SMS)
    return [text.body for text in sent.order_by("pk")]


def text_in(words: str) -> None:
    link = Link.objects.create(smsc="127.0.0.1:2775", started_at=now())
    text = Arrival("k", BY_TEXT, BY_TEXT, "1022", 8, words.encode("utf-16-be"))
    intake.take_in([text], window=Window(link, 1, 0), at=now())


def fresh(case: Case) -> Case:
    return Case.objects.get(pk=case.pk)


def page(client: Client, path: str) -> str:
    return client.get(path, follow=True).content.decode()


def test_two_citizens_one_answer_both_told_both_rate(city: City) -> None:
    web = city.case("Rác tràn ra hè phố trước chợ Sắt", place="Hồng Bàng", topic="waste", proven=True)
    sms = city.case("Chợ Sắt rác chất đống bốc mùi", place="Hồng Bàng", topic="waste", channel=Channel.SMS, phone=BY_TEXT,
                    proven=True)  # fmt: skip
    coordinator, officer = signed_in(city.coordinator), signed_in(city.officer(HONG_BANG))

    form = page(coordinator, f"/ban/phieu/{sms.code}/ghep/")
    assert "Rác tràn ra hè phố trước chợ Sắt" in form and f'value="{web.code}"' in form
    done = coordinator.post(f"/ban/phieu/{sms.code}/ghep/", {"into": web.code}, follow=True).content.decode()
    assert "Đã ghép phiếu" in done and "đi theo phiếu chính" in done
    listed = page(coordinator, "/ban/")
    assert "+1" in listed and f'data-row="{sms.code}"' not in listed
    assert "Chợ Sắt rác chất đống" in page(coordinator, f"/ban/phieu/{web.code}/")
    follows = page(its_citizen(sms), f"/p/{sms.code}/")
    assert "xử lý chung" in follows and "Rác tràn" not in follows and web.code not in follows.replace(" ", "")

    coordinator.post(f"/ban/phieu/{web.code}/chuyen/", {"agency": city.agencies[HONG_BANG].pk})
    assert HONG_BANG in page(its_citizen(sms), f"/p/{sms.code}/")
    officer.post(f"/ban/phieu/{web.code}/nhan/")
    assert "đến cả người gửi 1 phiếu" in page(officer, f"/ban/phieu/{web.code}/tra-loi/")
    officer.post(f"/ban/phieu/{web.code}/tra-loi/", {"text": "Đội vệ sinh đã dọn xong sáng nay."})

    told(sms)
    told(sms)  # run twice, the second time changes nothing
    assert [sum(word in text for text in texts(sms)) for word in ("xử lý chung", "đã dọn xong sáng nay")] == [1, 1]
    for case in (web, sms):
        assert "Đội vệ sinh đã dọn xong sáng nay." in page(its_citizen(case), f"/p/{case.code}/")
        its_citizen(case).post(f"/p/{case.code}/danh-gia/", {"stars": "4"})
    assert set(Rating.objects.values_list("answer__case", flat=True)) == {web.pk, sms.pk}


def test_a_code_is_looked_at_before_anything_is_merged_into_it(city: City) -> None:
    case, other = city.case("Rác ở ngõ 5"), city.case("Chuyện khác hẳn", phone=BY_TEXT)
    client, there = signed_in(city.coordinator), f"/ban/phieu/{case.code}/ghep/"
    shown = client.post(there, {"code": f"{other.code[:4]} {other.code[4:8]} {other.code[8:]}"})
    assert shown.status_code == 422 and "Chuyện khác hẳn" in shown.content.decode()
    assert f'value="{other.code}" checked' in shown.content.decode() and not fresh(case).is_merged
    client.post(there, {"into": other.code})
    assert fresh(case).duplicate_of == other


@pytest.mark.parametrize(
    ("typed", "says"), [("", "Hãy chọn một phiếu"), ("123", "11 chữ số"), ("73041859261", "Không thấy phiếu")]
)
def test_what_names_no_case_comes_back_in_words(city: City, typed: str, says: str) -> None:
    answer = signed_in(city.coordinator).post(f"/ban/phieu/{city.case().code}/ghep/", {"code": typed})
    assert answer.status_code == 422 and says in answer.content.decode()


def test_a_denunciation_is_neither_offered_nor_found_by_its_code(city: City) -> None:
    secret = city.case("Tôi tố cáo rác tràn ra hè phố", topic="denunciation")
    case = city.case("Rác tràn ra hè phố", phone=BY_TEXT)
    client, there = signed_in(city.coordinator), f"/ban/phieu/{case.code}/ghep/"
    assert secret.code not in page(client, there)
    for field in ("code", "into"):
        refused = client.post(there, {field: secret.code})
        assert refused.status_code == 422 and "Không thấy phiếu nào" in refused.content.decode()


def test_what_cannot_be_merged_comes_back_with_why(city: City) -> None:
    case = city.case()
    client = signed_in(city.coordinator)
    shown = client.post(f"/ban/phieu/{case.code}/ghep/", {"into": case.code})
    assert shown.status_code == 422 and "vào chính nó" in shown.content.decode()


def test_taken_apart_on_the_desk_it_is_in_the_inbox_again_and_its_citizen_told(city: City) -> None:
    main, case = city.case(), city.case("Rác ở ngõ 5", channel=Channel.SMS, phone=BY_TEXT, proven=True)
    client = signed_in(city.coordinator)
    client.post(f"/ban/phieu/{case.code}/ghep/", {"into": main.code})
    assert "Tách ra" in page(client, f"/ban/phieu/{case.code}/") and "Trả lời người dân" not in page(client, "/ban/")
    assert client.post(f"/ban/phieu/{case.code}/tu-choi/", {"ground": "no_content", "reason": "?"}).status_code == 409
    client.post(f"/ban/phieu/{case.code}/tach/")
    assert fresh(case) in city.inbox(city.coordinator)
    told(case)
    assert "xử lý riêng" in texts(case)[-1]


def test_a_text_of_a_merged_cases_citizen_is_kept_there_and_read_by_who_works_on_the_matter(city: City) -> None:
    main = city.case(lead=HONG_BANG, accepted=True)
    case = city.case("Rác ở ngõ 5", channel=Channel.SMS, phone=BY_TEXT, proven=True, received="2022-02-14 09:00")
    signed_in(city.coordinator).post(f"/ban/phieu/{case.code}/ghep/", {"into": main.code})
    text_in(f"{case.code} đống rác cao bằng đầu người rồi")
    assert case.events.filter(action="join").count() == 1
    shown = page(signed_in(city.officer(HONG_BANG)), f"/ban/phieu/{main.code}/")
    assert "cao bằng đầu người" in shown and "1 phiếu khác đi theo" in shown
    assert signed_in(city.officer(HONG_BANG)).get(f"/ban/phieu/{case.code}/").status_code == 200
    assert signed_in(city.officer(LE_CHAN)).get(f"/ban/phieu/{case.code}/").status_code == 404


def test_the_likeliest_are_found_by_words_ward_and_topic_in_one_query_however_many_there_are(city: City) -> None:
    case = city.case("Rác tràn trước chợ Sắt", place="Hồng Bàng", topic="waste")
    same = city.case("Chợ Sắt đầy rác", place="Hồng Bàng", topic="waste", phone=BY_TEXT)
    city.case("Rác tràn trước chợ Sắt", place="Lê Chân", phone="+84904000112")  # elsewhere
    city.case(
        "Rác tràn trước chợ Sắt", place="Hồng Bàng", phone="+84904000113", received="2021-12-01 08:00"
    )  # long ago
    client, counted = signed_in(city.coordinator), []
    for _ in range(2):
        page(client, f"/ban/phieu/{case.code}/ghep/")
        with queries_counted() as queries:
            shown = page(client, f"/ban/phieu/{case.code}/ghep/")
        counted.append(len(queries))
        assert shown.index(f'value="{same.code}"') == shown.index('value="', shown.index('name="into"'))  # the first
        assert shown.count('name="into"') == (1 if len(counted) == 1 else 5)
        for number in range(12):
            city.case(f"Chợ Sắt ngõ {number}", place="Hồng Bàng", phone=f"+8490411{number:04d}")
    assert counted[0] == counted[1]


def test_others_than_coordinators_merge_nothing(city: City) -> None:
    case, other = city.case(lead=HONG_BANG), city.case("Rác ở ngõ 5", phone=BY_TEXT)
    for user in (city.call_taker, city.leader, city.officer(HONG_BANG)):
        client = signed_in(user)
        assert "Ghép vào phiếu khác" not in page(client, f"/ban/phieu/{case.code}/")
        assert client.post(f"/ban/phieu/{case.code}/ghep/", {"into": other.code}).status_code == 409
    assert fresh(case).state == State.ASSIGNED and not fresh(case).is_merged
