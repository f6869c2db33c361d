"""The gateway's page: each bind, what waits for a decision, what isn't taken, what only looks like a text."""

from __future__ import annotations

import pytest
from django.conf import LazySettings
from django.db.models.functions import Now
from django.test import Client

from tests.city import City
from tongdai.channels.sms.models import Backlog, HeldBack, Link, Part, Submission
from tongdai.people.interactions import queue_outbound
from tongdai.people.models import Channel, Interaction
from tongdai.people.purposes import Purpose
from tongdai.platform.clock import now

PAGE = "/ban/cong-ket-noi/"
TWO = """smpp://1022:a#b@127.0.0.1?name=viettel&routes=096,097&tps=30&receipt_ids=hex
         smpp://1022:a#b@127.0.0.1:2776?name=vina"""


@pytest.fixture
def desk(client: Client, db: None) -> Client:
    client.force_login(City().coordinator)
    return client


def words(desk: Client) -> str:
    return desk.get(PAGE).content.decode()


def queued(to: str = "+84912345678") -> Interaction:
    made = queue_outbound(
        channel=Channel.SMS, address=to, body="Lời riêng", key=f"p:{to}", purpose=Purpose.RECEIPT, at=now()
    )
    assert made
    return made


def test_every_bind_is_shown_with_its_state_and_what_was_agreed(desk: Client, settings: LazySettings) -> None:
    settings.SMSC = TWO
    Link.objects.create(smsc="127.0.0.1:2775", bind="viettel", carrier="viettel", started_at=now(), bound_at=now(),
                        last_seen_at=Now(), slowed_to=7.5)  # fmt: skip
    Link.objects.create(smsc="127.0.0.1:2776", bind="vina", carrier="vina", started_at=now(), ended_at=now(),
                        last_seen_at=Now(), why="Invalid Password")  # fmt: skip
    page = words(desk)
    for expected in (
        "viettel",
        "+8496, +8497",
        "30",
        "7,5",
        "receipt_ids=hex",
        "vina",
        "Invalid Password",
        "127.0.0.1:2776",
    ):
        assert expected in page
    assert "a#b" not in page and "1 trong 2" in page


def test_somebody_decides_whether_what_waited_still_goes(desk: Client) -> None:
    text = queued()
    question = Backlog.objects.create(up_to=text.pk, texts=270, asked_at=now())
    assert "270 tin nhắn" in words(desk)
    answer = desk.post(f"{PAGE}tin-cho/{question.pk}/", {"decision": "drop"}, follow=True)
    assert answer.status_code == 200 and "270 tin nhắn" not in words(desk)
    question.refresh_from_db()
    assert question.decision == "drop" and question.decided_by is not None
    text.refresh_from_db()
    assert text.state == "failed"
    twice = desk.post(f"{PAGE}tin-cho/{question.pk}/", {"decision": "send"}, follow=True)
    assert "đã có người khác" in twice.content.decode()


def test_a_text_the_carrier_refuses_is_shown_without_its_words_and_sent_again(desk: Client) -> None:
    text = queued()
    Interaction.objects.update(state="failed")
    held = HeldBack.objects.create(
        interaction=text, state="given_up", tries=5, why="0x0b Invalid Dest Addr", carrier="vina"
    )
    page = words(desk)
    assert "0x0b Invalid Dest Addr" in page and "Lời riêng" not in page
    assert "345" not in page.split(f'id="held-{held.pk}"')[1][:200]
    desk.post(f"{PAGE}tin-giu/{held.pk}/", {"action": "send"})
    text.refresh_from_db()
    assert text.state == "queued"
    desk.post(f"{PAGE}tin-giu/{held.pk}/", {"action": "put_away"})
    text.refresh_from_db()
    assert text.state == "failed" and "0x0b" not in words(desk)


def test_all_that_ended_is_put_away_at_once_and_what_is_still_tried_stays(desk: Client) -> None:
    for number, state in enumerate(("expired", "given_up", "held")):
        text = queued(f"+8491234567{number}")
        HeldBack.objects.create(interaction=text, state=state, tries=1, why=f"0x{number}")
    desk.post(f"{PAGE}tin-giu/")
    assert [each.why for each in HeldBack.objects.filter(seen=False)] == ["0x2"]


def test_receipts_of_nothing_stand_apart_and_are_put_away_together(desk: Client) -> None:
    link = Link.objects.create(smsc="h:1", bind="h:1", carrier="h:1", started_at=now())
    for number in range(30):
        Part.objects.create(
            key=f"receipt:{number}", link=link, turn=0, sender="+84912345678", destination="1022", data_coding=0,
            octets=f"id:{number} stat:DELIVRD".encode(), state="kept", trouble="receipt", received_at=now(),
        )  # fmt: skip
    page = words(desk)
    assert "30 biên nhận" in page and page.count("stat:DELIVRD") == 5
    desk.post(f"{PAGE}bien-nhan/")
    assert "biên nhận của nhà mạng" not in words(desk)


def test_receipts_in_another_base_say_which_setting_would_fit(desk: Client) -> None:
    link = Link.objects.create(smsc="h:1", bind="h:1", carrier="h:1", started_at=now())
    text = queue_outbound(
        channel=Channel.SMS, address="+84912345678", body="Đã dọn.", key="t", purpose=Purpose.ANSWER, at=now()
    )
    assert text
    Submission.objects.create(
        interaction=text, link=link, number=1, total=1, state="accepted", message_id="1234", sent_at=now()
    )
    Part.objects.create(
        key="receipt:1", link=link, turn=0, sender="+84912345678", destination="1022", data_coding=0,
        octets=b"id:4d2 stat:DELIVRD", state="kept", trouble="receipt", received_at=now(),
    )  # fmt: skip
    assert "receipt_ids=hex" in words(desk)


def test_who_may_not_see_the_gateway_decides_nothing(client: Client, db: None) -> None:
    city = City()
    question = Backlog.objects.create(up_to=1, texts=1, asked_at=now())
    client.force_login(city.call_taker)
    assert client.post(f"{PAGE}tin-cho/{question.pk}/", {"decision": "send"}).status_code == 403
    assert client.post(f"{PAGE}tin-giu/1/", {"action": "send"}).status_code == 403
    assert client.post(f"{PAGE}tin-giu/").status_code == client.post(f"{PAGE}bien-nhan/").status_code == 403
