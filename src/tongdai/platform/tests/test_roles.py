"""The processes may add events and read them, and never change one."""

import pytest
from django.db import DatabaseError, connection, transaction

from tests.city import City
from tongdai.cases.models import Event

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "statement", ["UPDATE cases_event SET seq = 9", "DELETE FROM cases_event", "TRUNCATE cases_event"]
)
def test_an_event_is_for_ever(city: City, statement: str) -> None:
    case = city.case()
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert Event.objects.filter(case=case).count() == 1


def test_nobody_but_its_making_decides_whether_a_database_is_a_demo() -> None:
    for statement in ("UPDATE platform_installation SET demo = false", "DELETE FROM platform_installation"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
