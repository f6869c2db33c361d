"""Every page in each of its states, as people meet it: it fits, nothing is cut or covered, and axe finds nothing.

The pages come from the table of addresses: a new one fails here until it has states, in `families/`. `make screens` takes
the pictures as well (README.md).
"""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.urls import get_resolver

from tests.axe import violations
from tests.browser import CHROMIUM
from tongdai.desk.tests.walking import routes

from .faults import faults, small_letters
from .gallery import WIDTHS, Gallery
from .no_pages import NO_PAGES
from .states import State, There, all_states
from .window import NOTHING, WALLS, Window

pytestmark = [pytest.mark.long, pytest.mark.skipif(not CHROMIUM, reason="no chromium on this machine")]
WALKED = (360, 1440)
WRONG = """<!doctype html><html lang="vi"><title>Hỏng</title><body style="background: #fff"><main><h1>Hỏng</h1>
<img src="/static/mark.svg"><p style="color: #bbb">Chữ nhạt quá</p><p style="width: 900px">Dòng dài quá</p></main>"""
LEAST_ON_A_WALL = 22  # px on 1920 × 1080: 14 mm on a screen of 55 inches


@pytest.mark.parametrize("state", all_states(), ids=lambda state: state.id)
def test_a_screen_is_whole(
    state: State, there: Callable[[State], There], window: Window, gallery: Gallery | None
) -> None:
    begun = there(state)
    answer = window.open(begun.client, state.make(begun), width=WALKED[0], away=begun.away, fails=begun.fails)
    assert answer.status_code == state.status
    window.resize(WALKED[0])
    for step in begun.steps:
        step(window.page)
    found: dict[str, list[str]] = {}
    for width in WIDTHS if gallery else WALKED:
        if begun.steps or width != WALKED[0]:  # else it stands at rest in this width already
            window.resize(width)
        found[str(width)] = faults(window.page)
    for width, height in WALLS if state.wall else ():
        window.resize(width, height)
        found[f"{width}×{height}"] = faults(window.page) + small_letters(
            window.page, least=LEAST_ON_A_WALL * min(width / 1920, height / 1080)
        )
    if state.axe:
        found["axe"] = [f"{rule}: {place}" for rule, place in violations(window.page)]
    if state.axe and (gallery or state is _first_of(state.page)):
        window.page.emulate_media(color_scheme="dark")
        found["dark"] = [f"{rule}: {place}" for rule, place in violations(window.page, only="color-contrast")]
        window.page.emulate_media(color_scheme="light")
    found["page"] = window.wrong
    if state.words and state.words not in re.sub(r"\s+", " ", window.page.inner_text("body")):
        found["page"].append(f"“{state.words}” is not on it")
    if state.printed:
        window.page.emulate_media(media="print")
        window.resize(794)
        found["paper"] = faults(window.page)
        window.page.emulate_media(media="screen")
    if gallery:
        gallery.take(state, window)
        gallery.found(state, found)
    wrong = [f"{where}: {fault}" for where, some in found.items() for fault in some]
    assert not wrong, "\n".join([f"{len(wrong)} faults", *wrong])


def test_what_is_wrong_with_a_page_is_found_where_it_stands(window: Window) -> None:
    window.page.goto(NOTHING)
    window.page.set_content(WRONG)
    window.resize(360)
    assert dict(violations(window.page)) == {
        "color-contrast": '<p style="color: #bbb">Chữ nhạt quá</p>',
        "image-alt": '<img src="/static/mark.svg">',
    }
    assert [fault.split(":")[0] for fault in faults(window.page)] == ["sideways", "image"]


def _first_of(page: str) -> State:
    """In the dark one state a page is looked at."""
    return next(one for one in all_states() if one.page == page)


def test_every_page_has_states(there: Callable[[State], There]) -> None:
    client = there(all_states()[-1]).client
    table = {name: _any(route) for route, name in routes(get_resolver().url_patterns)}
    shown, none = {one.page for one in all_states()}, set(NO_PAGES)
    asked = {name: client.get(address).status_code for name, address in table.items() if name not in shown | none}
    missing = {name for name, status in asked.items() if status != 405}  # 405: takes what is sent, and shows nothing
    assert missing == set(), "addresses without a state: tests/screens/README.md says how to add one"
    assert (shown | none) - set(table) == set(), "no such address"
    assert shown & none == set()


def _any(route: str) -> str:
    """An address of this route, whatever it names."""
    return "/" + re.sub(r"<\w+:\w+>", "x", re.sub(r"<int:\w+>", "1", route))
