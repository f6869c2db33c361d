"""`make bench NAME=large`: what a page costs in a city of a million cases, beside the same page at ten thousand.

The rows are written by set-based SQL, in the shapes the actions leave: three years, one in a hundred still open.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from .figures import Figures, arguments, percentile

if TYPE_CHECKING:
    from django.db.models import Model

SMALL = 10_000
TRIES = 15


def main() -> int:
    parser = arguments(str(__doc__))
    parser.add_argument("--cases", type=int, default=1_000_000)
    given = parser.parse_args()
    home = Path(tempfile.mkdtemp(prefix="tongdai-bench-"))
    home.chmod(0o755)
    os.environ |= {"TONGDAI_HOME": str(home)}
    os.environ.pop("DATABASE_URL", None)
    try:
        from tongdai.platform.processes.bootstrap import ready

        with ready(as_owner=True):
            return _measure(given.cases).publish(given.json)
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _measure(cases: int) -> Figures:
    from tongdai.platform.database.installation import install

    install(demo=False)
    _city()
    _fill(0, SMALL)
    small = {name: _times(ask) for name, ask in pages().items()}
    _fill(SMALL, cases)
    large = {name: _times(ask) for name, ask in pages().items()}
    extra: dict[str, float | int | str] = {"cases": cases}
    for name, times in large.items():
        extra[f"{name}_p50_ms"] = 1000 * percentile(times, 0.5)
        extra[f"{name}_p99_ms"] = 1000 * percentile(times, 0.99)
        extra[f"{name}_growth"] = percentile(times, 0.5) / percentile(small[name], 0.5)
    desk = [each for name, times in large.items() if not name.startswith("report") for each in times]
    return Figures(
        name="large",
        value=1000 * max(percentile(times, 0.5) for name, times in large.items() if not name.startswith("report")),
        unit="ms, the slowest page of the desk",
        p50_ms=1000 * percentile(desk, 0.5),
        p99_ms=1000 * percentile(desk, 0.99),
        extra=extra,
    )


def pages() -> dict[str, Callable[[], object]]:
    """What the faces ask of the database, by name."""
    from tongdai.accounts.models import User
    from tongdai.cases import queries, search
    from tongdai.cases.models import Case
    from tongdai.cases.search.filters import Filter
    from tongdai.directory.models import Agency, Topic
    from tongdai.platform.clock import CITY_TZ, now
    from tongdai.reports import behind, figures
    from tongdai.reports.period import Period

    coordinator, officer = User.objects.get(username="dieu-phoi"), User.objects.get(username="can-bo")
    case = Case.objects.order_by("-pk").select_related("contact").first()
    assert case and case.contact
    today = now().astimezone(CITY_TZ).date()
    month, year = Period(today - timedelta(days=29), today), Period(today - timedelta(days=364), today)

    def page(user: User, view: str) -> Callable[[], object]:
        return lambda: list(queries.inbox(user, view)[:101])

    def found(words: str) -> Callable[[], object]:
        return lambda: search.find(coordinator, words)

    def narrowed(**by: object) -> Callable[[], object]:
        condition = Filter(**by).condition(at=now())  # type: ignore[arg-type]
        return lambda: list(queries.inbox(coordinator, queries.ALL, narrowed=condition)[:101])

    views = {f"inbox_{view}": page(coordinator, view) for view in queries.views_of(coordinator)}
    views |= {f"officer_{view}": page(officer, view) for view in queries.views_of(officer)}
    return views | {
        "counts_coordinator": lambda: queries.counts(coordinator),
        "counts_officer": lambda: queries.counts(officer),
        "search_code": found(case.code),
        "search_phone": found(case.contact.phone),
        "search_part_of_a_number": found("4711"),
        "search_agency": found("cơ quan 77"),
        "narrowed_topic": narrowed(topic=Topic.objects.order_by("pk").first()),
        "narrowed_agency": narrowed(agency=Agency.objects.order_by("pk").first()),
        "narrowed_ward_and_channel": narrowed(place=case.place, channel="sms"),
        "narrowed_days": narrowed(since=today - timedelta(days=29), until=today),
        "narrowed_late": narrowed(due="late"),
        "narrowed_no_such_state": narrowed(state="rejected"),
        "search_rare_words": found("xyz ngõ 4711"),
        "search_common_words": found("rác hè phố"),
        "case_and_tale": lambda: list(queries.visible_case(coordinator, case.code).events.all()),
        "report_month": lambda: figures.count(month, listed=queries.visible_cases(coordinator)),
        "report_year": lambda: figures.count(year, listed=queries.visible_cases(coordinator)),
        "report_list": lambda: list(behind.Figure(year).cases(queries.visible_cases(coordinator))[:100]),
    }


def _times(ask: Callable[[], object]) -> list[float]:
    """Seconds of each of some tries; the first, which fills the server's memory, is left out."""
    found = []
    for _ in range(TRIES + 1):
        begun = time.perf_counter()
        ask()
        found.append(time.perf_counter() - begun)
    return found[1:]


