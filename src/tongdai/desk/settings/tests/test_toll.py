"""The page of what goes out: the administrator decides, the supervisor sees what was stopped and sends what was held."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.city import HONG_BANG, City
from tongdai.accounts.models import Role
from tongdai.channels.sms.tests.network import Network
from tongdai.directory.outbound import the_outbound
from tongdai.people import held_back, limits
from tongdai.people.interactions import queue_outbound
from tongdai.people.models import Channel, Interaction
from tongdai.people.purposes import Purpose
from tongdai.platform.clock import now

pytestmark = pytest.mark.django_db
PAGE = "/ban/cai-dat/tin-va-cuoc-goi-ra/"
LIMITS = {
    "texts_an_hour": "2000",
    "texts_a_block": "100",
    "texts_a_network": "30",
    "calls_an_hour": "600",
    "calls_a_block": "100",
}


@pytest.fixture
def supervisor(city: City, client: Client) -> Client:
    client.force_login(city.staff(Role.SUPERVISOR, "Hoàng Giám Sát"))
    return client


def a_held_text(words: str = "Đã trả lời ông Lực.") -> Interaction:
    queued = queue_outbound(
        channel=Channel.SMS, address="+84912345678", body=words, key="k", purpose=Purpose.ANSWER, at=now()
    )
    assert queued
    held_back.hold_back([queued.pk], at=now())
    return queued


def test_the_administrator_decides_and_every_channel_follows(city: City, client: Client) -> None:
    client.force_login(city.admin)
    page = client.get(PAGE).content.decode()
    assert page.count("checked") == 2 and "Không có tin hay cuộc gọi nào bị chặn" in page
    said = client.post(PAGE + "quy-dinh/", LIMITS | {"kinds": ["mobile", "foreign"], "texts_a_block": "7"}, follow=True)
    assert "Đã lưu" in said.content.decode()
    assert (the_outbound().kinds, the_outbound().texts_a_block) == (["mobile", "foreign"], 7)


@pytest.mark.parametrize(
    "wrong", [{"kinds": []}, {"texts_a_block": "-1"}, {"texts_an_hour": "nhiều"}, {"kinds": ["emergency"]}]
)
def test_what_cannot_be_is_said_and_nothing_changes(city: City, client: Client, wrong: dict[str, object]) -> None:
    client.force_login(city.admin)
    back = client.post(PAGE + "quy-dinh/", LIMITS | {"kinds": ["mobile"]} | wrong)
    assert back.status_code == 422 and 'class="err"' in back.content.decode()
    assert the_outbound().kinds == ["mobile", "landline"]


def test_a_supervisor_sees_what_was_stopped_and_decides_on_what_was_held_but_not_on_the_rules(
    city: City, supervisor: Client
) -> None:
    text = a_held_text()
    limits.let_out(limits.What.TEXT, [limits.to("+84912345678")] * 101, at=now())
    queue_outbound(channel=Channel.SMS, address="+252612345678", body="x", key="b", purpose=Purpose.RECEIPT, at=now())
    page = supervisor.get(PAGE).content.decode()
    assert "+8491234" in page and "Nước ngoài" in page and "0912\u00a0•••\u00a0678" in page
    assert "ông Lực" not in page and "+84912345678" not in page  # whoever may not open the case reads none of its words
    assert "Có tin hoặc cuộc gọi ra bị chặn" in supervisor.get("/ban/cong-ket-noi/").content.decode()
    assert supervisor.post(PAGE + "quy-dinh/", LIMITS | {"kinds": ["foreign"]}).status_code == 403
    supervisor.post(PAGE + "giu-lai/", {"text": [text.pk], "action": "send"})
    text.refresh_from_db()
    assert text.state == "queued"


def test_the_administrators_first_page_raises_the_alarm(city: City, client: Client) -> None:
    client.force_login(city.admin)
    assert "bị chặn" not in client.get("/ban/cai-dat/").content.decode()
    a_held_text()
    page = client.get("/ban/cai-dat/").content.decode()
    assert "Có tin hoặc cuộc gọi ra bị chặn" in page and PAGE in page


def test_others_have_no_business_there(city: City, client: Client) -> None:
    for user in (city.call_taker, city.officer(HONG_BANG), city.inspector):
        client.force_login(user)
        assert client.get(PAGE).status_code == 403
        assert client.post(PAGE + "giu-lai/", {"action": "send"}).status_code == 403


def test_whoever_texts_from_abroad_has_a_case_and_gets_no_text_and_the_timeline_says_so(
    city: City, client: Client
) -> None:
    phone = Network()
    phone.texts("252612345678", "Đèn đường ngõ 47 Lê Lai hỏng")
    from tongdai.cases.models import Case, Event
    from tongdai.channels.notifications.notify import notify_citizen

    notify_citizen(Event.objects.get(action="register").pk)
    client.force_login(city.coordinator)
    page = client.get(f"/ban/phieu/{Case.objects.get().code}/").content.decode()
    assert "không gửi, loại số thành phố không nhắn" in page
