"""Beside a short answer its length as a text is counted; a question with two matters finds both pages to edit."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from tests.city import City
from tongdai.channels.length import lengths
from tongdai.channels.sms.conversation.answers import uncut
from tongdai.knowledge.models import Article, Procedure

pytestmark = pytest.mark.django_db
TWO = "Đăng ký khai sinh cho con cần giấy tờ gì, với lại đăng ký kết hôn thì mất bao lâu?"


def editor(knowing: City) -> Client:
    client = Client()
    client.force_login(knowing.coordinator)
    return client


@pytest.mark.parametrize(("model", "name"), [(Article, "short"), (Procedure, "summary")])
def test_a_short_answer_says_how_many_segments_its_text_will_be(
    knowing: City, model: type[Article] | type[Procedure], name: str
) -> None:
    row = next(each for each in model.objects.order_by("pk") if getattr(each, name))
    page = editor(knowing).get(f"/ban/kho/{row.KIND}/{row.pk}/").content.decode()
    counted = page.split(f'data-counts="id_{name}"')[1].split("</p>")[0]
    told = re.search(r"Tin nhắn: (\d+) đoạn, (\d+) ký tự", counted)
    assert told is not None
    text = lengths().of(uncut(row))
    assert (int(told[1]), int(told[2])) == (text.segments, text.units)


def test_other_fields_are_texted_to_nobody(knowing: City) -> None:
    row = Article.objects.order_by("pk").first()
    assert row is not None
    page = editor(knowing).get(f"/ban/kho/article/{row.pk}/").content.decode()
    assert re.findall(r'data-counts="id_(\w+)"', page) == ["short"]


def test_a_question_with_two_matters_finds_both_pages_each_with_its_part(knowing: City) -> None:
    page = editor(knowing).get("/ban/kho/", {"q": TWO}).content.decode()
    listed = page.split('id="as-asked"')[1].split("</ul>")[0]
    assert "Đăng ký khai sinh" in listed and "Đăng ký kết hôn" in listed
    assert "giấy tờ" in listed.lower() and "thời" in listed.lower()


def test_the_agent_beside_a_call_reads_both_halves_each_at_its_part(knowing: City) -> None:
    client = Client()
    client.force_login(knowing.call_taker)
    page = client.post("/ban/goi-y/", {"text": TWO}).content.decode()
    first, second = page.split('<ol class="ready">')[1].split("</li>")[:2]
    assert "Lời này hỏi hai việc" in page
    assert "Đăng ký khai sinh" in first and 'name="part" value="papers"' in first
    assert "Đăng ký kết hôn" in second and 'name="part" value="time"' in second and "Giấy tờ: 1)" not in second