def _city() -> None:
    from tongdai.accounts.models import Role, User
    from tongdai.directory import snapshot
    from tongdai.directory.models import Agency, City, Topic
    from tongdai.directory.places.loading import load_province

    City.objects.update_or_create(pk=1, defaults={"name": "Hải Phòng", "province_code": "31"})
    load_province("31")
    for number in range(140):
        agency = Agency(code=f"co-quan-{number}", name=f"Cơ quan {number}")
        agency.clean_names()
        agency.save()
    for number in range(16):
        topic = Topic(code=f"linh-vuc-{number}", name=f"Lĩnh vực {number}")
        topic.clean_names()
        topic.save()
    User.objects.create_user(username="dieu-phoi", full_name="Điều phối", role=Role.COORDINATOR)
    User.objects.create_user(
        username="can-bo", full_name="Cán bộ", role=Role.OFFICER, agency=Agency.objects.order_by("pk").first()
    )
    snapshot.forget()


def _fill(first: int, end: int) -> None:
    """Cases first…end, their contacts and events; then the statistics the planner needs."""
    from django.db import connection

    from tongdai.cases.models import Case, Event
    from tongdai.people.models import Contact

    begun = time.perf_counter()
    with connection.cursor() as cursor:
        for statement, model in ((CONTACTS, Contact), (CASES, Case), (EVENTS, Event)):
            cursor.execute(_whole(statement, model), {"first": first, "end": end - 1})
        cursor.execute("VACUUM ANALYZE")
    print(f"{end:,} cases written in {time.perf_counter() - begun:.0f} s", flush=True)


def _whole(statement: str, model: type[Model]) -> str:
    """The statement with what the model fills in by itself for columns that it doesn't name: one added later, too."""
    named = set(
        statement.partition("INSERT INTO")[2].partition("(")[2].partition(")")[0].replace("\n", " ").split(", ")
    )
    more = {
        field.column: getattr(field.default, "value", field.default)
        for field in model._meta.concrete_fields
        if isinstance(field.default, str | int) and field.column not in {each.strip() for each in named}
    }
    values = [f"'{value}'" if isinstance(value, str) else str(value) for value in more.values()]
    return statement.replace(" AND_COLUMNS", "".join(f", {name}" for name in more)).replace(
        " AND_VALUES", "".join(f", {value}" for value in values)
    )


CONTACTS = """
INSERT INTO people_contact (phone, name, language, created_at AND_COLUMNS)
SELECT '+849' || lpad((n / 3)::text, 8, '0'), 'Người ' || n / 3, 'vi', now() AND_VALUES
FROM generate_series(%(first)s::bigint, %(end)s::bigint) n ON CONFLICT (phone) DO NOTHING
"""
CASES = """
WITH t AS (SELECT array_agg(id) AS ids FROM directory_topic), p AS (SELECT array_agg(id) AS ids FROM directory_place),
a AS (SELECT array_agg(id ORDER BY id) AS ids FROM directory_agency)
INSERT INTO cases_case (code, state, channel, contact_id, text, topic_id, place_id, address, visibility, language, urgent,
  confidential, lead_id, received_at, assign_by, due_at, answered_at, events_count, search AND_COLUMNS)
SELECT lpad(n::text, 11, '0'), state, (ARRAY['voice','voice','voice','sms','web'])[1 + n %% 5], c.id, said,
  t.ids[1 + n %% cardinality(t.ids)], p.ids[1 + n %% cardinality(p.ids)], '', 'private', 'vi', n %% 50 = 0, n %% 200 = 0,
  CASE WHEN state IN ('received', 'handed_back') THEN NULL ELSE a.ids[1 + n %% cardinality(a.ids)] END, at,
  at + interval '30 minutes', at + interval '5 days',
  CASE WHEN state = 'answered' THEN at + (n %% 150) * interval '1 hour' END, 2, to_tsvector('simple', plain) AND_VALUES
FROM generate_series(%(first)s::bigint, %(end)s::bigint) n
JOIN people_contact c ON c.phone = '+849' || lpad((n / 3)::text, 8, '0')
CROSS JOIN t CROSS JOIN p CROSS JOIN a
CROSS JOIN LATERAL (SELECT now() - (n * 7919 %% 94608000) * interval '1 second' AS at,
  CASE WHEN n %% 100 > 0 THEN 'answered'
       ELSE (ARRAY['received','assigned','in_progress','handed_back'])[1 + n / 100 %% 4] END AS state,
  'Rác tràn ra hè phố trước số nhà ' || n %% 997 || ', ngõ ' || n %% 7919 || ', mấy hôm nay chưa ai dọn' AS said,
  'rac tran ra he pho truoc so nha ' || n %% 997 || ' ngo ' || n %% 7919 || ' may hom nay chua ai don' AS plain) made
"""
EVENTS = """
INSERT INTO cases_event (case_id, seq, action, state_before, state_after, channel, capacity, changed, happened_at AND_COLUMNS)
SELECT id, seq, action, '', state, channel, 'system', '{}', received_at + seq * interval '1 hour' AND_VALUES
FROM cases_case, (VALUES (1, 'register'), (2, 'answer')) AS told (seq, action)
WHERE code BETWEEN lpad(%(first)s::text, 11, '0') AND lpad(%(end)s::text, 11, '0')
"""

if __name__ == "__main__":
    raise SystemExit(main())
