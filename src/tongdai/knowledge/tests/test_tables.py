"""Tables as cities make them: merged cells, two header rows, dates as text, swapped coordinates, bombs, a death midway."""

from __future__ import annotations

import zipfile
from datetime import date
from pathlib import Path

import pytest
import xlsxwriter

from tests.city import City
from tongdai.knowledge.lookups import taking_in
from tongdai.knowledge.lookups.looking import nearest, rows_for
from tongdai.knowledge.lookups.reading import day_of, shown
from tongdai.knowledge.models import LookupRow, LookupTable, State, TableImport
from tongdai.knowledge.tables import NotATable, labels_of, rows_of

pytestmark = pytest.mark.django_db


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
    work = taking_in.begin(made, path, as_of=date(2022, 2, 10), by=None, at=city.at("2022-02-10 08:00"))
    taking_in.take_in(work.pk)
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
        ("31.2.2025", None),
        ("cuối tuần", None),
    ],
)
def test_days_as_people_write_them(text: str, day: date | None) -> None:
    assert day_of(text) == day


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
    monkeypatch.setattr(taking_in, "BATCH", 10)
    made = taken(city, a_csv(tmp_path / "cu.csv", "Tên điểm;Phường", "Cũ;Lê Chân"))
    new = a_csv(tmp_path / "moi.csv", "Tên điểm;Phường", *(f"Điểm {n};Lê Chân" for n in range(35)))
    work = taking_in.begin(made, new, as_of=date(2022, 2, 11), by=None, at=city.at("2022-02-11 08:00"))
    after, real = iter(range(2)), taking_in._take_batch

    def dies(*args) -> None:
        if next(after, None) is None:
            raise KeyboardInterrupt  # the machine is switched off
        real(*args)

    monkeypatch.setattr(taking_in, "_take_batch", dies)
    with pytest.raises(KeyboardInterrupt):
        taking_in.take_in(work.pk)

    work.refresh_from_db()
    assert work.done == 20
    assert [row.name for row in rows_for("phường Lê Chân", tables=[LookupTable.objects.get()], most=99)] == ["Cũ"]

    monkeypatch.setattr(taking_in, "_take_batch", real)
    taking_in.take_in(work.pk)

    assert LookupRow.objects.count() == 35
    assert len(rows_for("phường Lê Chân", tables=[LookupTable.objects.get()], most=99)) == 35
    taking_in.take_in(work.pk)
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


@pytest.mark.parametrize(
    "content",
    [
        b"<!DOCTYPE html><html><body>Dang nhap</body></html>",
        b"PK\x03\x04 and no more",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 an old workbook",
        b"\x00\x01\x02\xff",
        b"",
        b"mot dong\nkhong co bang\n",
        'Tên;Địa chỉ\n"mở mà không đóng;x'.encode(),
    ],
)
def test_what_is_no_table_is_told_so(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "bang.xlsx"
    path.write_bytes(content)
    try:
        assert list(rows_of(path)) == [] or content.startswith("Tên".encode())
    except NotATable as told:
        assert str(told)


def test_a_formula_is_only_its_value_and_is_quoted_on_the_way_out(city: City, tmp_path: Path) -> None:
    def fill(book, sheet) -> None:
        sheet.write_row("A1", ["Tên điểm", "Ghi chú"])
        sheet.write("A2", "Điểm A")
        sheet.write_formula("B2", '=HYPERLINK("http://evil.example","bấm vào đây")', None, "bấm vào đây")
        sheet.write_string("A3", "=cmd|' /C calc'!A0")

    taken(city, a_workbook(tmp_path / "xau.xlsx", fill))

    assert LookupRow.objects.get(number=2).values["ghi_chu"] == "bấm vào đây"
    assert shown(LookupRow.objects.get(number=3).name).startswith("'=")


def test_the_nearest_point_comes_first(city: City, tmp_path: Path) -> None:
    path = a_csv(tmp_path / "diem.csv", "Tên điểm;Vĩ độ;Kinh độ", "Xa;20.70;106.60", "Gần;20.857;106.683", "Không rõ;;")
    made = taken(city, path)

    found = nearest(made, latitude=20.8561, longitude=106.6822)

    assert [row.name for row, _km in found] == ["Gần", "Xa"]
    assert 0.1 < found[0][1] < 0.2


def test_rows_out_of_their_days_are_not_shown(city: City, tmp_path: Path) -> None:
    path = a_csv(tmp_path / "diem.csv", "Tên điểm;Phường;Đến ngày", "Đã đóng;Lê Chân;1.1.2020", "Còn mở;Lê Chân;")
    made = taken(city, path)

    assert [row.name for row in rows_for("le chan", tables=[made], most=9)] == ["Còn mở"]


def test_two_hundred_thousand_rows_are_taken_in(city: City, tmp_path: Path) -> None:
    path = a_csv(tmp_path / "lon.csv", "Tên điểm;Phường", *(f"Nhà thuốc số {n};Lê Chân" for n in range(200_000)))
    made = table(city)
    work = taking_in.begin(made, path, as_of=date(2022, 2, 10), by=None, at=city.at("2022-02-10 08:00"))
    taking_in.take_in(work.pk)

    assert LookupRow.objects.filter(table=made).count() == 200_000
