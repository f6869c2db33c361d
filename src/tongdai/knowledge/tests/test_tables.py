"""Tables as cities make them: merged cells, two header rows, dates as text, swapped coordinates, bombs, a death midway."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from pathlib import Path

import pytest
import xlsxwriter

from tests.city import City
from tongdai.knowledge.importing import sheets, workbook
from tongdai.knowledge.importing.dates import read_day
from tongdai.knowledge.importing.sheets import NotATable, labels_of, rows_of
from tongdai.knowledge.lookups import table_import
from tongdai.knowledge.lookups.row_search import nearest, rows_for
from tongdai.knowledge.models import LookupRow, LookupTable, State, TableImport
from tongdai.platform.decoders.functions import Refusal
from tongdai.platform.files.spreadsheets import plain

pytestmark = pytest.mark.django_db
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


@pytest.fixture(autouse=True)
def stored_apart(tmp_path: Path, settings) -> None:
    settings.STORAGES = settings.STORAGES | {
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path / "kept"},
        }
    }


def table(city: City, **fields) -> LookupTable:
    made = {"slug": "tram", "name": "Trạm y tế lưu động", "source": "Sở Y tế", "as_of": date(2022, 2, 1)} | fields
    return LookupTable.objects.create(state=State.PUBLISHED, updated_at=city.at("2022-02-01 08:00"), **made)


def taken(city: City, path: Path, **fields) -> LookupTable:
    made = table(city, **fields)
    work = table_import.begin(made, path, as_of=date(2022, 2, 10), by=None, at=city.at("2022-02-10 08:00"))
    table_import.take_in(work.pk)
    made.refresh_from_db()
    return made


def a_workbook(path: Path, fill) -> Path:
    with xlsxwriter.Workbook(str(path)) as book:
        fill(book, book.add_worksheet())
    return path


def a_csv(path: Path, *lines: str) -> Path:
    path.write_text("\n".join(lines), encoding="utf-8-sig")
    return path


def test_a_title_merged_cells_and_two_header_rows_are_read(city: City, tmp_path: Path) -> None:
    def fill(book, sheet) -> None:
        sheet.merge_range("A1:E1", "DANH SÁCH TRẠM Y TẾ LƯU ĐỘNG")
        sheet.merge_range("A2:A3", "Tên trạm")
        sheet.merge_range("B2:C2", "Địa chỉ")
        sheet.write_row("B3", ["Số nhà", "Phường"])
        sheet.merge_range("D2:D3", "Điện thoại")
        sheet.merge_range("E2:E3", "Từ ngày")
        sheet.write_row("A4", ["Trạm số 1", "12 Tô Hiệu", "Lê Chân", "0225 3 846 115"])
        sheet.write_datetime(
            "E4", __import__("datetime").datetime(2022, 2, 5), book.add_format({"num_format": "dd/mm/yyyy"})
        )

    made = taken(city, a_workbook(tmp_path / "tram.xlsx", fill))

    row = LookupRow.objects.get()
    assert [each["label"] for each in made.columns] == [
        "Tên trạm",
        "Địa chỉ Số nhà",
        "Địa chỉ Phường",
        "Điện thoại",
        "Từ ngày",
    ]
    assert (row.name, row.place, row.valid_from) == ("Trạm số 1", city.places["Lê Chân"], date(2022, 2, 5))


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("1.7.2025", date(2025, 7, 1)),
        ("01/07/25", date(2025, 7, 1)),
        ("2025-07-01", date(2025, 7, 1)),
        ("ngày 1 tháng 7 năm 2025", date(2025, 7, 1)),
        ("17:00 1.7.2025", date(2025, 7, 1)),
        ("31.2.2025", None),
        ("cuối tuần", None),
    ],
)
def test_days_as_people_write_them(text: str, day: date | None) -> None:
    assert read_day(text) == day


def test_swapped_coordinates_are_turned_and_said_so(city: City, tmp_path: Path) -> None:
    path = a_csv(
        tmp_path / "diem.csv",
        "Tên điểm;Vĩ độ;Kinh độ",
        "Đúng;20,8561;106,6822",
        "Đổi chỗ;106.6822;20.8561",
        "Ngoài khơi;51.5;-0.12",
        "Chữ;ở gần chợ;",
    )
    taken(city, path)

    points = dict(LookupRow.objects.values_list("name", "latitude"))
    assert points == {"Đúng": 20.8561, "Đổi chỗ": 20.8561, "Ngoài khơi": None, "Chữ": None}
    problems = TableImport.objects.get().problems
    assert len(problems) == 3 and problems[0].startswith("Dòng 3: vĩ độ và kinh độ bị đổi chỗ")


def test_an_import_that_dies_midway_goes_on_and_shows_nothing_by_halves(
    city: City, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(table_import, "BATCH", 10)
    made = taken(city, a_csv(tmp_path / "cu.csv", "Tên điểm;Phường", "Cũ;Lê Chân"))
    new = a_csv(tmp_path / "moi.csv", "Tên điểm;Phường", *(f"Điểm {n};Lê Chân" for n in range(35)))
    work = table_import.begin(made, new, as_of=date(2022, 2, 11), by=None, at=city.at("2022-02-11 08:00"))
    after, real = iter(range(2)), table_import._take_batch

    def dies(*args) -> None:
        if next(after, None) is None:
            raise KeyboardInterrupt  # the machine is switched off
        real(*args)

    monkeypatch.setattr(table_import, "_take_batch", dies)
    with pytest.raises(KeyboardInterrupt):
        table_import.take_in(work.pk)

    work.refresh_from_db()
    assert work.done == 20
    assert [row.name for row in rows_for("phường Lê Chân", tables=[LookupTable.objects.get()], most=99)] == ["Cũ"]

    monkeypatch.setattr(table_import, "_take_batch", real)
    table_import.take_in(work.pk)

    assert LookupRow.objects.count() == 35
    assert len(rows_for("phường Lê Chân", tables=[LookupTable.objects.get()], most=99)) == 35
    table_import.take_in(work.pk)
    assert LookupRow.objects.count() == 35


def test_a_zip_bomb_is_refused_before_it_is_opened(tmp_path: Path) -> None:
    bomb = tmp_path / "bang.xlsx"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as packed:
        for part in range(8):
            with packed.open(f"xl/worksheets/sheet{part}.xml", "w") as inside:
                for _megabyte in range(100):
                    inside.write(b"0" * 1024 * 1024)

    with pytest.raises(NotATable, match="quá lớn"):
        labels_of(bomb)
    assert bomb.stat().st_size < 2 * 1024 * 1024


FAR = {
    "a far cell": '<row r="2"><c r="A2"><v>1</v></c></row><row r="250000"><c r="ALL250000"><v>1</v></c></row>',
    "the last cell": '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
    "other quotes and a prefix": "<x:row r='9'><x:c r = 'xfd9000' ><x:v>1</x:v></x:c></x:row>",
    "cells that don't say where they are": '<row r="2">' + "<c><v>1</v></c>" * 20_000 + '</row><row r="2000"><c><v>1</v></c></row>',
    "zeros before": '<row r="2"><c r="XFD00000000000009000"><v>1</v></c></row>',
    "a cell of another row": '<row r="900000"><c r="A1"><v>1</v></c><c><v>1</v></c></row>',
    "no place at all": '<row r="2"><c r="2-9"><v>1</v></c></row>',
}  # fmt: skip


@pytest.mark.parametrize("rows", FAR.values(), ids=FAR.keys())
def test_a_sheet_that_reaches_too_far_is_refused_before_room_is_made_for_it(
    tmp_path: Path, rows: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = a_workbook(tmp_path / "bang.xlsx", lambda _book, sheet: sheet.write_row("A1", ["Tên", "Phường"]))
    rewritten(path, lambda sheet: sheet.replace("<sheetData>", f'<sheetData xmlns:x="{MAIN}">' + rows))
    with pytest.raises(NotATable):
        labels_of(path)

    monkeypatch.setattr(workbook.CalamineWorkbook, "from_filelike", lambda _file: pytest.fail("it was opened"))
    with path.open("rb") as given, pytest.raises(Refusal, match="rows|far|broken"):
        workbook.rows(given, io.BytesIO(), most_columns=sheets.MOST_COLUMNS)
    assert path.stat().st_size < 10_000


def test_empty_cells_far_away_are_nothing(tmp_path: Path) -> None:
    def fill(book, sheet) -> None:
        sheet.write_row("A1", ["Tên", "Phường"])
        sheet.write_row("A2", ["Trạm", "Lê Chân"])
        sheet.write_blank("XFD1048576", None, book.add_format({"bold": True}))

    assert [cells["ten"] for _n, cells in rows_of(a_workbook(tmp_path / "bang.xlsx", fill))] == ["Trạm"]


def rewritten(path: Path, change) -> None:
    """The same workbook, its sheet changed by hand."""
    with zipfile.ZipFile(path) as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
    name = "xl/worksheets/sheet1.xml"
    parts[name] = change(parts[name].decode()).encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for each, content in parts.items():
            packed.writestr(each, content)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "Tệp trống"),
        (b"\xef\xbb\xbf \n\n", "Tệp trống"),
        ("Tên;Phường\n;;\n".encode(), "chỉ có dòng tên cột"),
        (b"\n\n  <!-- cong; dang nhap -->\n<!DOCTYPE html>\n<html>a;b</html>", "trang đăng nhập"),
        (b'<?xml version="1.0"?>\n<html><body>a;b\n1;2</body></html>', "trang đăng nhập"),
    ],
)
def test_what_is_wrong_with_a_file_is_said(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "bang.csv"
    path.write_bytes(content)
    with pytest.raises(NotATable, match=said):
        labels_of(path)


def test_an_empty_workbook_is_said_to_be_empty(tmp_path: Path) -> None:
    with pytest.raises(NotATable, match="Tệp trống"):
        labels_of(a_workbook(tmp_path / "trong.xlsx", lambda _book, _sheet: None))


@pytest.mark.parametrize(
    "lines",
    [
        ("DANH SÁCH, NĂM 2022, QUÝ I", "Tên;Địa chỉ;Phường", "Trạm 1;12, Tô Hiệu;Lê Chân", "Trạm 2;3, Cầu Đất;Lê Chân"),
        ("Danh sách; năm 2022", "Tên,Địa chỉ,Phường", 'Trạm 1,"12; Tô Hiệu",Lê Chân', "Trạm 2,x,Lê Chân"),
        ("Danh sách", "Tên\tĐịa chỉ\tPhường", "Trạm 1\t12, Tô Hiệu\tLê Chân", "Trạm 2\tx\tLê Chân"),
    ],
)
def test_what_parts_the_cells_is_seen_from_the_first_lines_not_the_title(
    tmp_path: Path, lines: tuple[str, ...]
) -> None:
    path = a_csv(tmp_path / "tram.csv", *lines)
    needed = {"ten": "Tên", "phuong": "Phường"}

    assert [cells["phuong"] for _n, cells in rows_of(path, needed=needed)] == ["Lê Chân", "Lê Chân"]
    assert labels_of(path)[0] == ["ten", "dia_chi", "phuong"]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"<!DOCTYPE html><html><body>Dang nhap</body></html>", "có thể là trang web"),
        (b"PK\x03\x04 and no more", "xlsx không mở được"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 an old workbook", "Tệp Excel cũ"),
        (b"\x00\x01\x02\xff", "không phải UTF-8"),
        (b"", "Tệp trống"),
        (b"mot dong\nkhong co bang\n", "Không thấy dòng tên cột"),
        ('Tên;Địa chỉ\n"mở mà không đóng;x'.encode(), "Dòng 2: dấu ngoặc kép"),
    ],
)
def test_what_is_no_table_is_told_so(tmp_path: Path, content: bytes, told: str) -> None:
    path = tmp_path / "bang.xlsx"
    path.write_bytes(content)
    with pytest.raises(NotATable, match=told):
        list(rows_of(path))


def test_a_formula_is_only_its_value_and_is_quoted_on_the_way_out(city: City, tmp_path: Path) -> None:
    def fill(book, sheet) -> None:
        sheet.write_row("A1", ["Tên điểm", "Ghi chú"])
        sheet.write("A2", "Điểm A")
        sheet.write_formula("B2", '=HYPERLINK("http://evil.example","bấm vào đây")', None, "bấm vào đây")
        sheet.write_string("A3", "=cmd|' /C calc'!A0")

    taken(city, a_workbook(tmp_path / "xau.xlsx", fill))

    assert LookupRow.objects.get(number=2).values["ghi_chu"] == "bấm vào đây"
    assert plain(LookupRow.objects.get(number=3).name).startswith("'=")


def test_the_nearest_point_comes_first(city: City, tmp_path: Path) -> None:
    path = a_csv(tmp_path / "diem.csv", "Tên điểm;Vĩ độ;Kinh độ", "Xa;20.70;106.60", "Gần;20.857;106.683", "Không rõ;;")
    made = taken(city, path)

    found = nearest(made, latitude=20.8561, longitude=106.6822)

    assert [row.name for row, _km in found] == ["Gần", "Xa"]
    assert 0.1 < found[0][1] < 0.2


def test_rows_out_of_their_days_are_not_shown(city: City, tmp_path: Path) -> None:
    path = a_csv(
        tmp_path / "diem.csv",
        "Tên điểm;Phường;Đến ngày",
        "Đã đóng;Lê Chân;1.1.2020",
        "Còn mở;Lê Chân;",
        "Không rõ;Lê Chân;cuối năm",
        "Lạ;Lê Chân;1.1.99999999999999999999",
    )
    made = taken(city, path)
    assert [row.values["den_ngay"] for row in LookupRow.objects.all()] == ["1.1.2020", "", "", ""]
    assert "Dòng 4: “cuối năm” không phải một ngày" in TableImport.objects.get().problems[0]
    made.rows.filter(number__gte=4).delete()

    assert [row.name for row in rows_for("le chan", tables=[made], most=9)] == ["Còn mở"]


def test_only_a_place_whose_name_stands_there_is_recognised(city: City, tmp_path: Path) -> None:
    path = a_csv(
        tmp_path / "diem.csv",
        "Tên điểm;Phường",
        "Có;phường Lê Chân",
        "Không dấu;le chan",
        "Gõ sai;Phường Lê Chânn",
        "Không có;Phường Không Có",
        "Trống;",
    )
    taken(city, path)

    found = dict(LookupRow.objects.values_list("name", "place__name"))
    assert found == {"Có": "Lê Chân", "Không dấu": "Lê Chân", "Gõ sai": None, "Không có": None, "Trống": None}
    assert TableImport.objects.get().problems == [
        "Dòng 4: không nhận ra nơi “Phường Lê Chânn”", "Dòng 5: không nhận ra nơi “Phường Không Có”"]  # fmt: skip


def test_a_file_whose_rows_have_no_name_changes_nothing_and_is_told(city: City, tmp_path: Path) -> None:
    made = taken(city, a_csv(tmp_path / "cu.csv", "Tên điểm;Phường", "Cũ;Lê Chân"))
    work = table_import.begin(
        made, a_csv(tmp_path / "moi.csv", "Tên điểm;Phường", ";Lê Chân"), as_of=date(2022, 2, 11), by=None,
        at=city.at("2022-02-11 08:00"),
    )  # fmt: skip
    table_import.take_in(work.pk)

    work.refresh_from_db()
    assert "không có dòng nào nạp được" in work.trouble
    assert LookupRow.objects.get().name == "Cũ"


@pytest.mark.parametrize("rows", [20_000, pytest.param(200_000, marks=pytest.mark.soak)])
def test_tables_of_many_thousand_rows_are_taken_in(city: City, tmp_path: Path, rows: int) -> None:
    path = a_csv(tmp_path / "lon.csv", "Tên điểm;Phường", *(f"Nhà thuốc số {n};Lê Chân" for n in range(rows)))
    made = table(city)
    work = table_import.begin(made, path, as_of=date(2022, 2, 10), by=None, at=city.at("2022-02-10 08:00"))
    table_import.take_in(work.pk)

    assert LookupRow.objects.filter(table=made).count() == rows


def a_bomb(path: Path, *, megabytes: int) -> Path:
    a_workbook(path, lambda _book, sheet: sheet.write_row("A1", ["Tên", "Phường"]))
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as packed, packed.open("xl/media/image1.png", "w") as part:
        for _ in range(megabytes):
            part.write(bytes(1024 * 1024))
    return path


def test_a_bomb_is_refused_by_what_its_directory_declares_and_nothing_is_unpacked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = a_bomb(tmp_path / "bom.xlsx", megabytes=64)
    assert path.stat().st_size < 100_000
    monkeypatch.setattr(workbook.xlsx_guard, "check", lambda _packed: pytest.fail("it was unpacked"))
    with path.open("rb") as given, pytest.raises(Refusal, match="unpacked"):
        workbook.rows(given, io.BytesIO(), most_columns=sheets.MOST_COLUMNS)


def test_a_bomb_that_declares_itself_small_is_refused_before_a_library_opens_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = a_bomb(tmp_path / "bom.xlsx", megabytes=64)
    content = path.read_bytes()
    declared = (64 * 1024 * 1024).to_bytes(4, "little")
    assert declared in content
    path.write_bytes(content.replace(declared, (1000).to_bytes(4, "little")))
    monkeypatch.setattr(workbook.CalamineWorkbook, "from_filelike", lambda _file: pytest.fail("it was opened"))
    with path.open("rb") as given, pytest.raises(Refusal, match="broken"):
        workbook.rows(given, io.BytesIO(), most_columns=sheets.MOST_COLUMNS)
