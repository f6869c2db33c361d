"""The name of an answer: written and read in one place, and what is none is refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.city import City
from tongdai.knowledge.answer_key import AnswerKey, Kind
from tongdai.knowledge.answers import by_key, short_links
from tongdai.knowledge.models import Article, Procedure, State

KEYS = st.builds(AnswerKey, st.sampled_from(Kind), st.integers(1, 999_999_999_999))


@pytest.mark.parametrize(
    ("kind", "number", "written"),
    [
        (Kind.PROCEDURE, 7, "procedure:7"),
        (Kind.ARTICLE, 3, "article:3"),
        (Kind.TABLE, 12, "table:12"),
        (Kind.ROW, 999_999_999_999, "row:999999999999"),
    ],
)
def test_a_key_is_written_as_its_kind_and_number(kind: Kind, number: int, written: str) -> None:
    assert str(AnswerKey(kind, number)) == written
    assert AnswerKey.parse(written) == AnswerKey(kind, number)


@given(KEYS)
def test_what_is_written_is_read_again(key: AnswerKey) -> None:
    assert AnswerKey.read(str(key)) == AnswerKey.parse(str(key)) == key


@given(KEYS)
def test_a_short_address_names_the_same_answer(key: AnswerKey) -> None:
    address = short_links.read(short_links.short(key).rpartition("/")[2])
    assert address is not None and address.key == key


@pytest.mark.parametrize(
    "sent",
    [
        "", ":", "7", "procedure", "procedure:", ":7", "procedure:0", "procedure:07", "procedure:-1", "procedure:7.0",
        "procedure:²", "procedure:٧", "procedure:1000000000000", "procedure:7:31", "procedure:7\n", " procedure:7",
        "procedure:7\x00", "Procedure:7", "elsewhere:7", "ward:7:31", "wards:7", "dossier", "None", "true",
    ],
)  # fmt: skip
def test_what_is_no_key_is_refused(sent: str) -> None:
    assert AnswerKey.read(sent) is None
    with pytest.raises(ValueError, match="no key of an answer"):
        AnswerKey.parse(sent)


def test_keys_are_told_apart_by_kind_and_number() -> None:
    assert len({AnswerKey(Kind.ROW, 7), AnswerKey(Kind.ROW, 7), AnswerKey(Kind.TABLE, 7), AnswerKey(Kind.ROW, 8)}) == 3


@pytest.mark.django_db
def test_a_key_leads_to_its_answer_and_to_no_draft(knowing: City) -> None:
    procedure, article = Procedure.objects.get(code="1.001193"), Article.objects.order_by("pk")[0]
    assert by_key.answers_of([procedure.answer_key, article.answer_key]) == {
        procedure.answer_key: procedure,
        article.answer_key: article,
    }

    Article.objects.filter(pk=article.pk).update(state=State.DRAFT)

    assert by_key.answer_of(article.answer_key) == article
    assert by_key.public_answer_of(article.answer_key) is None
    assert by_key.public_answer_of(procedure.answer_key) == procedure
    assert by_key.public_answer_of(AnswerKey(Kind.ROW, 999)) is by_key.public_answer_of(None) is None
