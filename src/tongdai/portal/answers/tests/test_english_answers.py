"""Who asks in English reads English, on a Vietnamese page too; what has none is shown in Vietnamese, and said to be."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.test import Client
from django.utils.translation import override

from tests.city import City
from tests.reading import read
from tongdai.knowledge.answers import by_key
from tongdai.knowledge.models import Procedure

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def language_stays_here() -> Iterator[None]:
    """What a page leaves active in this thread is no other test's."""
    with override("vi"):
        yield


def in_english(client: Client) -> Client:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


def test_a_question_in_english_is_answered_in_english_on_a_vietnamese_page(knowing: City, client: Client) -> None:
    answer = client.post("/tim/", {"q": "What documents do we need to get married?"})
    page = read(answer)

    assert '<html lang="en"' in page and answer.headers["Content-Language"] == "en"
    assert "Marriage registration" in page
    assert "Declaration for marriage registration" in page
    card = answer.context["cards"][0]
    assert (card.lang, card.short_lang) == ("en", "en")

    opened = client.get(card.url)
    assert opened.headers["Content-Language"] == "en"
    assert "Only shown when you come in person" in read(opened)
    assert "Đăng ký kết hôn" in read(opened)  # for whoever sits at the counter
    assert "exists in Vietnamese only" not in read(opened)
    assert 'href="/thu-tuc/1.000894/in/?tieng=en"' in read(opened)


def test_the_next_question_is_answered_in_its_own_language(knowing: City, client: Client) -> None:
    client.post("/tim/", {"q": "how do I get a birth certificate for my baby"})

    page = read(client.post("/tim/", {"q": "đăng ký kết hôn cần giấy tờ gì"}))

    assert '<html lang="vi"' in page and "Câu trả lời cho bạn" in page


def test_a_question_in_english_that_nothing_answers_is_told_so_in_english(knowing: City, client: Client) -> None:
    page = read(client.post("/tim/", {"q": "how can I get a work permit as an English teacher"}))

    assert '<html lang="en"' in page
    assert "Chưa có câu trả lời" not in page and '<ol class="hits">' not in page


def test_suggestions_come_in_english(knowing: City, client: Client) -> None:
    found = client.post("/tim/goi-y/", {"q": "how much is a copy of a birth certificate"}).json()["answers"][0]

    assert found["title"].startswith("Copies of civil status extracts")
    assert "tieng=en" in found["url"]


def test_the_english_page_has_english_titles_in_its_lists(knowing: City, client: Client) -> None:
    page = read(in_english(client).get("/tra-loi/"))

    assert "Registration of a household business" in page
    assert "How do I report something to the city?" in page


def test_an_english_procedure_is_english_as_a_whole(knowing: City, client: Client) -> None:
    page = read(in_english(client).get("/thu-tuc/1.001193/"))

    assert '<h1 lang="en">Birth registration</h1>' in page
    assert '<ul class="papers" lang="en">' in page and '<ol class="how" lang="en">' in page
    assert "exists in Vietnamese only" not in page
    sheet = read(client.get("/thu-tuc/1.001193/in/"))
    assert "Only if the child was abandoned" in sheet


def test_what_an_editor_has_changed_stands_in_vietnamese_and_is_marked(knowing: City, client: Client) -> None:
    row = Procedure.objects.get(code="1.001193")
    row.steps = ["Đến phường."]
    row.save()

    page = read(in_english(client).get("/thu-tuc/1.001193/"))

    assert "What is shown in Vietnamese below exists in Vietnamese only." in page
    assert '<ol class="how" lang="vi">' in page and '<ul class="papers" lang="en">' in page


def test_an_answer_without_english_says_so(knowing: City, client: Client) -> None:
    row = Procedure.objects.create(
        code="9.000001", name="Cấp phép nuôi voi", summary="Xin phép nuôi voi.", steps=["Nộp đơn."], state="published",
        updated_at=knowing.at("2022-02-02 08:00"),
    )  # fmt: skip
    assert by_key.answer_of(row.answer_key) == row

    page = read(in_english(client).get("/thu-tuc/9.000001/"))

    assert "This answer exists in Vietnamese only." in page
    assert '<h1 lang="vi">Cấp phép nuôi voi</h1>' in page


def test_an_article_reads_english(knowing: City, client: Client) -> None:
    page = read(client.post("/tim/", {"q": "which number do I call for an ambulance"}))
    assert "Ambulance: 115" in page

    url = next(each.split('"')[0] for each in page.split('href="') if each.startswith("/hoi-dap/"))
    opened = read(client.get(url.replace("&amp;", "&")))
    assert "1022 doesn't replace these numbers." in opened.replace("&#x27;", "'")


def test_a_short_link_of_an_english_text_opens_the_page_in_english(knowing: City, client: Client) -> None:
    row = Procedure.objects.get(code="1.001193")

    page = read(client.get(f"/t/p{row.pk}g-en", follow=True))

    assert '<h1 lang="en">Birth registration</h1>' in page
