"""The record is added to and read, never changed; and however long it has grown, a page of it costs the same."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import Q
from django.test.utils import CaptureQueriesContext

from tests.city import City
from tongdai.audit.acting import Acting, acts
from tongdai.audit.entries import Wanted, every, find, mark_of, record
from tongdai.audit.models import Entry, Kind, Who
from tongdai.audit.operator import on_record
from tongdai.platform.tests.server import as_owner, as_process

pytestmark = pytest.mark.django_db
ALL = Q()


@pytest.mark.parametrize(
    "statement",
    ["UPDATE audit_entry SET action = 'x'", "DELETE FROM audit_entry", "TRUNCATE audit_entry"],
)
def test_an_entry_is_for_ever(statement: str) -> None:
    """Who had read what (`people_disclosure`) could be deleted by any process."""
    record(Kind.READ, "phone")
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert Entry.objects.count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("statement", ["UPDATE audit_entry SET action = 'x'", "DELETE FROM audit_entry"])
def test_not_even_the_owner_changes_one_by_a_slip(postgres_server: object, statement: str) -> None:
    record(Kind.READ, "phone")
    as_owner(connection, postgres_server)
    try:
        with pytest.raises(DatabaseError, match="never changed nor deleted"), connection.cursor() as cursor:
            cursor.execute(statement)
    finally:
        as_process(connection, postgres_server)
    assert Entry.objects.get().action == "phone"


def test_whoever_acts_stands_in_the_entry(city: City) -> None:
    record(Kind.SETTING, "by a job")
    with acts(lambda: Acting(Who.STAFF, city.admin.pk, "203.0.113.7")) as is_recorded:
        assert not is_recorded()
        record(Kind.SETTING, "by staff")
        assert is_recorded()
    told = {entry.action: (entry.who, entry.by, entry.network) for entry in Entry.objects.all()}
    assert told == {"by a job": ("system", None, ""), "by staff": ("staff", city.admin.pk, "203.0.113.7")}


def test_a_command_is_on_record_with_its_end_and_the_login_that_ran_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SUDO_USER", "hang")
    with on_record("import staff"):
        record(Kind.PEOPLE, "added")
    with pytest.raises(OSError), on_record("backup"):
        raise OSError
    told = [(entry.who, entry.kind, entry.action, entry.detail) for entry in Entry.objects.order_by("pk")]
    assert told == [
        ("operator", "people", "added", {"login": "hang"}),
        ("operator", "command", "import staff", {"outcome": "done", "login": "hang"}),
        ("operator", "command", "backup", {"outcome": "failed", "login": "hang"}),
    ]


def test_pages_follow_each_other_without_a_gap_or_a_row_twice(city: City) -> None:
    at = city.at("2022-02-16 08:00")
    for number in range(25):
        record(Kind.READ, "phone", by=city.admin.pk, subject=city.admin.pk, at=at + timedelta(seconds=number // 4))
    for staff in (None, city.admin.pk):
        seen: list[int] = []
        after: tuple[datetime, int] | None = None
        while page := find(Wanted(staff=staff, after=after), seen=ALL, most=7):
            seen += [entry.pk for entry in page]
            after = mark_of(page[-1])
        assert seen == list(Entry.objects.order_by("-pk").values_list("pk", flat=True))
    assert [entry.pk for entry in every(Wanted(), seen=ALL)] == seen


def test_days_kind_case_person_and_colleague_each_sift(city: City) -> None:
    at = city.at("2022-02-16 08:00")
    record(Kind.READ, "phone", by=city.call_taker.pk, contact=7, case_code="73041859261", at=at)
    record(Kind.PEOPLE, "changed", by=city.admin.pk, subject=city.call_taker.pk, at=at + timedelta(days=1))
    record(Kind.EXPORT, "staff", by=city.admin.pk, at=at + timedelta(days=2))

    def actions(wanted: Wanted) -> list[str]:
        return [entry.action for entry in find(wanted, seen=ALL, most=9)]

    assert actions(Wanted()) == ["staff", "changed", "phone"]
    assert (
        actions(Wanted(kind=Kind.READ))
        == actions(Wanted(person=7))
        == actions(Wanted(case_code="73041859261"))
        == ["phone"]
    )
    assert actions(Wanted(staff=city.call_taker.pk)) == ["changed", "phone"]
    assert actions(Wanted(since=at + timedelta(hours=1), until=at + timedelta(days=2))) == ["changed"]
    assert actions(Wanted(staff=city.admin.pk, kind=Kind.EXPORT)) == ["staff"]


FILL = """
INSERT INTO audit_entry (happened_at, kind, action, who, by, subject, contact, case_code, what, detail, network)
SELECT '2022-02-01'::timestamptz + n * interval '1 second', (ARRAY['read', 'sign_in', 'export', 'setting'])[1 + n %% 4],
  'x', 'staff', 1 + n %% 40, nullif(n %% 50, 7), nullif(n %% 900, 0), lpad((n %% 5000)::text, 11, '1'), '', '{}', ''
FROM generate_series(1, %s) n
"""


@pytest.mark.parametrize(
    "wanted",
    [
        Wanted(), Wanted(kind=Kind.READ), Wanted(staff=5), Wanted(person=77), Wanted(case_code="11111110042"),
        Wanted(kind=Kind.READ, staff=5),
    ],
    ids=str,
)  # fmt: skip
def test_a_page_is_read_off_an_index_whatever_is_asked_for(wanted: Wanted) -> None:
    """No count, and an index in the order of the page: at a million entries a page costs what it costs at a hundred."""
    with connection.cursor() as cursor:
        cursor.execute(FILL, [300])
        for plan in ("sort", "bitmapscan", "seqscan"):
            cursor.execute(f"SET LOCAL enable_{plan} = off")
    with CaptureQueriesContext(connection) as asked:
        find(wanted, seen=ALL, most=51)
    with connection.cursor() as cursor:
        for query in asked.captured_queries:
            assert "COUNT(" not in query["sql"]
            cursor.execute(f"EXPLAIN {query['sql']}")
            plan = "\n".join(row[0] for row in cursor.fetchall())
            assert "Index Scan" in plan and "Seq Scan" not in plan and "Sort" not in plan, plan
