"""A ready answer by telephone goes by its key: what was told is counted, and texted with its link."""

from __future__ import annotations

import pytest
from django.utils.translation import override

from tests.city import City
from tongdai.directory.models import Place
from tongdai.knowledge.answer_key import AnswerKey, Kind
from tongdai.knowledge.models import Inquiry, LookupTable, Procedure
from tongdai.people.models import Interaction
from tongdai.scenarios import tables

from ..menu import phone_answers

NUMBER = "+84912345678"


@pytest.fixture
def known(knowing: City) -> dict[str, AnswerKey]:
    """What stands at the keys of the telephone → the answer that it is counted as."""
    tables.build(list(Place.objects.order_by("pk")), at=knowing.at("2022-02-01 08:00"))
    procedure = Procedure.objects.get(code="1.001193")
    numbers, counters = (LookupTable.objects.get(slug=slug) for slug in ("so-can-nho", "mot-cua"))
    counter = counters.rows.filter(place__isnull=False, generation=counters.generation).order_by("number")[0]
    return {
        f"procedure:{procedure.pk}": AnswerKey(Kind.PROCEDURE, procedure.pk),
        f"table:{numbers.pk}": AnswerKey(Kind.ROW, numbers.rows.order_by("number")[0].pk),
        f"ward:{counters.pk}:{counter.place_id}": AnswerKey(Kind.ROW, counter.pk),
    }


def test_what_was_told_is_counted_as_that_answer(known: dict[str, AnswerKey]) -> None:
    for key, answer in known.items():
        phone_answers.note(key, number=NUMBER)
        assert Inquiry.objects.latest("pk").opened == str(answer)


def test_what_was_told_is_texted_with_its_link(known: dict[str, AnswerKey]) -> None:
    letters = {Kind.PROCEDURE: "p", Kind.ROW: "d"}
    for call, (key, answer) in enumerate(known.items(), start=1):
        assert phone_answers.text(key, number=NUMBER, call=call)
        assert Interaction.objects.latest("pk").body.endswith(f"/t/{letters[answer.kind]}{answer.id}")


def test_a_caller_who_chose_english_hears_and_is_texted_english(known: dict[str, AnswerKey]) -> None:
    key = next(iter(known))
    with override("en"):
        words, language = phone_answers.words_of(key)
    assert language == "en" and words.startswith("Birth registration. Records a birth")

    assert phone_answers.text(key, number=NUMBER, call=9, language="en")
    body = Interaction.objects.latest("pk").body
    assert body.startswith("Birth registration: ") and body.endswith("-en") and body.isascii()


def test_what_has_no_english_is_said_in_vietnamese(known: dict[str, AnswerKey]) -> None:
    Procedure.objects.filter(code="1.001193").update(summary="Làm giấy cho trẻ mới sinh.")
    with override("en"):
        words, language = phone_answers.words_of(next(iter(known)))
    assert (words.split(".")[0], language) == ("Đăng ký khai sinh", "vi")


@pytest.mark.parametrize("key", ["procedure:999999", "table:999999", "ward:999999:1", "wards:1", "nothing", ""])
def test_what_is_gone_or_no_answer_is_not_texted(knowing: City, key: str) -> None:
    assert not phone_answers.text(key, number=NUMBER, call=1)
