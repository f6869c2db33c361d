"""Plain text stands before the official one, whoever wrote it and in whatever order the files come."""

from __future__ import annotations

import importlib
import json
import os
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps

from tests.city import City
from tongdai.accounts.models import Role
from tongdai.knowledge.answers import plain_text, publishing, versions
from tongdai.knowledge.answers.plain_text import Writer
from tongdai.knowledge.importing import exports, seed
from tongdai.knowledge.importing.procedures import imports
from tongdai.knowledge.models import Procedure, State

pytestmark = pytest.mark.django_db
REAL = Path(os.environ.get("TONGDAI_TEST_DATA", "../shared/data")) / "procedures.jsonl.gz"
MARRIAGE = "1.000894"
HEAD = "Hình thức nộpThời gianPhí, lệ phíMô tả"


def national(**more: str) -> dict[str, str]:
    """The portal's record of a procedure that the product ships in plain words."""
    usual = {
        "ma_thu_tuc": MARRIAGE, "ten_thu_tuc": "Thủ tục đăng ký kết hôn", "cap_thuc_hien": "Cấp xã", "linh_vuc": "Hộ tịch",
        "doi_tuong_thuc_hien": "Công dân Việt Nam", "ket_qua_xu_ly": "Bản chính Giấy chứng nhận kết hôn;",
        "trinh_tu_thuc_hien": "Người có yêu cầu nộp hồ sơ.\nCơ quan có thẩm quyền thụ lý.", "so_quyet_dinh": "QĐ/0002",
        "cach_thuc_thuc_hien": f"{HEAD}Trực tiếp1Miễn phí",
    }  # fmt: skip
    return usual | more


def load(city: City, tmp_path: Path, *records: dict[str, Any], **how: bool) -> imports.Outcome:
    file = tmp_path / "a.jsonl"
    file.write_text("\n".join(json.dumps(each) for each in records), "utf-8")
    at = city.at("2026-03-01 08:00")
    return imports.load(file, at=at, today=at.date(), **how)


def start(city: City) -> imports.Outcome:
    at = city.at("2026-03-02 08:00")
    return seed.start(at=at, today=at.date())


def write(city: City, row: Procedure, **words: object) -> None:
    """An editor writes, another approves, it is published."""
    row.refresh_from_db()
    writer, reader = city.coordinator, city.staff(Role.SUPERVISOR, "Lê Thị Mai")
    at, seen = city.at("2026-03-03 08:00"), publishing.mark_of(row, None)
    held = publishing.save_draft(row, versions.content_of(row) | words, by=writer, at=at, seen=seen)
    publishing.approve(row, by=reader, seen=publishing.mark_of(row, held))
    publishing.publish(row, by=reader, at=at)
    row.refresh_from_db()


def words_of(row: Procedure) -> dict[str, Any]:
    return {name: getattr(row, name) for name in plain_text.SHIPPED}


def test_nothing_shipped_in_plain_words_is_replaced_and_the_official_text_stands_beside_it(
    knowing: City, tmp_path: Path
) -> None:
    row = Procedure.objects.get(code=MARRIAGE)
    shipped = words_of(row)

    done = load(knowing, tmp_path, national())

    row.refresh_from_db()
    assert {name: value for name, value in words_of(row).items() if shipped[name]} == {
        name: value for name, value in shipped.items() if value
    }
    assert plain_text.official_of(row, "steps") == ["Người có yêu cầu nộp hồ sơ.", "Cơ quan có thẩm quyền thụ lý."]
    assert plain_text.official_of(row, "result") == "Bản chính Giấy chứng nhận kết hôn"
    assert row.decision == "QĐ/0002"  # what has no plain text is filled
    assert row.troubles == [] and [each["at"] for each in row.plain["ways"]["doubts"]] == ["time"]
    assert done.changed[MARRIAGE] == ["decision"] and "steps" in done.standing[MARRIAGE]
    assert not done.to_review and row.official_changed_at is None  # nothing had been known of the source before
    assert load(knowing, tmp_path, national()).unchanged == 1


