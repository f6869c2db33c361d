"""The supervisor's page: who sees it, what stands there and what does not, and what its buttons ask for."""

from __future__ import annotations

import re

import pytest
from django.conf import LazySettings
from django.test import Client

from tests.city import City
from tests.reading import read
from tongdai.accounts.models import Role, User
from tongdai.audit.models import Entry, Kind
from tongdai.cases.models import Case
from tongdai.channels.voice.agents import states
from tongdai.channels.voice.menu import menu
from tongdai.channels.voice.models import Agent, Call, Notice, Order, Queue
from tongdai.channels.voice.records import call_records, orders, supervision
from tongdai.desk.phone import shown
from tongdai.platform.clock import now

PAGE = "/ban/phong/giam-sat/"


@pytest.fixture(autouse=True)
def an_exchange(monkeypatch: pytest.MonkeyPatch, settings: LazySettings) -> None:
    monkeypatch.setattr(shown, "is_here", lambda: True)


@pytest.fixture
def supervisor(city: City) -> User:
    return city.staff(Role.SUPERVISOR, "Lê Trưởng Ca")


def signed_in(user: User, *, javascript: bool = True) -> Client:
    client = Client(headers={"HX-Request": "true"} if javascript else {})
    client.force_login(user)
    return client


def talking(city: City) -> Call:
    menu.write_the_usual_one()
    states.set_state(city.call_taker, Agent.State.READY)
    call = call_records.came(channel="1.1", number="+84912345678", dialled="1022")
    call_records.waits(call.pk, queue=Queue.objects.order_by("pk")[0].pk, path=[])
    call_records.rings(call.pk, agent=city.call_taker.pk)
    call_records.talks(call.pk, agent=city.call_taker.pk)
    return call


def test_only_a_supervisor_comes_in(city: City, supervisor: User) -> None:
    assert signed_in(supervisor).get(PAGE).status_code == 200
    for person in (city.call_taker, city.coordinator, city.leader):
        for path in ("", "bang/"):
            assert signed_in(person).get(PAGE + path).status_code == 403
        for path in ("lenh/", "trang-thai/"):
            assert signed_in(person).post(PAGE + path, {"kind": "listen"}).status_code == 403
    assert PAGE in signed_in(supervisor).get("/ban/").content.decode()


def test_who_is_at_work_stands_there_with_what_is_asked_at_a_glance(city: City, supervisor: User) -> None:
    call = talking(city)
    for _ring in range(2):
        call_records.rings(call.pk, agent=city.call_taker.pk)
        call_records.not_taken(call.pk, agent=city.call_taker.pk, state=Agent.State.PAUSED)
    call_records.rings(call.pk, agent=city.call_taker.pk)
    call_records.talks(call.pk, agent=city.call_taker.pk)
    page = read(signed_in(supervisor).get(PAGE))
    for words in (
        "Bùi Minh Tuấn",
        "Đang nói chuyện",
        "máy chưa nối",
        "lỡ 2 lần chuông",
        str(call.queue or ""),
        "Nghe cùng</button>",
    ):
        assert words in page
    assert not re.search(r"912\D?345\D?678", page)  # whose number it is, is not a supervisor's glance


def test_the_page_is_the_same_few_queries_for_a_large_room(  # type: ignore[no-untyped-def]
    city: City, supervisor: User, django_assert_max_num_queries
) -> None:
    talking(city)
    for number in range(12):
        states.set_state(city.staff(Role.CALL_TAKER, f"Người {number}"), Agent.State.READY)
        call_records.waits(call_records.came(channel=f"2.{number}", number="", dialled="1022").pk, queue=None, path=[])
    client = signed_in(supervisor)
    client.get(PAGE + "bang/")
    with django_assert_max_num_queries(20):
        client.get(PAGE + "bang/")


def test_a_call_about_a_denunciation_is_no_call_on_this_page(city: City, supervisor: User) -> None:
    call = talking(city)
    secret = city.case("Tố cáo cán bộ nhận hối lộ", topic="denunciation")
    call_records.conclude(call, by=city.call_taker, outcome=Call.Outcome.REGISTERED, case=secret)
    client = signed_in(supervisor)
    page = client.get(PAGE).content.decode()
    assert (
        "Đang nói chuyện" in page and "Nghe cùng</button>" not in page and f'name="call" value="{call.pk}"' not in page
    )
    for kind in ("listen", "whisper", "barge", "take_over", "move"):
        refused = client.post(PAGE + "lenh/", {"kind": kind, "call": call.pk, "target": "head"})
        assert refused.status_code == 409 and "Cuộc gọi đã xong" in refused.content.decode()
    assert not Order.objects.exists() and not Entry.objects.filter(kind=Kind.READ, action="recording").exists()
    call_records.waits(call.pk, queue=None, path=[])
    assert f'name="call" value="{call.pk}"' not in client.get(PAGE).content.decode()


@pytest.mark.parametrize("javascript", [True, False])
def test_a_button_is_an_order_and_listening_is_a_reading(city: City, supervisor: User, javascript: bool) -> None:
    call, client = talking(city), signed_in(supervisor, javascript=javascript)
    form = {"kind": "whisper", "call": call.pk, "back": PAGE}
    assert client.post(PAGE + "lenh/", form).status_code == (200 if javascript else 302)
    client.post(PAGE + "lenh/", {"kind": "free", "agent": city.call_taker.pk, "words": " máy treo "})
    client.post(PAGE + "lenh/", {"kind": "leave"})
    asked = list(Order.objects.order_by("pk").values_list("kind", "call", "target", "words"))
    assert asked == [
        ("whisper", call.pk, "", ""),
        ("free", None, f"agent:{city.call_taker.pk}", "máy treo"),
        ("leave", None, "", ""),
    ]
    assert Entry.objects.get(kind=Kind.READ, action="recording").what == f"call {call.pk}"


