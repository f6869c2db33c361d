"""How long a text becomes stands beside the field in which its words are written, with its price where the city said it."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.test import Client

from tests.city import HONG_BANG, City
from tongdai.cases.models import Case
from tongdai.channels.length import lengths
from tongdai.desk.case.counter import counter_of
from tongdai.people.models import Channel

pytestmark = pytest.mark.django_db


def form(city: City, case: Case, action: str, words: str | None = None) -> str:
    client = Client()
    client.force_login(city.officer(HONG_BANG) if action == "tra-loi" else city.coordinator)
    address = f"/ban/phieu/{case.code}/{action}/"
    page = client.get(address) if words is None else client.post(address, {"reason": words, "until": ""})
    return unescape(page.content.decode())


def before(page: str) -> str:
    found = re.search(r'data-before="([^"]*)"', page)
    assert found
    return found[1]


def test_the_answers_form_counts_what_stands_before_the_words_too(city: City, settings) -> None:
    case = city.case(channel=Channel.SMS, proven=True, lead=HONG_BANG, accepted=True)
    page = form(city, case, "tra-loi")
    assert before(page).startswith(f"{HONG_BANG} trả lời phiếu") and 'data-counts="id_text"' in page
    counter = counter_of(case, "answer", by=city.officer(HONG_BANG), at=case.received_at)
    assert counter and counter.invitation.startswith("Chấm câu trả lời")
    whole = f"{before(page)}Đã dọn xong. {counter.invitation}"
    length = lengths().of(whole)
    assert counter.says("Đã dọn xong.") == f"Tin nhắn: {length.segments} đoạn, {length.units} ký tự."

    settings.SMS_SEGMENT_COST = 350
    counter = counter_of(case, "answer", by=city.officer(HONG_BANG), at=case.received_at)
    assert counter and counter.says("Đã dọn xong.").endswith(f"{length.segments * 350} đồng.")


def test_what_has_no_room_for_the_invitation_is_counted_without_it(city: City) -> None:
    case = city.case(channel=Channel.SMS, proven=True, lead=HONG_BANG, accepted=True)
    counter = counter_of(case, "answer", by=city.officer(HONG_BANG), at=case.received_at)
    assert counter
    words = "ữ" * (3 * 67 - len(counter.before))
    assert "3 đoạn, 201 ký tự" in counter.says(words) and not counter.is_over(words)
    assert counter.is_over(f"{words}ữ")


def test_of_an_empty_answer_nothing_is_counted_for_it_cannot_be_sent(city: City) -> None:
    case = city.case(channel=Channel.SMS, proven=True, lead=HONG_BANG, accepted=True)
    [line] = re.findall(r'<p class="why" data-counts="id_text"[^>]*>', form(city, case, "tra-loi"))
    assert "data-required" in line and "hidden" in line.split()
    [line] = re.findall(r'<p class="why" data-counts="id_reason"[^>]*>', form(city, case, "gia-han", "Chờ vật tư."))
    assert "hidden" not in line.split()


def test_a_form_that_is_sent_back_says_how_long_its_words_are_and_that_they_will_be_cut(city: City) -> None:
    case = city.case(channel=Channel.SMS, proven=True, lead=HONG_BANG, accepted=True)
    words = "Chờ vật tư về để vá lại mặt đường. " * 12
    page = form(city, case, "gia-han", words)  # without a day it comes back
    units = len((before(page) + words.strip()).replace("\u00a0", " "))
    assert f"{-(-units // 67)} đoạn, {units} ký tự" in page
    assert "<span>Quá 3 đoạn" in re.sub(r"\s+", " ", page)
    assert "<span hidden>Quá 3 đoạn" in form(city, case, "gia-han", "Chờ vật tư.")


@pytest.mark.parametrize("channel", [Channel.WEB, Channel.VOICE])
def test_where_the_words_are_not_texted_nothing_is_counted(city: City, channel: Channel) -> None:
    case = city.case(channel=channel, proven=channel == Channel.VOICE, lead=HONG_BANG, accepted=True)
    assert "data-counts" not in form(city, case, "tra-loi")


def test_a_denunciation_is_texted_no_words_and_counts_none(city: City) -> None:
    case = city.case(channel=Channel.SMS, proven=True)
    Case.objects.filter(pk=case.pk).update(confidential=True)
    client = Client()
    client.force_login(city.inspector)
    assert "data-counts" not in client.get(f"/ban/phieu/{case.code}/tu-choi/").content.decode()
