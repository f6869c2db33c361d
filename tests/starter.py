"""The answers a new city begins with, for tests: worked out once a run by the product itself, then laid back row by row.

And the search over answers, which is made of their words: once for all tests whose answers say the same.
"""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import TypeVar

from django.apps import apps
from django.db import connection, transaction

from tongdai.knowledge.answers import english, revision
from tongdai.knowledge.importing import seed
from tongdai.knowledge.search import cache
from tongdai.knowledge.search.english.entries import EnglishEntry
from tongdai.knowledge.search.english.finder import EnglishFinder
from tongdai.knowledge.search.entry import Entry
from tongdai.knowledge.search.finder import Finder
from tongdai.knowledge.search.lexicon import Lexicon

SEARCHES = 6  # kept: over the bases that tests have most often, the empty one, a new city's, one with tables


@dataclass(frozen=True)
class Base:
    """Table → its rows, as COPY writes them; and how many revisions it took to write them."""

    rows: dict[str, bytes]
    revisions: int


_kept: dict[datetime, Base] = {}


def begin(at: datetime) -> None:
    """The city has what `seed.start` gives one that has no answers yet."""
    before, empty = revision.current(), _is_empty()
    if empty and at in _kept:
        _lay(_kept[at], before)
        return
    seed.start(at=at, today=at.date())
    if empty:
        _kept[at] = Base(rows_now(), revision.current() - before)


def share_searches() -> None:
    """A search is made of words alone, and never changes: one does for all bases that say the same.

    Only the ids of what is found are each test's own, for rows get new ones each time.
    """

    @lru_cache(maxsize=SEARCHES)
    def search_over(said: tuple[Entry, ...], words: Lexicon) -> Finder:
        return made(said, words)

    @lru_cache(maxsize=SEARCHES)
    def english_search_over(said: tuple[EnglishEntry, ...]) -> EnglishFinder:
        return made_in_english(said)

    def search(found: tuple[Entry, ...], words: Lexicon) -> Finder:
        shared = copy(search_over(_without_ids(found), words))
        shared.index = copy(shared.index)
        shared.index.entries = list(found)
        return shared

    def english_search(found: tuple[EnglishEntry, ...]) -> EnglishFinder:
        shared = copy(english_search_over(_without_ids(found)))
        shared.entries = list(found)
        return shared

    made, made_in_english = cache._search_over.__wrapped__, cache._english_search_over.__wrapped__
    cache._search_over = lru_cache(maxsize=1)(search)
    cache._english_search_over = lru_cache(maxsize=1)(english_search)


AnEntry = TypeVar("AnEntry", Entry, EnglishEntry)


def _without_ids(found: tuple[AnEntry, ...]) -> tuple[AnEntry, ...]:
    return tuple(each if each.key is None else replace(each, key=replace(each.key, id=0)) for each in found)


def _tables() -> list[str]:
    """Of the answers, without the row that counts revisions."""
    models = apps.get_app_config("knowledge").get_models(include_auto_created=True)
    return sorted(model._meta.db_table for model in models if model.__name__ != "Revision" and model._meta.managed)


def _is_empty() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {' OR '.join(f'EXISTS (SELECT FROM {table})' for table in _tables())}")
        return not cursor.fetchone()[0]


def rows_now() -> dict[str, bytes]:
    """Of each table of answers that holds any."""
    found = {}
    with connection.cursor() as cursor:
        for table in _tables():
            with cursor.copy(f"COPY {table} TO STDOUT") as rows:
                found[table] = b"".join(map(bytes, rows))
    return {table: rows for table, rows in found.items() if rows}


def _lay(base: Base, before: int) -> None:
    with transaction.atomic(), connection.cursor() as cursor:  # rows refer to those of tables that come later
        for table, rows in base.rows.items():
            with cursor.copy(f"COPY {table} FROM STDIN") as to:
                to.write(rows)
    for _each in range(base.revisions):
        revision.advance()
    assert revision.current() == before + base.revisions
    english.forget()
