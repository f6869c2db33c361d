"""Procedures in: the national portal's records with their traps, and what happens when a file comes again."""

from __future__ import annotations

import json
import os
from datetime import date
from pathlib import Path

import pytest
import xlsxwriter

from tests.city import City
from tongdai.knowledge.ask import ask
from tongdai.knowledge.importing import seed
from tongdai.knowledge.importing.procedures import imports, portal_format
from tongdai.knowledge.importing.procedures.files import SHAPES
from tongdai.knowledge.importing.procedures.twins import same_name
from tongdai.knowledge.importing.sheets import NotATable
from tongdai.knowledge.models import Procedure, State, Version
from tongdai.knowledge.search.certainty.result import Certainty

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 25)
REAL = Path(os.environ.get("TONGDAI_TEST_DATA", "../shared/data")) / "procedures.jsonl.gz"
HEAD = "Hình thức nộpThời gianPhí, lệ phíMô tả"
PAPERS = "Tên giấy tờMẫu đơn, tờ khaiSố lượng"


def record(**said: str) -> dict[str, str]:
    usual = {"ma_thu_tuc": "9.000001", "ten_thu_tuc": "Thủ tục cấp giấy thử", "cap_thuc_hien": "Cấp xã",
             "linh_vuc": "Thử", "doi_tuong_thuc_hien": "Công dân Việt Nam"}  # fmt: skip
    return usual | said


def troubles(**said: str) -> set[str]:
    return {trouble.at for trouble in portal_format.read(record(**said), today=TODAY).troubles}


@pytest.mark.parametrize(
    ("ways", "limit", "fee", "doubts"),
    [
        (f"{HEAD}Trực tiếp5 Ngày làm việcMiễn phí", "5 ngày làm việc", "Miễn phí", set()),
        (f"{HEAD}Trực tiếp7 Ngày200,000 VNĐ(đồng/lần)", "7 ngày", "200,000 VNĐ (đồng/lần)", set()),
        (f"{HEAD}Trực tuyến1Miễn phí", "", "Miễn phí", {"time"}),
        (f"{HEAD}Trực tuyến1100 VNĐ", "", "", {"time", "fee"}),
        (f"{HEAD}Trực tiếp3 NgàyMiễn phí(Mức thu do HĐND quyết định)", "3 ngày", "", {"fee"}),
        (f"{HEAD}Trực tiếp3 NgàyMiễn phí(Không có)", "3 ngày", "Miễn phí", set()),
        (f"{HEAD}Trực tiếp4 Ngày50,000 VNĐ(Giảm một nửa đến 30/6/2026)", "4 ngày", "", {"fee"}),
        (
            f"{HEAD}Trực tiếp15 Ngày700 VNĐ(Phí thẩm định: 700.000 đồng/cơ sở)",
            "15 ngày",
            "Phí thẩm định: 700.000 đồng/cơ sở",
            set(),
        ),
        (f"{HEAD}Trực tiếp15 Ngày850 VNĐ", "15 ngày", "", {"fee"}),
        (f"{HEAD}Trực tiếp3 NgàyMiễn phí(Dưới 5 tấn: 50.000 đồng)", "3 ngày", "Dưới 5 tấn: 50.000 đồng", set()),
        (f"{HEAD}Trực tuyến123 VNĐ(In lại: 23.000 đồng)", "", "In lại: 23.000 đồng", {"time"}),
        (
            f"{HEAD}Trực tiếp4 Ngày50,000 VNĐ(theo Thông tư ngày 30/6/2025)",
            "4 ngày",
            "50,000 VNĐ (theo Thông tư ngày 30/6/2025)",
            set(),
        ),
        (f"{HEAD}Trực tiếpKhông có thông tinKhông có thông tin", "", "", set()),
    ],
)
def test_time_and_fee_are_read_or_left_to_an_editor_never_guessed(
    ways: str, limit: str, fee: str, doubts: set[str]
) -> None:
    read = portal_format.read(record(cach_thuc_thuc_hien=ways), today=TODAY)

    assert [(way["time_limit"], way["fee"]) for way in read.ways] == [(limit, fee)]
    assert {trouble.at for trouble in read.troubles} == doubts
    assert all(trouble.what for trouble in read.troubles)


def test_papers_come_with_their_counts_and_forms() -> None:
    text = f"* Giấy tờ phải nộp:{PAPERS}- Tờ khai đề nghịMau 01.docx1 bản chính- Căn cước0 bản chính,2 bản sao"

    assert portal_format.read(record(thanh_phan_ho_so=text), today=TODAY).papers == [
        {"name": "Tờ khai đề nghị", "originals": 1, "copies": 0, "form": "Mau 01.docx", "note": ""},
        {"name": "Căn cước", "originals": 0, "copies": 2, "form": "", "note": ""},
    ]


