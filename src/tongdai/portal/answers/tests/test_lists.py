"""The list of everything, of one field, of all questions: a page at a time, nothing left out, made once."""

from __future__ import annotations

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests.city import City
from tests.reading import read
from tongdai.knowledge.answers import revision
from tongdai.knowledge.models import Article, LookupTable, Procedure, State
from tongdai.portal.answers import page_cache
from tongdai.portal.answers.fields import FEW

pytestmark = pytest.mark.django_db
LAND = "/tra-loi/?linh-vuc=%C4%90%E1%BA%A5t+%C4%91ai"


def publish(city: City, count: int, *, field: str) -> None:
    day_began = city.at("2022-02-01 08:00")
    Procedure.objects.bulk_create(
        Procedure(
            code=f"{field[:3]}.{n:06}", name=f"Cấp giấy số {n:03}", field=field, state=State.PUBLISHED,
            valid_from=day_began.date(), updated_at=day_began,
        )
        for n in range(count)
    )  # fmt: skip
    revision.advance()


def answered(city: City, count: int) -> None:
    day_began = city.at("2022-02-01 08:00")
    Article.objects.bulk_create(
        Article(
            key=f"viec-{n}", question=f"Việc thứ {n:03} làm ở đâu?", answer="Ở phường.", state=State.PUBLISHED,
            valid_from=day_began.date(), updated_at=day_began,
        )
        for n in range(count)
    )  # fmt: skip
    revision.advance()


def test_a_field_is_read_a_page_at_a_time_to_its_end(city: City, client: Client) -> None:
    publish(city, 134, field="Đất đai")

    first, middle, last = (read(client.get(f"{LAND}{rest}")) for rest in ("", "&tu=51", "&tu=101"))

    assert '<h1 lang="vi">Đất đai</h1>' in first
    assert "Mục 1–50 trong 134 mục." in first and "Cấp giấy số 049" in first and "Cấp giấy số 050" not in first
    assert 'rel="next" href="?linh-vuc=%C4%90%E1%BA%A5t+%C4%91ai&amp;tu=51"' in first and 'rel="prev"' not in first
    assert "Mục 51–100 trong 134 mục." in middle and "mục 51–100" in middle.split("</title>")[0]
    assert middle.count('rel="prev"') == middle.count('rel="next"') == 2  # in the head, and to press
    assert "Mục 101–134 trong 134 mục." in last and 'rel="next"' not in last and "Cấp giấy số 133" in last
    assert read(client.get(f"{LAND}&tu=9999")).count("Cấp giấy số ") == 34  # beyond the end: the last page
    named = [line for page in (first, middle, last) for line in page.split("Cấp giấy số ")[1:]]
    assert sorted(line[:3] for line in named) == [f"{n:03}" for n in range(134)]


def test_the_pages_of_a_field_are_said_in_english(city: City, client: Client) -> None:
    publish(city, 134, field="Đất đai")
    client.get("/ngon-ngu/en/?ve=/")

    page = read(client.get(f"{LAND}&tu=51"))

    assert "Rows 51–100 of 134." in page and "See the next rows" in page and 'lang="vi">Đất đai' in page
    assert "Mục 51" not in page


def test_a_field_that_fits_has_no_pages(city: City, client: Client) -> None:
    publish(city, 7, field="Đất đai")
    page = read(client.get(LAND))

    assert "Có 7 mục." in page and 'rel="next"' not in page and "<nav" not in page.split("<main")[1]


@pytest.mark.parametrize("field", ["Không có", ""])
def test_a_field_that_is_not_there_is_told_in_words(knowing: City, client: Client, field: str) -> None:
    answer = client.get(f"/tra-loi/?linh-vuc={field}")

    assert answer.status_code == 404 and "Tra cứu mã" in answer.content.decode()


def test_procedures_without_a_field_are_found_too(city: City, client: Client) -> None:
    publish(city, FEW + 1, field="")

    assert 'href="?linh-vuc="' in read(client.get("/tra-loi/"))
    assert "Lĩnh vực khác" in read(client.get("/tra-loi/?linh-vuc=")) and "Cấp giấy số 000" in read(
        client.get("/tra-loi/?linh-vuc=")
    )


def test_every_question_is_reached_however_many_there_are(city: City, client: Client) -> None:
    answered(city, 70)

    everything = read(client.get("/tra-loi/"))
    assert "Xem cả 70 câu hỏi" in everything and 'href="/hoi-dap/"' in everything
    first, second = read(client.get("/hoi-dap/")), read(client.get("/hoi-dap/?tu=51"))

    assert "Mục 1–50 trong 70 mục." in first and 'href="?tu=51"' in first
    assert all(f"Việc thứ {n:03} " in first + second for n in range(70))


def test_a_few_questions_stand_whole_on_the_list_of_everything(knowing: City, client: Client) -> None:
    everything = read(client.get("/tra-loi/"))

    assert all(each.question in everything for each in Article.objects.all())
    assert "Xem cả" not in everything


def test_a_base_without_answers_leads_to_a_person(city: City, client: Client) -> None:
    Article.objects.all().delete(), Procedure.objects.all().delete(), LookupTable.objects.all().delete()
    page = read(client.get("/tra-loi/"))

    assert "Chưa có câu trả lời nào được soạn sẵn" in page and 'href="tel:1022"' in page
    assert "Chưa có câu hỏi nào được trả lời sẵn." in read(client.get("/hoi-dap/"))


def test_a_list_is_made_once_and_anew_when_the_base_changes(
    city: City, client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    publish(city, 134, field="Đất đai")
    with django_assert_max_num_queries(10):
        made = client.get("/tra-loi/")
    with django_assert_max_num_queries(2):  # which revision it is; the city's name, if it is due
        again = client.get("/tra-loi/")
    assert again.content == made.content

    publish(city, 1, field="Hộ tịch")
    assert "Hộ tịch" in read(client.get("/tra-loi/"))
    client.get("/ngon-ngu/en/?ve=/")
    assert "Ready answers" in read(client.get("/tra-loi/"))


def test_made_up_pages_do_not_fill_the_memory(city: City, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_cache, "MOST_PAGES", 3)
    publish(city, 134, field="Đất đai")
    for n in range(6):
        client.get(f"{LAND}&tu={n + 2}")
    assert len(page_cache._pages()) == 3
