"""No page is without states, none of its states is left out, and what is wrong with a page is found.

The pages come from the table of addresses: a new one fails here until it has states, in `families/`. The walks over the
states are three, so that they go side by side: `test_what_citizens_see`, `test_cases_at_the_desk`, `test_the_rest_of_the_desk`.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.urls import get_resolver

from tests.axe import violations
from tests.browser import CHROMIUM
from tongdai.desk.tests.walking import routes

from . import test_cases_at_the_desk, test_the_rest_of_the_desk, test_what_citizens_see
from .faults import faults
from .no_pages import NO_PAGES
from .states import State, There, all_states
from .window import NOTHING, Window

pytestmark = [pytest.mark.long(seconds=10), pytest.mark.skipif(not CHROMIUM, reason="no chromium on this machine")]
WRONG = """<!doctype html><html lang="vi"><title>Hỏng</title><body style="background: #fff"><main><h1>Hỏng</h1>
<img src="/static/mark.svg"><p style="color: #bbb">Chữ nhạt quá</p><p style="width: 900px">Dòng dài quá</p></main>"""


def test_what_is_wrong_with_a_page_is_found_where_it_stands(window: Window) -> None:
    window.page.goto(NOTHING)
    window.page.set_content(WRONG)
    window.resize(360)
    assert dict(violations(window.page)) == {
        "color-contrast": '<p style="color: #bbb">Chữ nhạt quá</p>',
        "image-alt": '<img src="/static/mark.svg">',
    }
    assert [fault.split(":")[0] for fault in faults(window.page)] == ["sideways", "image"]


def test_every_page_has_states(there: Callable[[State], There]) -> None:
    client = there(all_states()[-1]).client
    table = {name: _any(route) for route, name in routes(get_resolver().url_patterns)}
    shown, none = {one.page for one in all_states()}, set(NO_PAGES)
    asked = {name: client.get(address).status_code for name, address in table.items() if name not in shown | none}
    missing = {name for name, status in asked.items() if status != 405}  # 405: takes what is sent, and shows nothing
    assert missing == set(), "addresses without a state: tests/screens/README.md says how to add one"
    assert (shown | none) - set(table) == set(), "no such address"
    assert shown & none == set()


def test_every_family_of_screens_is_walked() -> None:
    walked = [*test_what_citizens_see.FAMILIES, *test_cases_at_the_desk.FAMILIES, *test_the_rest_of_the_desk.FAMILIES]
    assert sorted(walked) == sorted({one.family for one in all_states()})


def _any(route: str) -> str:
    """An address of this route, whatever it names."""
    return "/" + re.sub(r"<\w+:\w+>", "x", re.sub(r"<int:\w+>", "1", route))
