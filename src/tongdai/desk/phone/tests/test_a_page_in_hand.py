"""What the server says to a page that holds a telephone, or doesn't."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.test import Client

from tests.city import City
from tongdai.channels.voice.agents import states
from tongdai.channels.voice.models import Agent, Call, Line, Order
from tongdai.channels.voice.records import call_records
from tongdai.desk.phone import shown
from tongdai.platform.clock import now

from .test_phone import signed_in, talking


@pytest.fixture(autouse=True)
def an_exchange(monkeypatch: pytest.MonkeyPatch, settings: LazySettings) -> None:
    monkeypatch.setattr(shown, "is_here", lambda: True)


def ringing(city: City, *, waited: int = 0) -> Call:
    states.set_state(city.call_taker, Agent.State.READY)
    call = call_records.came(channel="1.1", number="+84912345678", dialled="1022")
    call_records.waits(call.pk, queue=None, path=["person"])
    Call.objects.update(waited_from=now() - timedelta(seconds=waited))
    call_records.rings(call.pk, agent=city.call_taker.pk)
    return call


def test_how_long_the_caller_has_waited_stands_there_while_it_rings_and_after(city: City) -> None:
    call, client = ringing(city, waited=600), signed_in(city.call_taker)
    page = client.get("/ban/may/").content.decode()
    assert re.search(r"chờ <span class=.num. data-since=.6\d\d.>1\d:\d\d", page)
    call_records.talks(call.pk, agent=city.call_taker.pk)
    Call.objects.update(waited_from=now() - timedelta(minutes=10), answered_at=now() - timedelta(minutes=9))
    assert "đã chờ 1:00" in client.get("/ban/may/").content.decode()


def test_a_ring_is_declined_by_a_plain_form_and_a_talk_is_not(city: City) -> None:
    call, client = ringing(city), Client()
    client.force_login(city.call_taker)
    assert client.post("/ban/may/lenh/", {"kind": "decline", "back": "/ban/"}).status_code == 302
    order = Order.objects.get()
    assert (order.kind, order.call_id, order.by) == ("decline", call.pk, city.call_taker)
    call_records.talks(call.pk, agent=city.call_taker.pk)
    assert signed_in(city.call_taker).post("/ban/may/lenh/", {"kind": "decline"}).status_code == 422


@pytest.mark.parametrize("state", ["ringing", "talking"])
def test_nobody_signs_out_of_a_call(city: City, state: str) -> None:
    ringing(city) if state == "ringing" else talking(city)
    client = Client()
    client.force_login(city.call_taker)
    page = client.post("/ban/ra/", {"next": "/ban/goi/"}, follow=True)
    assert page.redirect_chain == [("/ban/goi/", 302)] and "Hãy gác máy hoặc từ chối" in page.content.decode()
    states.hung_up(city.call_taker.pk)
    assert client.post("/ban/ra/").headers["Location"] == "/ban/vao/"
    assert Agent.objects.get().state == Agent.State.OUT


def test_a_browser_that_is_not_the_one_is_told_and_given_no_password(city: City) -> None:
    talking(city)
    Agent.objects.update(online=True)
    client = signed_in(city.call_taker)
    first = client.post("/ban/may/duong-day/", {"browser": "one"}).json()
    assert first["url"].endswith("?o=one") and first["secret"]
    refused = client.post("/ban/may/duong-day/", {"browser": "two"})
    assert (refused.status_code, refused.json()) == (409, {})
    assert 'data-holder="one"' in client.get("/ban/may/").content.decode()
    assert client.post("/ban/may/duong-day/", {"browser": "two", "takes": "1"}).status_code == 200
    assert Line.objects.get().holder == "two"


def test_typing_after_a_call_and_asking_for_more_time_move_its_end(city: City) -> None:
    call, client = talking(city), signed_in(city.call_taker)
    assert client.post("/ban/may/dang-ghi/").status_code == 409
    call_records.ended(call.pk, path=[], outcome=Call.Outcome.ANSWERED)
    states.hung_up(city.call_taker.pk)
    assert client.post("/ban/may/dang-ghi/").json() == {"left": 30}
    page = client.post("/ban/may/trang-thai/", {"more": "1"}).content.decode()
    assert 'data-left="150"' in page and "Xong" in page


def test_a_muted_microphone_stands_on_the_strip(city: City) -> None:
    talking(city)
    client = signed_in(city.call_taker)
    client.post("/ban/may/mic/", {"on": "1"})
    page = client.get("/ban/may/").content.decode()
    assert "data-muted" in page and "mic đang tắt" in page
    client.post("/ban/may/mic/", {"on": "0"})
    assert "data-muted" not in client.get("/ban/may/").content.decode()
