"""Topics and agencies are written in one place: the same rules for a page and for a file, and each change on record."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from django.db import DatabaseError, transaction

from tests.city import HONG_BANG, LE_CHAN, LIGHTING, City
from tongdai.directory import exports, imports
from tongdai.directory.changes import history, writing
from tongdai.directory.changes.writing import ChangedMeanwhile, Refused, write
from tongdai.directory.denunciations import set_handlers
from tongdai.directory.models import Agency, Change, Topic
from tongdai.platform.clock import today

pytestmark = pytest.mark.django_db
PAGE, FILE = Change.How.PAGE, Change.How.FILE


def table(folder: Path, text: str) -> Path:
    file = folder / "table.csv"
    file.write_bytes(text.encode())
    return file


def test_a_change_is_on_record_with_what_was_before_by_codes(city: City) -> None:
    topic = city.topics["lighting"]
    differs = write(topic, {"agency": city.agencies[HONG_BANG], "limit_hours": 24, "name": "Chiếu sáng"}, how=PAGE)
    change = Change.objects.get()
    assert differs == ["agency", "limit_hours"] and (change.table, change.row, change.how) == (
        "topics",
        topic.pk,
        "page",
    )
    assert change.before == {"agency": city.agencies[LIGHTING].code, "limit_hours": 40}
    assert change.after == {"agency": city.agencies[HONG_BANG].code, "limit_hours": 24}


def test_what_is_as_it_was_writes_nothing(city: City) -> None:
    assert write(city.topics["lighting"], {"name": "Chiếu sáng", "limit_hours": 40}, how=PAGE) == []
    assert not Change.objects.exists()


def test_the_record_of_changes_is_added_to_and_never_changed(city: City) -> None:
    write(city.topics["lighting"], {"limit_hours": 24}, how=PAGE)
    for spoil in (lambda: Change.objects.update(after={}), lambda: Change.objects.all().delete()):
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            spoil()


def test_a_file_is_held_to_the_same_rules_and_stands_in_the_history(city: City, tmp_path: Path) -> None:
    city.case("Rác tràn ra hè phố", lead=LE_CHAN)
    code, yesterday = city.agencies[LE_CHAN].code, today() - timedelta(days=1)
    text = exports.table("agencies").lstrip("\ufeff")
    line = next(each for each in text.splitlines() if each.startswith(f"{code},"))
    ended = table(tmp_path, f"{text.splitlines()[0]}\n{line}{yesterday}\n")
    done = imports.load("agencies", ended)
    assert len(done.problems) == 1
    assert done.problems[0].startswith("Dòng 2, cột valid_to: chưa kết thúc được: còn 1 phiếu đang mở")
    assert Agency.objects.get(code=code).valid_to is None and not Change.objects.exists()

    renamed = table(tmp_path, f"{text.splitlines()[0]}\n{line.replace(LE_CHAN, 'UBND quận Lê Chân')}\n")
    imports.load("agencies", renamed)
    assert Change.objects.get().how == FILE and Change.objects.get().before == {"name": LE_CHAN}


def test_a_file_makes_no_circle(city: City, tmp_path: Path) -> None:
    write(city.topics["lighting"], {"parent": city.topics["waste"]}, how=PAGE)
    done = imports.load("topics", table(tmp_path, "code,name,limit_hours,parent,by_place\nwaste,Rác,40,lighting,có\n"))
    assert [problem.split(":")[0] for problem in done.problems] == ["Dòng 2, cột parent"]


def test_what_ended_takes_nothing_new(city: City) -> None:
    write(city.agencies[LIGHTING], {"valid_to": today() - timedelta(days=1)}, how=PAGE)
    with pytest.raises(Refused) as refused:
        write(city.topics["waste"], {"agency": city.agencies[LIGHTING]}, how=PAGE)
    assert list(refused.value.wrong) == ["agency"]
    write(city.topics["lighting"], {"limit_hours": 24}, how=PAGE)  # what it had before stays, and is not judged anew


def test_set_handlers_is_on_record_for_each_agency_that_changes(city: City) -> None:
    set_handlers([city.agencies[HONG_BANG].pk])
    assert [(each.before, each.after) for each in Change.objects.order_by("row")] == [
        ({"handles_denunciations": False}, {"handles_denunciations": True}),
        ({"handles_denunciations": True}, {"handles_denunciations": False}),
    ]


def test_who_is_second_learns_of_the_first(city: City) -> None:
    topic = city.topics["lighting"]
    write(topic, {"limit_hours": 24}, how=PAGE, seen=0)
    with pytest.raises(ChangedMeanwhile) as meanwhile:
        write(topic, {"limit_hours": 16}, how=PAGE, seen=0)
    assert [each.after for each in meanwhile.value.changes] == [{"limit_hours": 24}]


def test_typing_and_a_newer_change_are_put_together_column_by_column(city: City) -> None:
    topic = city.topics["lighting"]
    write(topic, {"limit_hours": 24, "name": "Đèn đường"}, how=PAGE)
    topic.refresh_from_db()
    typed = {"limit_hours": 40, "name": "Đèn ngõ", "urgent": True}  # the limit as it was, the other two typed
    together = history.merged(topic, typed, history.since(topic, 0))
    assert together == {"limit_hours": 24, "name": "Đèn ngõ", "urgent": True}


def test_what_is_put_back_can_be_put_back(city: City) -> None:
    topic = city.topics["lighting"]
    write(topic, {"valid_to": date(2099, 1, 1)}, how=PAGE)
    writing.put_back(Change.objects.get())
    topic.refresh_from_db()
    assert topic.valid_to is None
    writing.put_back(Change.objects.order_by("-pk")[0])
    topic.refresh_from_db()
    assert topic.valid_to == date(2099, 1, 1)


def test_a_new_row_is_ended_and_not_put_back(city: City) -> None:
    made = Topic(code="cay-xanh")
    write(made, {"name": "Cây xanh"}, how=PAGE)
    with pytest.raises(Refused, match="cho kết thúc"):
        writing.put_back(Change.objects.get())


def test_putting_back_is_held_to_the_rules_of_today(city: City) -> None:
    agency, topic = city.agencies[LIGHTING], city.topics["lighting"]
    write(topic, {"agency": city.agencies[HONG_BANG]}, how=PAGE)
    moved = Change.objects.get()
    write(agency, {"valid_to": today() - timedelta(days=1)}, how=PAGE)
    with pytest.raises(Refused, match="đã kết thúc"):
        writing.put_back(moved)


def test_a_code_is_made_of_the_name(city: City) -> None:
    assert writing.code_for("Chiếu sáng, đèn đường!", Topic) == "chieu-sang-den-duong"
    write(Topic(code="chieu-sang"), {"name": "Chiếu sáng"}, how=PAGE)
    assert writing.code_for("Chiếu sáng", Topic) == "chieu-sang-2"
    assert len(writing.code_for("x" * 200, Topic)) <= 60 and writing.code_for("!!!", Topic) == "muc"
