"""The city that states begin from, made once; and the browser they are looked at in, opened once."""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.contrib.auth import signals as auth
from django.db import connections, transaction

from tests.city import City, forget_snapshots
from tongdai.cases import codes
from tongdai.platform import clock
from tongdai.portal.answers import page_cache
from tongdai.portal.home import counted

from .gallery import Gallery
from .states import State, There
from .window import Window, opened
from .world import NOON, fill, people_of


@pytest.fixture(scope="package", autouse=True)
def clock_stands(django_db_setup: None) -> Iterator[datetime]:
    """Noon of a Wednesday in February 2022; the cases' codes are drawn from a known row of numbers, for equal pictures.

    All of it goes back when the walk over the screens is over: the same process tests other rooms after it.
    """
    noon = datetime.fromisoformat(NOON).replace(tzinfo=clock.CITY_TZ)
    drawn = random.Random(1022)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clock, "_turned", clock._Turned(datetime.now(UTC), noon, 0.0))
        patch.setattr(clock, "_look_at", float("inf"))
        patch.setattr(codes.secrets, "randbelow", drawn.randrange)
        # Playwright runs a loop in this thread, in which Django would open a connection for each part of it.
        patch.setitem(os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        patch.setattr(connections, "_connections", SimpleNamespace(default=connections["default"]))
        patch.setattr(settings, "PASSWORD_HASHERS", ["django.contrib.auth.hashers.MD5PasswordHasher"])
        for signal in (auth.user_logged_in, auth.user_logged_out):  # the looker's own steps are no part of the city
            patch.setattr(signal, "receivers", [])
        yield noon


@pytest.fixture(autouse=True)
def real_time() -> None:
    """In place of the tests' real time: here the clock stands."""


class Cities:
    """The empty city, then the filled one, each made once inside a transaction that is never committed."""

    def __init__(self) -> None:
        self.city = City()
        self.people = people_of(self.city)
        self.rows: dict[str, object] = {}
        self._empty = transaction.savepoint()

    def there(self, *, empty: bool, patch: pytest.MonkeyPatch) -> There:
        if empty and self.rows:  # another file's states were here before
            transaction.savepoint_rollback(self._empty)
            self.rows = {}
        if not empty and not self.rows:
            self.rows = fill(self.city)
        return There(self.city, self.people, self.rows, patch)


@pytest.fixture(scope="package")
def cities(clock_stands: datetime, django_db_blocker) -> Iterator[Cities]:
    with django_db_blocker.unblock(), transaction.atomic():
        yield Cities()
        transaction.set_rollback(True)


@pytest.fixture
def there(cities: Cities, django_db_blocker, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[State], There]]:
    """The city of a state; what the state writes is taken back."""
    made = []

    def begin(state: State) -> There:
        counted.forget()
        page_cache.forget()
        found = cities.there(empty=state.empty, patch=monkeypatch)
        forget_snapshots()
        savepoint = transaction.atomic()
        savepoint.__enter__()
        made.append(savepoint)
        return found

    with django_db_blocker.unblock():
        yield begin
        for savepoint in made:
            transaction.set_rollback(True)
            savepoint.__exit__(None, None, None)
        forget_snapshots()


@pytest.fixture(scope="package")
def window(clock_stands: datetime) -> Iterator[Window]:
    with opened(clock_stands) as window:
        yield window


@pytest.fixture(scope="package")
def gallery() -> Iterator[Gallery | None]:
    """Where pictures go, if any are asked for (`make screens`)."""
    folder = os.environ.get("TONGDAI_SCREENS")
    if not folder:
        yield None
        return
    shutil.rmtree(folder, ignore_errors=True)
    gallery = Gallery(Path(folder))
    yield gallery
    gallery.write()