def test_the_order_of_the_files_makes_no_difference(city: City, tmp_path: Path) -> None:
    load(city, tmp_path, national())
    start(city)
    after = Procedure.objects.get(code=MARRIAGE)
    Procedure.objects.all().delete()
    start(city)
    load(city, tmp_path, national())
    before = Procedure.objects.get(code=MARRIAGE)

    assert {name: getattr(after, name) for name in imports.IMPORTED} == {
        name: getattr(before, name) for name in imports.IMPORTED
    }
    assert after.plain == before.plain and len(before.plain) > 5
    assert start(city).unchanged == 42


def test_what_an_editor_wrote_stays_when_the_file_comes_again_and_when_the_shipped_words_do(
    city: City, tmp_path: Path
) -> None:
    load(city, tmp_path, national())
    row = Procedure.objects.get(code=MARRIAGE)
    write(city, row, result="Hai tờ giấy, mỗi người một tờ.")
    assert row.plain["result"]["official"] == "Bản chính Giấy chứng nhận kết hôn" and set(row.plain) == {"result"}

    done = load(city, tmp_path, national(so_quyet_dinh="QĐ/0003"))
    start(city)

    row.refresh_from_db()
    assert (row.result, row.decision) == ("Hai tờ giấy, mỗi người một tờ.", "QĐ/0003")
    assert row.plain["result"]["by"] == Writer.EDITOR and row.plain["steps"]["by"] == Writer.STARTER
    assert done.standing == {MARRIAGE: ["result"]} and (done.texts_standing, done.texts_to_review) == (1, 0)


def test_a_law_that_changes_under_plain_text_is_to_be_looked_at_until_it_changes_back(
    knowing: City, tmp_path: Path
) -> None:
    row = Procedure.objects.get(code=MARRIAGE)
    load(knowing, tmp_path, national())
    read = row.result
    version = Procedure.objects.get(code=MARRIAGE).version

    done = load(knowing, tmp_path, national(ket_qua_xu_ly="Bản điện tử;"))

    row.refresh_from_db()
    assert (row.result, row.version) == (read, version + 1)  # whoever writes on it now is told
    assert done.to_review == {MARRIAGE: ["result"]} and done.beside == {MARRIAGE: ["result"]} and not done.changed
    assert row.official_changed_at == knowing.at("2026-03-01 08:00")
    assert (row.plain["result"]["before"], row.plain["result"]["official"]) == (
        "Bản chính Giấy chứng nhận kết hôn", "Bản điện tử")  # fmt: skip
    load(knowing, tmp_path, national(ket_qua_xu_ly="Bản điện tử có mã;"))
    row.refresh_from_db()
    assert row.plain["result"]["before"] == "Bản chính Giấy chứng nhận kết hôn"  # what an editor saw last

    load(knowing, tmp_path, national())

    row.refresh_from_db()
    assert plain_text.to_review(row) == [] and row.official_changed_at is None


def test_a_dry_run_says_the_same_and_writes_nothing(knowing: City, tmp_path: Path) -> None:
    before = list(Procedure.objects.values_list("pk", "plain", "version"))

    tried = load(knowing, tmp_path, national(), dry_run=True)

    assert list(Procedure.objects.values_list("pk", "plain", "version")) == before
    assert tried == load(knowing, tmp_path, national())


def test_a_name_in_doubt_withdraws_no_procedure_that_has_a_plain_one(knowing: City, tmp_path: Path) -> None:
    load(knowing, tmp_path, national(ten_thu_tuc="Công bố Danh mục và Quy trình nội bộ thủ tục của Sở"))

    row = Procedure.objects.get(code=MARRIAGE)
    assert (row.name, row.state) == ("Đăng ký kết hôn", State.PUBLISHED)


def test_what_is_exported_brings_plain_and_official_text_to_another_city(knowing: City, tmp_path: Path) -> None:
    load(knowing, tmp_path, national())
    write(knowing, Procedure.objects.get(code=MARRIAGE), result="Hai tờ giấy.")
    lines = [json.loads(line) for line in exports.procedures(Procedure.objects.all())]
    fields = ("code", "plain", *imports.IMPORTED)
    before = list(Procedure.objects.order_by("code").values(*fields))
    assert load(knowing, tmp_path, *lines).unchanged == 42

    Procedure.objects.all().delete()
    load(knowing, tmp_path, *lines)

    assert list(Procedure.objects.order_by("code").values(*fields)) == before
    assert load(knowing, tmp_path, national(ket_qua_xu_ly="Bản điện tử;")).to_review == {MARRIAGE: ["result"]}


