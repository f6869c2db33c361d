"""A statement that is prepared is planned once a connection, but where a pooler stands between."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection

from tongdai.platform.database import prepared
from tongdai.platform.database.backend.base import DatabaseWrapper

pytestmark = pytest.mark.django_db
ASKED = "SELECT %s::int + 1 AS one_more"


def known_to_the_server() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE %s", ["%one_more"])
        return int(cursor.fetchone()[0])


def test_it_is_planned_once_for_all_its_values() -> None:
    before = known_to_the_server()
    assert [prepared.one(ASKED, [number]) for number in (1, 2, 3)] == [(2,), (3,), (4,)]
    assert known_to_the_server() == before + 1


def test_nothing_stays_behind_in_the_connection_of_a_pooler() -> None:
    pooled: Any = DatabaseWrapper({**connection.settings_dict, "DISABLE_SERVER_SIDE_CURSORS": True}, "pooled")
    link = pooled.get_new_connection(pooled.get_connection_params())
    try:
        assert link.prepare_threshold is None
    finally:
        link.close()
