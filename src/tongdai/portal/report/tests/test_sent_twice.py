"""The same words sent once more: said, with the code there is, and never a second case by accident."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from tests.city import City
from tongdai.cases.codes import spoken
from tongdai.cases.models import Case

pytestmark = pytest.mark.django_db
TEXT, OTHER = "Đèn đường trước số 12 Cát Cụt hỏng", "Ổ gà giữa ngã tư Cát Cụt"
PHONE = "0904 123 318"
_keys = count(1)


@pytest.fixture(autouse=True)
def stored_apart(tmp_path: Path, settings) -> None:
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path}}
    }


def send(client: Client, text: str = TEXT, **fields: object):
    """A form opened anew each time: its hidden key is another."""
    return client.post("/phan-anh/", {"text": text, "phone": PHONE, "key": f"{next(_keys):022d}"} | fields)


def answer_in(asked) -> str:
    """What the button sends that makes a second case all the same."""
    found = re.search(r'name="again" value="(\w+)"', asked.content.decode())
    assert found
    return found[1]


def test_the_same_words_from_the_same_browser_are_asked_about_with_the_code_there_is(city: City) -> None:
    browser = Client()
    send(browser)
    [first] = Case.objects.all()
    again = send(browser, phone="0912 345 678")
    page = again.content.decode()
    assert again.status_code == 409 and Case.objects.count() == 1
    assert "Bạn vừa gửi lời này rồi" in page and spoken(first.code) in page and TEXT in page
    assert answer_in(again)


def test_the_same_number_in_another_browser_is_asked_too_and_another_number_is_not(city: City) -> None:
    send(Client())
    asked = send(Client())
    code, page = Case.objects.get().code, asked.content.decode()
    assert asked.status_code == 409 and "Từ số này vừa có một phiếu cùng lời" in page
    assert code not in page and spoken(code) not in page  # a stranger who types the number and guesses the words
    assert send(Client(), phone="0912 345 678").status_code == 303


def test_who_says_so_sends_it_all_the_same(city: City) -> None:
    browser = Client()
    send(browser)
    answer = answer_in(send(browser))
    assert send(browser, again=answer).status_code == 303
    assert Case.objects.count() == 2
    assert send(browser, again=answer).status_code == 409  # once more, beside the newest


def test_case_accents_and_signs_make_no_other_words_and_other_words_are_another_case(city: City) -> None:
    browser = Client()
    send(browser)
    assert send(browser, "  den duong trước số 12, CÁT CỤT hỏng!!").status_code == 409
    assert send(browser, OTHER).status_code == 303


def test_the_same_words_about_two_wards_are_two_matters(city: City) -> None:
    browser = Client()
    send(browser, place="Phường Lê Chân")
    assert send(browser, place="Phường Hồng Bàng").status_code == 303
    assert send(browser, place="Phường Lê Chân").status_code == 409


def test_a_day_later_the_same_words_are_news(city: City) -> None:
    browser = Client()
    send(browser)
    Case.objects.update(received_at=Case.objects.get().received_at - timedelta(hours=23))
    assert send(browser).status_code == 409
    Case.objects.update(received_at=Case.objects.get().received_at - timedelta(hours=2))
    assert send(browser).status_code == 303


def test_photos_chosen_for_the_second_sending_stay_while_it_is_asked(city: City) -> None:
    browser, out = Client(), io.BytesIO()
    Image.new("RGB", (60, 40), "red").save(out, "JPEG")
    send(browser)
    asked = send(browser, photos=SimpleUploadedFile("a.jpg", out.getvalue(), "image/jpeg"))
    ticket = asked.content.decode().split('name="kept" value="')[1].split('"')[0]
    send(browser, kept=ticket, again=answer_in(asked))
    assert Case.objects.latest("pk").attachments.count() == 1


def test_nobody_in_danger_waits_for_a_question_unless_who_is_on_duty_is_rung_already(city: City) -> None:
    browser = Client()
    send(browser)
    assert send(browser, urgent="1").status_code == 303
    asked = send(browser, urgent="1")
    assert asked.status_code == 409 and "Người trực của thành phố đang được báo." in asked.content.decode()


def test_a_denunciation_is_not_told_to_who_only_types_the_number(city: City) -> None:
    browser = Client()
    send(browser, denounces="yes")
    assert Case.objects.get().confidential
    assert send(Client(), denounces="yes").status_code == 303
    assert send(browser, denounces="yes").status_code == 409
