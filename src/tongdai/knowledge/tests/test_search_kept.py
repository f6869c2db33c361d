"""The search is made anew when the base says something else, and only then; so tests share one for one base."""

from __future__ import annotations

from tests import starter
from tests.city import City
from tongdai.desk.tests.walking import undone
from tongdai.knowledge.answer_key import AnswerKey
from tongdai.knowledge.answers import revision
from tongdai.knowledge.importing import seed
from tongdai.knowledge.models import Alias, Article, State, Term
from tongdai.knowledge.search import cache

BEGUN = "2022-02-01 08:00"


def test_a_revision_that_tells_the_search_nothing_new_leaves_it_as_it_is(knowing: City) -> None:
    before, in_english = cache.finder(), cache.english_finder()
    Article.objects.create(key="begun", question="Chưa ai đọc", state=State.DRAFT, updated_at=knowing.at(BEGUN))
    revision.advance()
    assert cache.finder() is before and cache.english_finder() is in_english


def found(typed: str) -> list[AnswerKey]:
    return [hit.key for hit in cache.finder().find(typed).hits[:1]]


def test_an_answer_a_name_or_a_word_more_makes_another(knowing: City) -> None:
    article = Article.objects.create(
        key="new", question="Lên dây đàn bầu", answer="Ở làng.", state=State.PUBLISHED, updated_at=knowing.at(BEGUN)
    )
    revision.advance()
    assert found("lên dây đàn bầu") == [article.answer_key] != found("vặn độc huyền cầm")
    Alias.objects.create(article=article, phrase="vặn độc huyền cầm")
    revision.advance()
    assert found("vặn độc huyền cầm") == [article.answer_key] != found("vđhc")
    Term.objects.create(kind=Term.Kind.ABBREVIATION, written="vđhc", meanings=["vặn độc huyền cầm"])
    revision.advance()
    assert found("vđhc") == [article.answer_key]


def test_the_base_that_tests_begin_with_is_what_the_product_writes(city: City) -> None:
    at = city.at(BEGUN)
    with undone():
        starter.begin(at)
        worked_out = rows(), revision.current()
    with undone():
        starter.begin(at)
        assert (rows(), revision.current()) == worked_out
    with undone():
        seed.start(at=at, today=at.date())
        anew = rows(), revision.current()
    assert ({table: len(lines) for table, lines in anew[0].items()}, anew[1]) == (
        {table: len(lines) for table, lines in worked_out[0].items()}, worked_out[1],
    )  # fmt: skip


def rows() -> dict[str, list[bytes]]:
    return {table: sorted(lines.splitlines()) for table, lines in starter.rows_now().items()}
