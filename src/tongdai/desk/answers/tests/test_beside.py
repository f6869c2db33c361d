"""Answers beside the call: shown while one types, sent by one key, taken over into a case's answer."""

from __future__ import annotations

from django.test import Client

from tests.city import HONG_BANG, City
from tongdai.accounts.models import User
from tongdai.cases.models import Case
from tongdai.knowledge.models import Inquiry, Procedure
from tongdai.people.models import Interaction


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_what_the_caller_says_brings_the_answer_at_its_part(knowing: City) -> None:
    client = signed_in(knowing.call_taker)
    page = client.post("/ban/goi-y/", {"text": "bà ấy hỏi đăng ký kết hôn thì cần những giấy tờ gì"}).content.decode()

    assert "Đăng ký kết hôn" in page and "Giấy tờ: 1) " in page
    assert 'data-key="F9"' in page


def test_one_key_texts_it_to_the_caller_once_and_no_case_is_opened(knowing: City) -> None:
    client = signed_in(knowing.call_taker)
    key = f"procedure:{Procedure.objects.get(code='1.000894').pk}"
    said = {"phone": "0912 345 678", "text": "đăng ký kết hôn cần gì", "answer": key, "part": "papers", "key": "k" * 32}

    assert "Đã nhắn đến" in client.post("/ban/goi-y/gui/", said).content.decode()
    assert "không nhắn lần thứ hai" in client.post("/ban/goi-y/gui/", said).content.decode()

    text = Interaction.objects.get(direction="out")
    assert text.address == "+84912345678" and text.body.startswith("Đăng ký kết hôn: Giấy tờ")
    inquiry = Inquiry.objects.get()
    assert (inquiry.channel, inquiry.opened, inquiry.to_person) == ("voice", key, False)
    assert Case.objects.count() == 0


def test_without_a_mobile_number_the_words_are_there_to_be_read_out(knowing: City) -> None:
    key = f"procedure:{Procedure.objects.get(code='1.000894').pk}"
    answer = signed_in(knowing.call_taker).post("/ban/goi-y/gui/", {"phone": "0225 3842 123", "answer": key})

    assert answer.status_code == 422
    assert "ghi số di động" in answer.content.decode()


def test_an_officer_takes_the_answer_over_and_mends_it(knowing: City) -> None:
    case = knowing.case("Đăng ký kết hôn cần giấy tờ gì?", lead=HONG_BANG, accepted=True)
    client = signed_in(knowing.officer(HONG_BANG))

    beside = client.get(f"/ban/goi-y/phieu/{case.code}/").content.decode()
    take = beside.split('href="')[1].split('"')[0].replace("&amp;", "&")
    form = client.get(take).content.decode()

    assert "Đăng ký kết hôn. " in form and "/t/p" in form


def test_a_stranger_sees_no_case_by_its_suggestions(knowing: City) -> None:
    case = knowing.case("Tố cáo cán bộ nhận hối lộ", topic="denunciation", lead="Thanh tra")

    assert signed_in(knowing.call_taker).get(f"/ban/goi-y/phieu/{case.code}/").status_code == 404
