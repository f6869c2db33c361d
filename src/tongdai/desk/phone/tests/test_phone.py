"""The strip, as the server makes it; the telephone itself is tried in tests/journeys/test_a_call.py."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.test import Client

from tests.city import City
from tongdai.accounts.models import Role, User
from tongdai.cases.models import Case
from tongdai.channels.voice.agents import skills, states
from tongdai.channels.voice.menu.menu import write_the_usual_one
from tongdai.channels.voice.models import Agent, Call, Line, Order, Queue
from tongdai.channels.voice.queues import kept_places
from tongdai.channels.voice.records import call_records
from tongdai.channels.voice.records.queries import agents_shown_to, calls_shown_to
from tongdai.desk.phone import shown
from tongdai.people.models import Channel
from tongdai.people.phones import pretty
from tongdai.platform.clock import now


@pytest.fixture(autouse=True)
def an_exchange(monkeypatch: pytest.MonkeyPatch, settings: LazySettings) -> None:
    monkeypatch.setattr(shown, "is_here", lambda: True)
    settings.PHONES_PORT = 5062


def signed_in(user: User) -> Client:
    client = Client(headers={"HX-Request": "true"})
    client.force_login(user)
    return client


def talking(city: City) -> Call:
    states.set_state(city.call_taker, Agent.State.READY)
    call = call_records.came(channel="1.1", number="+84912345678", dialled="1022")
    call_records.rings(call.pk, agent=city.call_taker.pk)
    call_records.talks(call.pk, agent=city.call_taker.pk)
    return call


def test_a_shift_begins_pauses_for_a_reason_and_ends(city: City) -> None:
    client = signed_in(city.call_taker)
    assert "Vào ca" in client.get("/ban/may/").content.decode()
    assert "Sẵn sàng" in client.post("/ban/may/trang-thai/", {"state": "ready"}).content.decode()
    page = client.post("/ban/may/trang-thai/", {"state": "paused", "reason": "meal"}).content.decode()
    assert "ăn ca" in page
    client.post("/ban/ra/")
    assert Agent.objects.get().state == Agent.State.OUT


def test_the_card_shows_who_rings_and_their_earlier_cases(city: City) -> None:
    city.case("Rác tràn ra hè phố", phone="+84912345678", name="Bà Nhạn", channel=Channel.SMS, proven=True)
    city.case("Ai đó gõ số này vào cổng", phone="+84912345678", name="Ai Đó")
    call = talking(city)
    page = signed_in(city.call_taker).get("/ban/may/").content.decode()
    assert f'data-call="{call.pk}"' in page
    assert "Bà Nhạn" in page and "Rác tràn ra hè phố" in page
    assert "Ai đó gõ" not in page and "Ai Đó" not in page


@pytest.mark.parametrize(("typed", "proven"), [("0912 345 678", True), ("0912 345 679", False)])
def test_the_number_is_proven_by_the_call_from_it_and_not_by_being_typed(city: City, typed: str, proven: bool) -> None:
    call = talking(city)
    form = {"key": "k" * 32, "call": call.pk, "phone": typed, "text": "Đèn đường ngõ 47 hỏng cả tuần"}
    signed_in(city.call_taker).post("/ban/goi/", form | {"calling_from": "on"})
    assert bool(Case.objects.get().number_proven_at) is proven


def test_a_number_typed_without_a_call_proves_nothing(city: City) -> None:
    form = {"key": "k" * 32, "phone": "0912 345 678", "text": "Đèn đường ngõ 47 hỏng cả tuần"}
    signed_in(city.call_taker).post("/ban/goi/", form | {"calling_from": "on"})
    assert Case.objects.get().number_proven_at is None


def test_the_strip_is_a_few_queries_however_many_calls_there_were(city: City, django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]
    talking(city)
    client = signed_in(city.call_taker)
    client.get("/ban/may/")
    with django_assert_max_num_queries(12):
        client.get("/ban/may/")


def test_a_button_is_an_order_for_the_call_in_hand_and_for_no_other(city: City) -> None:
    call = talking(city)
    signed_in(city.call_taker).post("/ban/may/lenh/", {"kind": "hold"})
    assert [(o.kind, o.call_id) for o in Order.objects.all()] == [("hold", call.pk)]
    other = signed_in(city.staff(Role.CALL_TAKER, "Người khác"))
    assert other.post("/ban/may/lenh/", {"kind": "hang_up"}).status_code == 422
    assert other.post("/ban/may/lenh/", {"kind": "listen", "call": call.pk}).status_code == 422
    assert Order.objects.count() == 1


def test_a_transfer_to_a_number_that_is_none_says_so(city: City) -> None:
    talking(city)
    client = signed_in(city.call_taker)
    page = client.post("/ban/may/lenh/", {"kind": "transfer", "target": "", "number": "xyz"})
    assert page.status_code == 422 and "Chọn nơi chuyển đến" in page.content.decode()
    client.post("/ban/may/lenh/", {"kind": "transfer", "target": "", "number": "115"})
    assert Order.objects.get().target == "115"


def test_a_call_is_added_to_a_case_by_its_code_or_told_there_is_none(city: City) -> None:
    case = city.case("Rác tràn ra hè phố")
    call = talking(city)
    client = signed_in(city.call_taker)
    page = client.post("/ban/may/ket-qua/", {"outcome": "added", "code": "123"})
    assert page.status_code == 422 and "123" in page.content.decode()
    client.post("/ban/may/ket-qua/", {"outcome": "added", "code": case.code})
    call.refresh_from_db()
    assert (call.outcome, call.case_id) == (Call.Outcome.ADDED, case.pk)


def test_news_of_a_call_go_to_whom_it_rings_and_to_who_watches_the_room(city: City) -> None:
    call = talking(city)
    assert agents_shown_to(city.call_taker, [city.call_taker.pk, 0]) == [city.call_taker.pk]
    assert calls_shown_to(city.call_taker, [call.pk]) == []
    assert calls_shown_to(city.staff(Role.SUPERVISOR, "Trưởng ca"), [call.pk]) == [call.pk]


def test_where_no_port_is_open_for_sip_telephones_none_is_offered(city: City, settings: LazySettings) -> None:
    settings.PHONES_PORT = 0
    client = signed_in(city.call_taker)
    assert "Nghe bằng máy SIP" not in client.get("/ban/may/kiem-tra/").content.decode()
    client.post("/ban/may/loai-may/", {"kind": "sip"})
    assert Line.objects.get(user=city.call_taker).kind == Line.Kind.WEBRTC


def test_a_sip_telephone_has_a_password_of_its_own_shown_once(city: City) -> None:
    client = signed_in(city.call_taker)
    client.post("/ban/may/duong-day/", {"browser": "here"})
    before = Line.objects.get(user=city.call_taker).secret
    page = client.post("/ban/may/loai-may/", {"kind": "sip"}).content.decode()
    line = Line.objects.get(user=city.call_taker)
    assert line.kind == Line.Kind.SIP and line.secret != before and line.secret in page
    assert line.secret not in client.get("/ban/may/kiem-tra/").content.decode()
    assert "data-line" not in client.get("/ban/may/").content.decode()
    client.post("/ban/may/loai-may/", {"kind": "webrtc"})
    assert "data-line" in client.get("/ban/may/").content.decode()


def test_the_machine_reads_out_no_code_but_that_of_the_call_in_hand(city: City) -> None:
    call, client = talking(city), signed_in(city.call_taker)
    assert client.post("/ban/may/lenh/", {"kind": "read_code", "target": "12345678901"}).status_code == 422
    case = city.case()
    call_records.conclude(call, by=city.call_taker, outcome=Call.Outcome.REGISTERED, case=case)
    client.post("/ban/may/lenh/", {"kind": "read_code"})
    assert Order.objects.get().target == case.code


def test_an_officer_has_no_telephone(city: City) -> None:
    officer = city.officer("UBND phường Hồng Bàng")
    assert signed_in(officer).get("/ban/may/").status_code == 403
    assert 'id="strip"' not in signed_in(officer).get("/ban/").content.decode()


@pytest.mark.parametrize(("number", "target"), [("115", "115"), ("", "queue:1")])
def test_a_number_that_was_typed_is_meant_whatever_the_list_above_it_shows(
    city: City, number: str, target: str
) -> None:
    talking(city)
    form = {"kind": "transfer", "target": "queue:1", "number": number}
    signed_in(city.call_taker).post("/ban/may/lenh/", form)
    assert Order.objects.get().target == target


# ── a third in the talk ──────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("third", "f8", "also"),
    [
        ("ringing", "come_back", "hand_over"),
        ("apart", "come_back", "conference"),
        ("together", "hand_over", "come_back"),
    ],
)
def test_the_key_that_hangs_up_never_cuts_the_citizen_while_a_third_is_there(
    city: City, third: str, f8: str, also: str
) -> None:
    call = talking(city)
    call_records.note(call.pk, consulting="+842253842123", third=third, held=third != "together")
    page = signed_in(city.call_taker).get("/ban/may/").content.decode()
    assert f'value="{f8}" data-key="F8"' in page and f'value="{also}"' in page
    assert 'value="hang_up"' not in page and pretty("+842253842123") in page


def test_a_colleague_who_is_asked_can_only_leave(city: City) -> None:
    call = talking(city)
    states.set_state(city.coordinator, Agent.State.READY)
    states.asked(city.coordinator.pk, call=call.pk)
    states.agent_is(city.coordinator.pk, Agent.State.TALKING)
    call_records.note(call.pk, consulting=f"agent:{city.coordinator.pk}", third="apart")
    asked = signed_in(city.coordinator).get("/ban/may/").content.decode()
    assert 'value="hang_up" data-key="F8"' in asked and "hand_over" not in asked and "come_back" not in asked
    asks = signed_in(city.call_taker).get("/ban/may/").content.decode()
    assert city.coordinator.full_name in asks


@pytest.mark.parametrize(("handed_on", "may"), [("queue", True), ("outside", True), ("colleague", False), ("", False)])
def test_who_has_handed_a_caller_on_may_take_her_back_and_ends_nothing(city: City, handed_on: str, may: bool) -> None:
    call = talking(city)
    if handed_on == "queue":
        call_records.waits(call.pk, queue=None, path=["person"])
    elif handed_on:
        call_records.handed_over(call.pk, to=city.coordinator.pk if handed_on == "colleague" else None)
    else:
        call_records.ended(call.pk, path=["person"], outcome="answered")
    states.hung_up(city.call_taker.pk)
    client = signed_in(city.call_taker)
    assert ("Lấy lại người gọi" in client.get("/ban/may/").content.decode()) is may
    assert client.post("/ban/may/lenh/", {"kind": "come_back"}).status_code == (200 if may else 422)
    assert client.post("/ban/may/lenh/", {"kind": "hang_up"}).status_code == 422
    assert list(Order.objects.values_list("kind", flat=True)) == ["come_back"] * may


def test_one_signs_on_to_queues_for_the_shift_and_never_off_from_all(city: City) -> None:
    write_the_usual_one()
    client, general = signed_in(city.call_taker), Queue.objects.get(code="general")
    client.post("/ban/may/trang-thai/", {"state": "ready"})
    assert "Trong ca này tôi nhận" in client.get("/ban/may/").content.decode()
    page = client.post("/ban/may/hang-cho/", {"queue": [general.pk]})
    assert page.status_code == 200 and f"1/{Queue.objects.count()}" in page.content.decode()
    assert skills.of_all()[city.call_taker.pk].takes(general.pk)
    refused = client.post("/ban/may/hang-cho/", {"queue": ["0", "x"]})
    assert refused.status_code == 422 and "ít nhất một hàng chờ" in refused.content.decode()


def test_the_card_says_that_it_is_a_kept_place_and_since_when_she_waits(city: City) -> None:
    write_the_usual_one()
    states.set_state(city.call_taker, Agent.State.READY)
    asked = call_records.came(channel="1.1", number="+84912345678", dialled="1022")
    call_records.waits(asked.pk, queue=Queue.objects.get(code="general").pk, path=["person"])
    Call.objects.update(waited_from=now() - timedelta(minutes=12))
    kept = kept_places.keep(asked.pk, number="+84912345678", rank=50, language="vi")
    call = kept_places.rings(kept.pk, agent=city.call_taker.pk, channel="out-1", path=["kept", "person"])
    assert call
    client = signed_in(city.call_taker)
    page = client.get("/ban/may/").content.decode()
    assert "gọi lại giữ chỗ, chờ 12 phút" in page and "Đang gọi người dân" in page and "Nghe máy" not in page
    call_records.rings(call, agent=city.call_taker.pk)
    page = client.get("/ban/may/").content.decode()
    assert "gọi lại giữ chỗ" in page and "Nghe máy" in page and "Đang gọi người dân" not in page
