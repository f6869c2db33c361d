"""The search kept in memory by each process, made anew when the base has a new revision.

While a new one is made (a second or two at 20,000 entries) the old one answers; only the very first caller waits.
"""

from __future__ import annotations

import threading
import time
from datetime import date
from functools import lru_cache

from django.db import Error, connection, connections

from tongdai.platform.clock import today

from ..answers import revision
from .database import entries, lexicon, papers
from .english.entries import EnglishEntry
from .english.entries import entries as english_entries
from .english.finder import EnglishFinder
from .entry import Entry
from .finder import Finder
from .forms.names import Forms
from .index import Index
from .lexicon import Lexicon
from .vector_store import known_to

LOOK_EVERY = 2.0  # seconds between looks at the revision's number
LONG_UNSEEN = 20.0  # seconds: a process nobody asked for so long waits for the new one, as for the first entries of all
ASIDE = True  # a new one is made in a thread of its own; tests, whose rows no other connection sees, wait for it

_lock = threading.Lock()
_making = threading.Lock()
_current: Finder | None = None
_in_english: EnglishFinder | None = None
_forms: Forms | None = None
_made_of: tuple[int, date] | None = None
_looked_at = 0.0


def finder() -> Finder:
    """The search over what is published today."""
    global _looked_at
    current = _current
    if current is None:
        with _making:
            return _current or _make(_wanted())
    unseen_for = time.monotonic() - _looked_at
    if unseen_for > LOOK_EVERY:
        with _lock:
            due = time.monotonic() - _looked_at > LOOK_EVERY
            _looked_at = time.monotonic()
        wanted = _wanted() if due else _made_of
        old_will_do = ASIDE and unseen_for < LONG_UNSEEN and current.index.entries
        if wanted != _made_of and not old_will_do:
            return read_anew()
        if wanted != _made_of and _making.acquire(blocking=False):
            threading.Thread(target=_make_aside, args=(wanted,), name="knowledge-index", daemon=True).start()
    return current


def english_finder() -> EnglishFinder:
    """The search over what has an English name; as fresh as the other."""
    finder()
    assert _in_english is not None
    return _in_english


def forms() -> Forms:
    """The forms by their names; as fresh as the other."""
    finder()
    assert _forms is not None
    return _forms


def read_anew() -> Finder:
    """Make it now, and wait: for tests, benchmarks and whoever has just written."""
    with _making:
        return _make(_wanted())


def forget() -> None:
    """Keep nothing: the next caller waits for a new one."""
    global _current
    _current = None


def warm_up() -> None:
    """Before the first citizen comes."""
    finder()


def _wanted() -> tuple[int, date]:
    return revision.current(), today()


def _make(wanted: tuple[int, date]) -> Finder:
    global _current, _in_english, _forms, _made_of, _looked_at
    in_english = _english_search_over(tuple(english_entries(wanted[1])))
    made = _search_over(tuple(entries(today=wanted[1])), lexicon())
    if vectors := known_to(made.index):
        made = made.with_vectors(vectors)
    _forms = Forms(papers(today=wanted[1]))
    _in_english, _current, _made_of, _looked_at = in_english, made, wanted, time.monotonic()
    return made


# Nothing of a search changes once it is made: a revision that tells it nothing new (a draft, a day gone by) is cheap.


@lru_cache(maxsize=1)
def _search_over(found: tuple[Entry, ...], words: Lexicon) -> Finder:
    return Finder(Index(found), words)


@lru_cache(maxsize=1)
def _english_search_over(found: tuple[EnglishEntry, ...]) -> EnglishFinder:
    return EnglishFinder(found)


def _make_aside(wanted: tuple[int, date]) -> None:
    """In a thread of its own; the lock was taken by who started it."""
    try:
        _make(wanted)
    except Error:
        pass  # the database is away: the next look tries again
    finally:
        _making.release()
        if not connection.in_atomic_block:
            connections.close_all()
