"""The demo's look-up tables: invented, and marked as such; but the wards, the national numbers and the hours are true."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path

from tongdai.directory.models import Place
from tongdai.knowledge.lookups import table_import
from tongdai.knowledge.models import LookupTable, State, TableImport

SAMPLE = "Dữ liệu mẫu của bản thử"
NUMBERS = (
    ("Công an", "113", "an ninh, trật tự"),
    ("Cứu hỏa, cứu nạn", "114", "cháy, mắc kẹt, sập đổ"),
    ("Cấp cứu y tế", "115", "tai nạn, đau ốm nguy kịch"),
    ("Tìm kiếm cứu nạn", "112", "bão lũ, trên biển"),
    ("Bảo vệ trẻ em", "111", "trẻ bị bạo hành, bỏ rơi"),
    ("Tổng đài thành phố", "1022", "hỏi thủ tục, phản ánh, tra cứu"),
)


def build(wards: Sequence[Place], *, at: datetime) -> None:
    """The tables of today's city, each once."""
    _table(
        "so-can-nho", "Số điện thoại cần nhớ", "Số gọi khi khẩn cấp và số của thành phố.",
        header=("Tên", "Điện thoại", "Gọi khi"), rows=NUMBERS, source="Bộ Khoa học và Công nghệ; thành phố",
        keyword="SO", at=at,
    )  # fmt: skip
    _table(
        "mot-cua", "Trung tâm Phục vụ hành chính công",
        "Một cửa, nơi nộp hồ sơ của từng phường, xã, đặc khu; giờ làm việc, giờ nhận hồ sơ.",
        header=("Tên", "Phường, xã", "Địa chỉ", "Giờ nhận hồ sơ", "Điện thoại", "Vĩ độ", "Kinh độ"),
        rows=(
            (f"Trung tâm Phục vụ hành chính công {_lower(ward.full_name)}", ward.full_name,
             "Tầng 1, trụ sở Ủy ban nhân dân", "7:30–11:30, 13:00–17:00, thứ Hai đến thứ Sáu", "1022",
             str(ward.latitude or ""), str(ward.longitude or ""))
            for ward in wards
        ),
        source=SAMPLE, keyword="MOTCUA", at=at, lists_counters=True,
    )  # fmt: skip
    _table(
        "covid-cham-soc", "Điểm chăm sóc người mắc COVID-19",
        "Nơi xét nghiệm nhanh, phát thuốc và tư vấn cho người mắc COVID-19 đang ở nhà, theo phường, xã.",
        header=("Tên điểm", "Phường, xã", "Giờ", "Việc làm ở đây", "Vĩ độ", "Kinh độ"),
        rows=(
            (f"Trạm y tế {_lower(ward.full_name)}", ward.full_name, "7:00–19:00, cả thứ Bảy, Chủ nhật",
             "xét nghiệm nhanh, phát thuốc, tư vấn" if number % 3 else "xét nghiệm nhanh, tiêm vắc xin",
             str(ward.latitude or ""), str(ward.longitude or ""))
            for number, ward in enumerate(wards)
        ),
        source=SAMPLE, keyword="COVID", at=at,
    )  # fmt: skip


def _table(
    slug: str, name: str, about: str, *,
    header: Sequence[str], rows: Iterable[Sequence[str]], source: str, keyword: str, at: datetime,
    lists_counters: bool = False,
) -> None:  # fmt: skip
    made, new = LookupTable.objects.get_or_create(
        slug=slug,
        defaults={"name": name, "about": about, "source": source, "keyword": keyword, "as_of": at.date(),
                  "state": State.PUBLISHED, "updated_at": at, "lists_counters": lists_counters},
    )  # fmt: skip
    if not new and made.generation:
        return
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / f"{slug}.csv"
        with file.open("w", encoding="utf-8-sig", newline="") as out:
            csv.writer(out, delimiter=";").writerows([header, *rows])
        work: TableImport = table_import.begin(made, file, as_of=at.date(), by=None, at=at)
    table_import.take_in(work.pk)


def _lower(name: str) -> str:
    return name[:1].lower() + name[1:]
