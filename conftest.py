"""What every story may ask for."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from django.utils import translation
from hypothesis import HealthCheck, settings

from tests import slow_tests, starter
from tests.browser import CHROMIUM, HEADLESS
from tests.city import City
from tongdai.knowledge.answers import english
from tongdai.knowledge.search import cache
from tongdai.platform.tests.server import django_db_setup
from tongdai.portal.answers import page_cache

if TYPE_CHECKING:
    from playwright.sync_api import Browser

# A busy machine is no fault of what is tested: no example is failed for the time it took.
settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("fast", settings.get_profile("house"), max_examples=20)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "house"))

starter.share_searches()

__all__ = ["django_db_setup"]  # ours, in place of pytest-django's


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes longest begins first, so that nobody waits for it alone at the end; what was measured as slow says so."""
    items.sort(key=lambda item: -_takes(item))
    slow = slow_tests.listed()
    for item in items:
        if item.nodeid.split("[")[0] in slow:
            item.add_marker("slow")


def _takes(item: pytest.Item) -> int:
    """Seconds that its file takes, as its mark says; 0 where it has none."""
    long = item.get_closest_marker("long")
    return long.kwargs["seconds"] if long else 0


def pytest_collection_finish() -> None:
    """What was loaded by now stays: no collection of garbage looks through all of it again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


@pytest.fixture(autouse=True)
def told_at_once(settings) -> None:
    """No citizen of a story is told half a minute later; the stories of undoing turn it on."""
    settings.UNDO_SECONDS = 0


@pytest.fixture(autouse=True)
def base_of_answers_of_this_test(monkeypatch: pytest.MonkeyPatch, settings) -> None:
    """No test searches another's answers; what a test writes is found at once, and by words alone."""
    settings.KNOWLEDGE_VECTORS = False
    monkeypatch.setattr(cache, "ASIDE", False)
    monkeypatch.setattr(cache, "LOOK_EVERY", 0.0)
    cache.forget()
    english.forget()
    page_cache.forget()


@pytest.fixture(autouse=True)
def language_of_the_city() -> None:
    """A request leaves its language to its thread; the next test begins in Vietnamese all the same."""
    translation.deactivate()


@pytest.fixture(autouse=True)
def proofs_are_cheap(settings) -> None:
    """What costs a telephone a second costs a test nothing; what is checked is the same."""
    settings.PROOF_OF_WORK = 20


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """One browser for the tests of a file that look at a live server; each opens windows of its own, and closes them.

    Playwright runs a loop in this thread; Django is told that it may be asked all the same.
    """
    from playwright.sync_api import sync_playwright

    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setitem(os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=HEADLESS)
        yield browser
        browser.close()


@pytest.fixture
def city(db: None) -> City:
    """A small city, made for this test alone."""
    return City()


@pytest.fixture
def knowing(city: City) -> City:
    """The city with the answers a new one begins with."""
    starter.begin(city.at("2022-02-01 08:00"))
    return city
