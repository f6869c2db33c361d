"""One table says what a role may do, and everything asks it."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from django.test import Client

import tongdai
from tests.city import City
from tongdai.accounts import rights
from tongdai.accounts.models import Role
from tongdai.channels.voice.records.queries import agents_shown_to, calls_shown_to

ROOT = Path(tongdai.__file__).parent
# where a role is made or given, and cities that are stories
MAY_NAME_ROLES = ("accounts/models.py", "accounts/rights.py", "accounts/first_admin.py", "scenarios/")


def names_roles(source: str) -> bool:
    """Whether a module takes accounts' Role and names one of them, or keeps roles in a list of its own."""
    tree = ast.parse(source)
    taken = {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").endswith(("accounts.models", "models"))
        and "knowledge" not in (node.module or "")
        for alias in node.names
        if alias.name == "Role"
    }  # fmt: skip
    members = set(Role.__members__)
    named = any(
        isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id in taken
        and node.attr in members
        for node in ast.walk(tree)
    )
    compared = any(
        isinstance(node, ast.Compare)
        and isinstance(node.left, ast.Attribute)
        and node.left.attr == "role"
        and any(isinstance(part, ast.Constant) and part.value in Role.values for part in ast.walk(node))
        for node in ast.walk(tree)
    )
    return named or compared


def test_no_other_module_lists_roles() -> None:
    modules = {
        str(file.relative_to(ROOT)): file.read_text(encoding="utf-8")
        for file in ROOT.rglob("*.py")
        if not {"tests", "migrations"} & set(file.parts)
    }
    found = [name for name, source in modules.items() if not name.startswith(MAY_NAME_ROLES) and names_roles(source)]
    assert found == []


def test_that_look_finds_what_it_looks_for() -> None:
    assert names_roles("from tongdai.accounts.models import Role\nSEES_ROOM = (Role.LEADER,)")
    assert names_roles('if user.role == "call_taker": pass')
    assert not names_roles("from tongdai.accounts.models import Role\nshown = Role.choices")


def test_every_right_stands_in_the_table_and_every_role_may_do_something() -> None:
    every = {name for name, value in vars(rights).items() if isinstance(value, rights.Right)}
    shown = [right for _group, rows in rights.TABLE for right in rows]
    assert len(every) == len(shown) and all(shown)
    assert all(any(role in right for right in shown) for role in Role)


def test_who_sees_the_room_hears_of_its_calls(city: City) -> None:
    """The leader had the page, and no news reached it."""
    assert city.leader.role in rights.SEES_ROOM
    assert calls_shown_to(city.leader, [1, 2]) == [1, 2] and agents_shown_to(city.leader, [7]) == [7]
    assert calls_shown_to(city.call_taker, [1]) == []


@pytest.mark.parametrize("role", list(Role))
def test_the_bar_leads_nobody_to_a_page_that_is_not_theirs(city: City, role: Role) -> None:
    from tongdai.desk.navigation import pages_of

    person = city.staff(role, "Ai Đó", agency=next(iter(city.agencies)))
    client = Client()
    client.force_login(person)
    assert pages_of(person)
    for door in pages_of(person):
        assert client.get(door.url, follow=True).status_code == 200, door.name


def test_the_table_is_a_page_for_all_staff(city: City) -> None:
    client = Client()
    client.force_login(city.leader)
    page = client.get("/ban/vai-tro/").content.decode()
    assert "Vai trò nào được làm gì" in page and "Nghe máy và ghi cuộc gọi" in page
    assert Client().get("/ban/vai-tro/").status_code == 302
