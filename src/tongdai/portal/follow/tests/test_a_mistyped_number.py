"""A denunciation is sent with a number one digit off: whoever has that telephone gets its text, and opens nothing."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.utils.translation import override

from tests.city import City
from tests.proof import worked
from tongdai.cases.access import one_time
from tongdai.cases.actions.answer import answer
from tongdai.cases.actor import Actor
from tongdai.cases.models import Case, Event
from tongdai.channels.links import words_to_send
from tongdai.channels.notifications.notify import notify_citizen
from tongdai.channels.sms.tests.network import Network
from tongdai.people.models import Contact, Interaction
from tongdai.platform.clock import now

pytestmark = pytest.mark.django_db
STRANGER = "+84904123319"
FORM = {"text": "Tôi tố cáo ông Lực nhận hối lộ", "name": "Bà Nhạn", "phone": "0904 123 319", "visibility": "private"}
SECRETS = ("hối lộ", "ông Lực", "Bà Nhạn", "Thanh tra")


@pytest.fixture(autouse=True)
def there_is_an_smsc(settings) -> None:
    settings.SMSC = "smpp://1022:x@127.0.0.1:2775"


@pytest.fixture
def browser() -> Client:
    """The one that files the denunciation."""
    return Client()


@pytest.fixture
def case(city: City, browser: Client) -> Case:
    browser.post("/phan-anh/", FORM | {"key": "k" * 22, "topic": "denunciation"} | worked(browser))
    return Case.objects.get()


def texts_to(number: str) -> list[str]:
    """What this telephone gets, word for word, once the jobs are done."""
    for event in Event.objects.order_by("pk"):
        notify_citizen(event.pk)
    sent = list(Interaction.objects.filter(direction="out", address=number).order_by("pk"))
    words = words_to_send(sent)
    return [words[each.pk].replace("\u00a0", " ") for each in sent]


def one_time_code(number: str) -> str:
    """The latest one."""
    return re.findall(r"Mã xác nhận của 1022: (\d{6})", " ".join(texts_to(number)))[-1]


def test_the_stranger_tries_link_digits_text_and_call_and_opens_nothing(
    city: City, case: Case, browser: Client, client: Client
) -> None:
    (text,) = texts_to(STRANGER)
    spoken = f"{case.code[:4]} {case.code[4:8]} {case.code[8:]}"
    assert spoken in text and "Hạn trả lời" in text
    assert not re.search(r"https?:|/[pk]/", text) and not any(secret in text for secret in SECRETS)

    digits = client.post(f"/p/{case.code}/", {"digits": "3319"})
    wrong = client.post(f"/p/{city.case('Khác', phone='').code}/", {"digits": "3319"})
    assert digits.status_code == wrong.status_code == 422
    said = [re.search(r'id="digits-error">(.*?)</p>', page.content.decode(), re.S) for page in (digits, wrong)]
    assert said[0] and said[1] and said[0][1] == said[1][1]

    for path in ("", "AAAAAAAAAAAA/", "xac-nhan/"):
        page = client.get(f"/p/{case.code}/{path}", follow=True).content.decode()
        assert not any(secret in page for secret in SECRETS)
    client.post(f"/p/{case.code}/xac-nhan/", {"do": "send"} | worked(client))
    assert not case.one_time_codes.exists() and len(texts_to(STRANGER)) == 1
    assert client.get(f"/phan-anh/da-gui/?ma={case.code}").status_code == 302

    phone = Network()
    phone.at = now()
    for said in (f"TRA {case.code}", f"TRA {case.code} việc gì đây?"):
        phone.texts(STRANGER.removeprefix("+"), said)
    for told in texts_to(STRANGER):
        assert f"/p/{case.code}" not in told and not any(secret in told for secret in SECRETS)
    assert case.links.filter(interaction__direction="in").count() == 1  # what the stranger said is no part of it

    client.force_login(city.call_taker)
    assert Contact.objects.get(phone=STRANGER).name == ""
    card = client.post("/ban/goi/ai/", {"phone": STRANGER}).content.decode()
    assert f"/ban/phieu/{case.code}/" not in card and not any(secret in card for secret in SECRETS)


def test_the_answer_is_told_without_its_words_too(city: City, case: Case) -> None:
    answer(case, by=Actor.staff(city.inspector), text="Đã xử lý ông Lực.", at=now())
    assert "đã có câu trả lời" in texts_to(STRANGER)[-1]
    assert not any(
        secret in text or "/p/" in text or "/k/" in text for text in texts_to(STRANGER) for secret in SECRETS
    )


def test_the_browser_that_filed_it_reads_it_whole_and_proves_the_number_by_the_code_sent_there(
    case: Case, browser: Client, client: Client
) -> None:
    sent = browser.get(f"/phan-anh/da-gui/?ma={case.code}").content.decode()
    assert "ông Lực nhận hối lộ" in sent and "Gửi mã xác nhận tới 0904\u00a0•••\u00a0319" in sent
    browser.post(f"/p/{case.code}/xac-nhan/", {"do": "send"} | worked(browser))
    assert "⟦code⟧" in Interaction.objects.filter(key__startswith="one-time:").get().body
    code = one_time_code(STRANGER)
    form = browser.get(f"/p/{case.code}/xac-nhan/").content.decode()
    assert 'autocomplete="one-time-code"' in form and code not in form

    stranger = client.post(f"/p/{case.code}/xac-nhan/", {"digits": code})
    assert stranger.status_code == 302 and not Case.objects.get().number_proven_at
    assert browser.post(f"/p/{case.code}/xac-nhan/", {"digits": "12 34"}).status_code == 422

    done = browser.post(f"/p/{case.code}/xac-nhan/", {"digits": code}, follow=True).content.decode()
    assert "Số của bạn đã được xác nhận" in done
    link = re.search(r"/k/[\w-]{12}[0-9a-z]+", texts_to(STRANGER)[-1])
    assert link and "ông Lực" in client.get(link[0], follow=True).content.decode()
    digits = Client().post(f"/p/{case.code}/", {"digits": "3319"}, follow=True).content.decode()
    assert "ông Lực" in digits


def test_wrong_late_and_too_many_are_told_in_words(case: Case, browser: Client) -> None:
    where = f"/p/{case.code}/xac-nhan/"
    browser.post(where, {"do": "send"} | worked(browser))
    wrong = f"{(int(one_time_code(STRANGER)) + 1) % 10**6:06d}"
    said = [browser.post(where, {"digits": wrong}).content.decode() for _ in range(5)]
    assert "Mã chưa đúng" in said[0] and "gõ sai năm lần nên không dùng được" in said[4]
    case.one_time_codes.update(made_at=case.received_at.replace(year=2021))
    assert "hết hạn" in browser.post(where, {"digits": wrong}).content.decode()
    case.one_time_codes.update(made_at=now())
    for _ in range(one_time.A_DAY - 1):
        assert browser.post(where, {"do": "send"} | worked(browser)).status_code == 303
    enough = browser.post(where, {"do": "send"} | worked(browser))
    assert enough.status_code == 429 and "đã nhận đủ tin của hôm nay" in enough.content.decode()


def test_in_english_too(case: Case, browser: Client) -> None:
    browser.cookies["language"] = "en"
    with override("vi"):  # the request speaks English from here on
        page = browser.get(f"/p/{case.code}/xac-nhan/").content.decode()
    assert "Confirm your phone number" in page and "Send a code to 0904" in page