@pytest.mark.parametrize(
    "plain",
    [[], {"code": {"by": "editor"}}, {"name": {"by": "god"}}, {"steps": {"by": "editor", "official": "một"}},
     {"name": {"by": "editor", "doubts": [1]}}],
)  # fmt: skip
def test_plain_text_of_the_wrong_shape_is_no_plain_text(city: City, tmp_path: Path, plain: object) -> None:
    done = load(city, tmp_path, {"code": "9.000001", "name": "Cấp giấy", "plain": plain})

    assert done.problems and "phần “plain” không đúng dạng" in done.problems[0] and not Procedure.objects.exists()


def test_a_city_of_before_keeps_as_plain_what_is_the_products_or_was_written_by_hand(
    knowing: City, tmp_path: Path
) -> None:
    def new(number: int) -> dict[str, str]:
        return national(ma_thu_tuc=f"9.00000{number}", ten_thu_tuc=f"Cấp giấy số {number}")

    load(knowing, tmp_path, *map(new, range(1, 5)))
    untouched, by_hand, replaced, settled = Procedure.objects.filter(code__startswith="9.").order_by("code")
    birth = Procedure.objects.get(code="1.001193")
    shipped = {row.pk: row.plain for row in Procedure.objects.exclude(code__startswith="9.")}
    write(knowing, by_hand, result="Hai tờ giấy.")
    write(knowing, replaced, result="Một tờ giấy.", place="Nhà văn hóa")
    write(knowing, settled, troubles=[])
    write(knowing, birth, summary="Lời của thành phố.")
    replaced.plain = {}
    replaced.save()
    load(knowing, tmp_path, new(3) | {"ket_qua_xu_ly": "Giấy;"})  # as it went before: the file wrote over her words
    replaced.refresh_from_db()
    assert replaced.result == "Giấy" and replaced.place == "Nhà văn hóa"
    Procedure.objects.update(plain={})
    Procedure.objects.filter(code=MARRIAGE).update(source="https://dichvucong.gov.vn/1")  # the file has been here

    importlib.import_module("tongdai.knowledge.migrations.0007_plain_text").forwards(apps, None)

    found = {row.code: row.plain for row in Procedure.objects.all()}
    assert found[untouched.code] == {}
    assert found[by_hand.code] == {"result": {
        "by": "editor", "official": "Bản chính Giấy chứng nhận kết hôn", "doubts": []}}  # fmt: skip
    assert found[replaced.code] == {"place": {"by": "editor", "official": "", "doubts": []}}
    assert set(found[settled.code]) == {"ways"} and found[settled.code]["ways"]["doubts"][0]["at"] == "time"
    assert found[birth.code].pop("summary") == {"by": "editor", "doubts": []}
    shipped[birth.pk].pop("summary")
    marriage = Procedure.objects.get(code=MARRIAGE)
    assert found[MARRIAGE]["papers"].pop("official") == marriage.papers and "official" not in found[MARRIAGE]["place"]
    for entry in found[MARRIAGE].values():
        entry.pop("official", None)
    assert {row.pk: found[row.code] for row in Procedure.objects.filter(pk__in=shipped)} == shipped


@pytest.mark.skipif(not REAL.exists(), reason=f"{REAL} is not here")
def test_the_real_file_leaves_the_42_shipped_procedures_as_they_are(knowing: City) -> None:
    at, shipped = knowing.at("2026-11-25 08:00"), {row.code: words_of(row) for row in Procedure.objects.all()}

    done = imports.load(REAL, at=at, today=at.date())

    rows = Procedure.objects.filter(code__in=shipped)
    assert len(done.added) == 2600 and not done.to_review
    for row in rows:
        assert {name: value for name, value in words_of(row).items() if shipped[row.code][name]} == {
            name: value for name, value in shipped[row.code].items() if value
        }
        assert all("official" in row.plain[name] for name in plain_text.plain_fields(row)) and row.source
    assert done.texts_standing == sum(len(plain_text.plain_fields(row)) for row in rows) > 300
    assert imports.load(REAL, at=at, today=at.date()).unchanged == 2642
