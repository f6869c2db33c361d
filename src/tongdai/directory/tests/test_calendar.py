"""Hours as people write them; each change of the calendar is a version."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest

from tongdai.directory.calendar.hours import WrongHours, hours_table, load_hours, read_hours, write_hours
from tongdai.directory.calendar.versions import save_version, set_week, version
from tongdai.directory.calendar.working_days import city_days
from tongdai.directory.imports import NotThisTable
from tongdai.directory.models import CalendarVersion, Holiday, WorkingHours

MORNING, AFTERNOON = (time(7, 30), time(11, 30)), (time(13), time(17))
AT = datetime(2026, 11, 28, 3, tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "spans"),
    [
        ("7:30-11:30, 13:00-17:00", (MORNING, AFTERNOON)),
        ("13h–17h; 7h30 – 11h30", (MORNING, AFTERNOON)),
        ("7g30-11g30 và 13-17", (MORNING, AFTERNOON)),
        ("7 giờ 30 - 11 giờ 30", (MORNING,)),
        ("8.00-12.00", ((time(8), time(12)),)),
        ("7:00-9:00, 9:00-11:00, 18:00-20:00", ((time(7), time(9)), (time(9), time(11)), (time(18), time(20)))),
        ("", ()),
    ],
)
def test_hours_are_read_as_people_write_them(typed: str, spans: tuple[tuple[time, time], ...]) -> None:
    assert read_hours(typed) == spans
    assert read_hours(write_hours(spans)) == spans


@pytest.mark.parametrize("typed", ["7:30", "7:30-", "sáng", "25:00-26:00", "17-13", "7-11, 10-12", "7:99-8:00", "-"])
def test_hours_that_cannot_be_are_refused_in_words(typed: str) -> None:
    with pytest.raises(WrongHours):
        read_hours(typed)


@pytest.mark.django_db
def test_this_year_and_the_next_are_there_from_the_start() -> None:
    for year in (2026, 2027):
        tet = [each for each in city_days(year) if "Tết" in each.name or "Nguyên" in each.name]
        assert len(tet) >= 5 and not any(each.own for each in tet)
    assert {each.day for each in city_days(2027)} >= {date(2027, 4, 30), date(2027, 5, 1), date(2027, 9, 2)}


@pytest.mark.django_db
def test_a_change_is_a_version_and_no_change_is_none() -> None:
    save_version(at=AT)
    known = CalendarVersion.objects.count()
    assert save_version(at=AT) is None and CalendarVersion.objects.count() == known
    Holiday.objects.create(day=date(2026, 12, 24), name="Ngày của thành phố")
    made = save_version(at=AT)
    assert made and version(made.pk).spans(date(2026, 12, 24)) == ()
    before = CalendarVersion.objects.filter(pk__lt=made.pk).order_by("-pk")[0]
    assert version(before.pk).spans(date(2026, 12, 24)) != ()


@pytest.mark.django_db
def test_a_version_keeps_the_laws_days_of_then(monkeypatch: pytest.MonkeyPatch) -> None:
    made = save_version(at=AT)
    assert made
    monkeypatch.setattr("tongdai.directory.calendar.working_days.vietnamese_holiday", lambda day: "")  # the law changes
    assert version(made.pk).spans(date(2027, 9, 2)) == ()


@pytest.mark.django_db
def test_hours_go_out_as_csv_and_come_in_again(tmp_path: Path) -> None:
    file = tmp_path / "hours.csv"
    file.write_text(hours_table(), encoding="utf-8")
    assert load_hours(file, at=AT).unchanged == 7
    file.write_text("weekday;hours\n7;7:30-11:30\nthứ hai;\nCN;nghỉ\n", encoding="utf-8")
    wrong = load_hours(file, at=AT)
    assert wrong.problems == ["Dòng 4, cột hours: “nghỉ” không phải khoảng giờ; viết như 7:30-11:30, 13:00-17:00"]
    assert not WorkingHours.objects.filter(weekday=5).exists()
    file.write_text("weekday;hours\n7;7:30-11:30\nthứ hai;\n", encoding="utf-8")
    assert len(load_hours(file, at=AT).changed) == 2
    assert WorkingHours.objects.filter(weekday=5).exists() and not WorkingHours.objects.filter(weekday=0).exists()


@pytest.mark.django_db
def test_a_week_without_work_is_refused(tmp_path: Path) -> None:
    set_week({1: (MORNING,)})
    file = tmp_path / "hours.csv"
    file.write_text("weekday;hours\n3;\n", encoding="utf-8")
    with pytest.raises(NotThisTable):
        load_hours(file, at=AT)