def test_what_makes_no_sense_is_refused_in_words(city: City, supervisor: User) -> None:
    call, client = talking(city), signed_in(supervisor)
    assert client.post(PAGE + "lenh/", {"kind": "hang_up", "call": call.pk}).status_code == 422
    wrong = client.post(PAGE + "lenh/", {"kind": "move", "call": call.pk, "target": "0912345678"})
    assert wrong.status_code == 422 and "Chọn nơi chuyển đến" in wrong.content.decode()
    gone = signed_in(supervisor, javascript=False).post(PAGE + "lenh/", {"kind": "listen", "call": 10**12})
    assert gone.status_code == 409 and "Cuộc gọi đã xong" in gone.content.decode()
    assert not Order.objects.exists()


def test_what_the_exchange_refused_or_did_not_answer_is_told(city: City, supervisor: User) -> None:
    call, client = talking(city), signed_in(supervisor)
    order = orders.give(Order.Kind.LISTEN, by=supervisor, at=now(), call=call)
    orders.done(order.pk, refused=orders.NO_LINE)
    for path in (PAGE + "bang/", "/ban/may/"):
        assert "Máy của bạn chưa nối" in client.get(path).content.decode()
    late = orders.give(Order.Kind.LISTEN, by=supervisor, at=now() - 2 * shown.UNANSWERED, call=call)
    assert "Phần mềm tổng đài chưa trả lời" in client.get(PAGE + "bang/").content.decode()
    orders.done(late.pk)
    assert 'role="alert"' not in client.get(PAGE + "bang/").content.decode()


def test_a_state_is_set_for_a_reason_that_the_agent_sees_and_reads(city: City, supervisor: User) -> None:
    states.set_state(city.call_taker, Agent.State.READY)
    agent, client, theirs = Agent.objects.get(), signed_in(supervisor), signed_in(city.call_taker)
    client.post(PAGE + "trang-thai/", {"agent": agent.pk, "state": "paused", "words": "họp giao ban 5 phút"})
    agent.refresh_from_db()
    assert agent.state == Agent.State.PAUSED
    strip = theirs.get("/ban/may/").content.decode()
    assert "Lê Trưởng Ca (giám sát) đã cho bạn tạm nghỉ." in strip and "họp giao ban 5 phút" in strip
    assert "họp giao ban" not in theirs.post("/ban/may/da-ro/").content.decode()
    assert client.post(PAGE + "trang-thai/", {"agent": agent.pk, "state": "ready"}).status_code == 409  # no telephone
    assert client.post(PAGE + "trang-thai/", {"agent": agent.pk, "state": "talking"}).status_code == 422
    entry = Entry.objects.get(kind=Kind.SUPERVISION)
    assert (entry.action, entry.by, entry.subject) == ("state", supervisor.pk, city.call_taker.pk)
    assert entry.detail == {"state": ["ready", "paused"]}


def test_a_state_is_not_set_in_a_call(city: City, supervisor: User) -> None:
    talking(city)
    refused = signed_in(supervisor).post(PAGE + "trang-thai/", {"agent": Agent.objects.get().pk, "state": "out"})
    assert refused.status_code == 409 and "đang có cuộc gọi" in refused.content.decode()
    assert Agent.objects.get().state == Agent.State.TALKING and not Notice.objects.exists()


def test_the_agent_sees_who_is_at_the_call_and_the_supervisor_how_to_change_and_stop(
    city: City, supervisor: User
) -> None:
    call = talking(city)
    states.set_state(supervisor, Agent.State.PAUSED)
    supervision.began(call.pk, by=supervisor.pk, agent=city.call_taker.pk, mode="whisper")
    assert "Lê Trưởng Ca: nhắc riêng" in signed_in(city.call_taker).get("/ban/may/").content.decode()
    strip = read(signed_in(supervisor).get("/ban/may/"))
    for key in ("1", "2", "3", "4", "F8"):
        assert f'data-key="{key}"' in strip
    assert "Nhắc riêng: Bùi Minh Tuấn" in strip and "Ghi phiếu" not in strip
    supervision.ended(supervisor.pk)
    assert "Lê Trưởng Ca" not in signed_in(city.call_taker).get("/ban/may/").content.decode()
    assert "Thôi nghe" not in signed_in(supervisor).get("/ban/may/").content.decode()


def test_who_was_relieved_of_a_call_writes_down_what_was_said(city: City, supervisor: User) -> None:
    call = talking(city)
    states.set_state(supervisor, Agent.State.PAUSED)
    supervision.taken_over(call.pk, agent=city.call_taker.pk, by=supervisor.pk, words="cần bác sĩ")
    client = signed_in(city.call_taker)
    assert "đã nhận cuộc gọi của bạn. Vì sao: cần bác sĩ" in read(client.get("/ban/may/"))
    form = {"key": "k" * 32, "call": call.pk, "phone": "0912 345 678", "text": "Đèn đường ngõ 47 hỏng cả tuần"}
    client.post("/ban/goi/", form)
    call.refresh_from_db()
    assert call.case == Case.objects.get() and call.agent == supervisor
    other = signed_in(city.staff(Role.CALL_TAKER, "Người khác"))
    assert 'value="0912' not in other.get(f"/ban/goi/?cuoc={call.pk}").content.decode()
