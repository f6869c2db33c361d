"""The states that people meet a page in, as data: `@state("portal:home", "empty")` above a function of a few lines.

A state's function gets the city (`There`), adds what the state needs, and gives back the address to open, or the answer to
something sent (a form with errors in it). Whatever it writes is taken back when its pictures are taken.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client, RequestFactory
from playwright.sync_api import Page

from tests.city import City
from tongdai.accounts.models import User
from tongdai.cases.access import links
from tongdai.cases.models import Case, CaseLink
from tongdai.platform.clock import now
from tongdai.portal import citizen

from . import families


@dataclass
class There:
    """What a state begins from: the city, its people by name, what the filled city holds by name, one browser.

    `patch` is undone when the state's pictures are taken, as all that it writes into the database is.
    """

    city: City
    people: dict[str, User]
    rows: dict[str, Any]
    patch: pytest.MonkeyPatch
    client: Client = field(default_factory=Client)
    steps: list[Callable[[Page], None]] = field(default_factory=list)
    away: bool = False  # the live stream can't be reached
    fails: dict[str, int] = field(default_factory=dict)  # by path: what it is answered with; 0: it can't be reached

    def sign_in(self, who: str) -> Client:
        """The browser becomes this person's."""
        self.client.force_login(self.people[who])
        return self.client

    def remember(self, case: Case) -> Client:
        """The browser is the citizen's who filed this case in it."""
        link = links.give(case, purpose=CaseLink.Purpose.FILED, at=now())
        request = RequestFactory().get("/")
        held = citizen.remember(request, HttpResponse(), case.code, link.pk)
        self.client.cookies[citizen.COOKIE] = held.cookies[citizen.COOKIE].value
        return self.client

    def set(self, **values: object) -> None:
        """Other settings, by name."""
        for name, value in values.items():
            self.patch.setattr(settings, name, value)

    def then(self, step: Callable[[Page], None]) -> None:
        """What is done in the browser once the page is open: a menu opened, a word typed."""
        self.steps.append(step)


@dataclass(frozen=True)
class State:
    """One state of one address of the table; `words` must stand on the page, so that it is the state it says it is."""

    page: str
    name: str
    make: Callable[[There], Any]
    words: str = ""
    status: int = 200
    empty: bool = False
    printed: bool = False
    wall: bool = False
    axe: bool = True

    @property
    def family(self) -> str:
        """The file of `families/` that holds it."""
        return self.make.__module__.rpartition(".")[2]

    @property
    def id(self) -> str:
        return f"{self.page.strip(':').replace(':', '-')}-{self.name.replace(' ', '-')}"


ALL: list[State] = []


def state(
    page: str,
    name: str,
    *,
    words: str = "",
    status: int = 200,
    empty: bool = False,
    printed: bool = False,
    wall: bool = False,
    axe: bool = True,
) -> Callable[[Callable[[There], Any]], Callable[[There], Any]]:
    """Puts the function below it among the states.

    Args:
        page: the address's name in the table of addresses, `portal:home`; of allauth's, `:account_login`.
        words: stand on the page.
        status: the answer's.
        empty: in a city that has staff, topics and answers but no case, call or message yet.
        printed: on paper too, A4.
        axe: looks at it; not where thousands of rows would cost it seconds, and another state shows a few of them.
        wall: it hangs on a wall: looked at in every size that screens there have, too.
    """

    def put(make: Callable[[There], Any]) -> Callable[[There], Any]:
        ALL.append(State(page, name, make, words, status, empty, printed, wall, axe))
        return make

    return put


def all_states() -> list[State]:
    """Every state, those of the empty city first, so that the filled one is made once."""
    if not ALL:
        for module in pkgutil.iter_modules(families.__path__):
            importlib.import_module(f"{families.__name__}.{module.name}")
        twice = {one.id for one in ALL if [other.id for other in ALL].count(one.id) > 1}
        assert not twice, f"two states of one name: {sorted(twice)}"
    return sorted(ALL, key=lambda one: not one.empty)


def states_of(*names: str) -> list[State]:
    """The states of these families."""
    return [one for one in all_states() if one.family in names]
