"""A matter that may be a denunciation: one question to its sender, before any agency sees it."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from tests.city import City, doubtful
from tongdai.cases.models import Case

pytestmark = pytest.mark.django_db
QUESTION = "Việc này có tố cáo một người hay cơ quan không?"
FORM = {"phone": "0904 123 318", "visibility": "private", "key": "k" * 20}


def send(client: Client, **more: str) -> Case:
    sent = client.post("/phan-anh/", {"text": doubtful(), **FORM, **more})
    assert sent.status_code == 303, sent.content.decode()
    return Case.objects.get(code=re.search(r"ma=(\d{11})", sent.headers["Location"])[1])  # type: ignore[index]


def settle(client: Client, case: Case, said: str) -> str:
    return client.post(
        "/phan-anh/da-gui/hoi-them/", {"code": case.code, "denounces": said}, follow=True
    ).content.decode()


def page_of(client: Client, case: Case) -> str:
    return client.get("/phan-anh/da-gui/", {"ma": case.code}).content.decode()


def test_the_sender_is_asked_one_question_and_yes_hides_the_case(city: City, client: Client) -> None:
    case = send(client)
    assert case.perhaps_denunciation and QUESTION in page_of(client, case)
    page = settle(client, case, "yes")
    case.refresh_from_db()
    assert case.confidential and not case.perhaps_denunciation
    assert QUESTION not in page and "chỉ bạn và thanh tra xem được" in page
    assert "Tố cáo" not in page  # whoever looks over the sender's shoulder


def test_no_clears_the_doubt_and_yes_after_no_hides_it_still(city: City, client: Client) -> None:
    case = send(client)
    assert QUESTION not in settle(client, case, "no")
    case.refresh_from_db()
    assert not case.confidential and not case.perhaps_denunciation
    settle(client, case, "yes")
    settle(client, case, "no")
    case.refresh_from_db()
    assert case.confidential


def test_nobody_else_answers_for_the_sender(city: City, client: Client) -> None:
    case = send(client)
    Client().post("/phan-anh/da-gui/hoi-them/", {"code": case.code, "denounces": "no"})
    case.refresh_from_db()
    assert case.perhaps_denunciation


def test_while_typing_the_form_asks_and_the_answer_goes_along(city: City, client: Client) -> None:
    assert client.post("/phan-anh/goi-y/", {"text": doubtful()}).json()["doubt"] is True
    assert client.post("/phan-anh/goi-y/", {"text": "Rác tràn ra hè phố"}).json()["doubt"] is False
    case = send(client, denounces="yes")
    assert case.confidential and case.events.count() == 1  # from its first moment
    assert not send(Client(), denounces="no", key="n" * 20).perhaps_denunciation


def test_sent_once_more_with_the_question_answered_it_is_the_same_case(city: City, client: Client) -> None:
    case = send(client)
    assert send(client, denounces="yes") == case
    case.refresh_from_db()
    assert case.confidential and Case.objects.count() == 1


def test_a_form_that_comes_back_asks_and_keeps_the_answer(city: City, client: Client) -> None:
    page = client.post("/phan-anh/", {**FORM, "text": doubtful(), "phone": "12"}).content.decode()
    assert re.search(r"data-doubt>", page) and doubtful() in page
    page = client.post("/phan-anh/", {**FORM, "text": doubtful(), "phone": "12", "denounces": "no"}).content.decode()
    assert 'value="no" checked' in page
    assert "data-doubt hidden" in client.get("/phan-anh/").content.decode()


def test_no_address_says_what_it_was_about(city: City, client: Client) -> None:
    sent = client.post("/phan-anh/", {"text": "Tôi tố cáo ông trưởng phòng lấy đất công", **FORM})
    assert re.fullmatch(r"/phan-anh/da-gui/\?ma=\d{11}", sent.headers["Location"])