def test_a_heading_says_in_which_case_papers_are_needed_and_remarks_are_no_papers() -> None:
    remark = "Trường hợp không khai thác được thông tin thì xuất trình bản chính giấy tờ"
    text = f"--{PAPERS}Đơn1 bản chính{remark}0 bản chínhTrường hợp ủy quyền:{PAPERS}Văn bản ủy quyền1 bản chính"

    read = portal_format.read(record(thanh_phan_ho_so=text), today=TODAY)

    assert [(each["name"], each["note"]) for each in read.papers] == [
        ("Đơn", ""), ("Văn bản ủy quyền", "Chỉ với trường hợp ủy quyền"),
    ]  # fmt: skip
    assert read.requirements == remark


def test_steps_that_spilled_into_the_papers_are_left_to_an_editor() -> None:
    assert troubles(
        trinh_tu_thuc_hien="Bước 1. Lập hồ sơ theo mục 9.3 (",
        thanh_phan_ho_so=") và nộp cho cơ quan BHXH.\nBước 2. Nhận",
    ) == {"papers", "steps"}


def test_a_decisions_title_is_no_name_and_the_record_waits_unseen(city: City, tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    file.write_text(json.dumps(record(ten_thu_tuc="Công bố Danh mục và Quy trình nội bộ thủ tục của Sở")), "utf-8")

    done = imports.load(file, at=city.at("2026-03-01 08:00"), today=TODAY)

    assert done.troubled == {"9.000001": ["name"]}
    assert Procedure.objects.get().state == State.DRAFT


def test_a_name_is_one_line_composed_and_without_thu_tuc() -> None:
    read = portal_format.read(record(ten_thu_tuc="Thủ tục  ca\u0302\u0301p   giấy\nthử "), today=TODAY)

    assert read.name == "Cấp giấy thử"


def test_laws_are_named_once_by_their_numbers() -> None:
    text = ("Tên văn bản pháp lýMã văn bảnLuật 61/2014/QH1361/2014/QH13Nghị định số 123/2015/NĐ-CP ngày 15/11/2015 quy định"
            "123/2015/NĐ-CPThông tư 17/2015/TT-NHNN17/2015/TT-NHNN")  # fmt: skip

    laws = portal_format.read(record(can_cu_phap_ly=text), today=TODAY).legal_basis

    assert [(law["title"], law["number"]) for law in laws] == [
        ("Luật", "61/2014/QH13"), ("Nghị định", "123/2015/NĐ-CP"), ("Thông tư", "17/2015/TT-NHNN"),
    ]  # fmt: skip


def test_the_same_file_again_changes_nothing_a_change_is_named_and_what_is_gone_is_repealed(
    city: City, tmp_path: Path
) -> None:
    file, at = tmp_path / "a.jsonl", city.at("2026-03-01 08:00")

    def load(*records: dict[str, str], **how: bool) -> imports.Outcome:
        file.write_text("\n".join(json.dumps(each) for each in records), "utf-8")
        return imports.load(file, at=at, today=TODAY, **how)

    two = record(ma_thu_tuc="9.000002", ten_thu_tuc="Đổi giấy thử")
    assert load(record(), two, dry_run=True).added == ["9.000001", "9.000002"]
    assert Procedure.objects.count() == 0
    assert load(record(), two).added == ["9.000001", "9.000002"]
    assert load(record(), two).unchanged == 2

    done = load(record(ket_qua_xu_ly="Giấy thử mới"), whole=True)

    assert done.changed == {"9.000001": ["result"]} and done.repealed == ["9.000002"]
    assert Version.objects.filter(kind="procedure").count() == 2
    assert Procedure.objects.get(code="9.000002").valid_to == date(2026, 11, 24)
    assert load(record(ket_qua_xu_ly="Giấy thử mới"), two).changed == {"9.000002": ["valid_to"]}


def test_twins_are_one_answer_the_lowest_level_first(city: City, tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    names = (("9.000001", "Cấp lại thẻ thử (thực hiện tại cấp trung ương)", "Cấp bộ"),
             ("9.000002", "Cấp lại thẻ thử (thực hiện tại cấp tỉnh)", "Cấp tỉnh"),
             ("9.000003", "Cấp lại thẻ thử", "Cấp xã"))  # fmt: skip
    lines = (json.dumps(record(ma_thu_tuc=code, ten_thu_tuc=name, cap_thuc_hien=level)) for code, name, level in names)
    file.write_text("\n".join(lines), "utf-8")
    imports.load(file, at=city.at("2026-03-01 08:00"), today=TODAY)

    (found,) = ask("cap lai the thu").answers
    assert found.answer.code == "9.000003"
    assert sorted(twin.code for twin in found.answer.twins.all()) == ["9.000001", "9.000002"]
    assert same_name("Cấp hộ chiếu (thực hiện tại cấp tỉnh)") == same_name("Cấp hộ chiếu ")


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"so;dia chi\n1;2\n", b"<html>dang nhap</html>"])
def test_a_file_of_something_else_is_refused_in_words(city: City, tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes(content)
    with pytest.raises(NotATable) as told:
        imports.load(file, at=city.at("2026-03-01 08:00"), today=TODAY)
    assert str(told.value)


def test_a_table_is_taken_as_well_and_wrong_lines_are_named(city: City, tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text(
        'code;name;steps;papers\n9.000001;Cấp giấy;"Nộp\nNhận";"Tờ khai;1;0"\n;Không mã;;\n9.000001;Trùng;;\n',
        encoding="utf-8-sig",
    )
    done = imports.load(file, at=city.at("2026-03-01 08:00"), today=TODAY)

    made = Procedure.objects.get()
    assert (made.steps, made.papers[0]["name"], made.papers[0]["originals"]) == (["Nộp", "Nhận"], "Tờ khai", 1)
    assert len(done.problems) == 2


@pytest.mark.skipif(not REAL.exists(), reason=f"{REAL} is not here")
def test_the_real_file_is_imported_and_its_troubled_records_are_listed(city: City) -> None:
    done = imports.load(REAL, at=city.at("2026-11-25 08:00"), today=TODAY)
    seed.words()
    seed.aliases(done.added)

    assert len(done.added) == 2642 and not done.problems
    doubts = [part for parts in done.troubled.values() for part in parts]
    assert doubts.count("name") == 7  # a decision's title
    assert doubts.count("time") >= 312  # run together with the fee
    assert doubts.count("steps") >= 22  # social and health insurance
    assert doubts.count("fee") >= 52  # "Miễn phí" with the true fee in brackets
    found = ask("mất bằng lái xe làm lại ở đâu")
    assert (found.answers[0].answer.code, found.certainty, found.part) == ("3.000348", Certainty.FOUND, "where")
    assert imports.load(REAL, at=city.at("2026-11-25 09:00"), today=TODAY).unchanged == 2642


def loaded(city: City, file: Path, **how: bool) -> imports.Outcome:
    return imports.load(file, at=city.at("2026-03-01 08:00"), today=TODAY, **how)


@pytest.mark.parametrize(
    ("said", "part"),
    [
        ({"papers": "chuỗi"}, "papers"),
        ({"papers": ["chuỗi"]}, "papers"),
        ({"ways": [{"way": ["online"]}]}, "ways"),
        ({"steps": "một bước"}, "steps"),
        ({"summary": 5}, "summary"),
        ({"code": ["9.000002"]}, "code"),
        ({"troubles": ["fee"]}, "troubles"),
        ({"field": "x" * 301}, "field"),
    ],
)
def test_a_line_of_the_wrong_shape_is_named_and_the_others_are_taken(
    city: City, tmp_path: Path, said: dict[str, object], part: str
) -> None:
    file = tmp_path / "a.jsonl"
    lines = ({"code": "9.000002", "name": "Z"} | said, {"code": "9.000003", "name": "Cấp giấy"})
    file.write_text("\n".join(json.dumps(each) for each in lines), "utf-8")

    done = loaded(city, file)

    assert done.added == ["9.000003"]
    assert len(done.problems) == 1 and f"Dòng 1: phần “{part}”" in done.problems[0]


def test_an_array_of_procedures_is_taken_as_lines_are(city: City, tmp_path: Path) -> None:
    file = tmp_path / "a.json"
    file.write_text(json.dumps([record(), {"code": "9.000003", "name": "Cấp giấy"}, 7], indent=1), "utf-8-sig")

    done = loaded(city, file)

    assert done.added == ["9.000001", "9.000003"] and done.problems == ["Dòng 3: không phải một thủ tục"]
    file.write_text("[{", "utf-8")
    with pytest.raises(NotATable, match="danh sách JSON bị hỏng"):
        loaded(city, file)


def test_a_code_that_a_spreadsheet_read_as_a_number_is_no_new_procedure(city: City, tmp_path: Path) -> None:
    file = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(str(file)) as book:
        sheet = book.add_worksheet()
        sheet.write_row("A1", ["Mã thủ tục", "Tên thủ tục"])
        sheet.write_row("A2", [1.00489, "Đăng ký"])
        sheet.write_row("A3", ["1.004890", "Đăng ký"])

    done = loaded(city, file)

    assert done.added == ["1.004890"] and "mã “1.00489” thiếu chữ số" in done.problems[0]


def test_parts_of_a_cell_are_parted_by_either_mark(city: City, tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text(
        'code,name,papers,ways\n9.000001,Cấp giấy,"Tờ khai;1;0\nẢnh | ² | 2",'
        '"trực tiếp | 20 ngày; nhà ở: 15 ngày | Miễn phí\nonline;1 ngày;Miễn phí;ghi; thêm"\n',
        encoding="utf-8-sig",
    )
    done = loaded(city, file)

    made = Procedure.objects.get()
    assert [(each["name"], each["originals"], each["copies"]) for each in made.papers] == [
        ("Tờ khai", 1, 0), ("Ảnh", 0, 2)]  # fmt: skip
    assert done.troubled == {"9.000001": ["papers"]}  # ² is no number of copies
    assert [tuple(each[part] for part in SHAPES["ways"]) for each in made.ways] == [
        ("in_person", "20 ngày; nhà ở: 15 ngày", "Miễn phí", ""), ("online", "1 ngày", "Miễn phí", "ghi; thêm")]  # fmt: skip
