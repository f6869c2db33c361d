"""What the columns of a city's table are: guessed from their names, corrected by the editor."""

from __future__ import annotations

from collections.abc import Sequence

from ..models import ColumnRole

# role → beginnings of a column's name, folded; the first that fits wins
_NAMES: tuple[tuple[ColumnRole, tuple[str, ...]], ...] = (
    (ColumnRole.VALID_FROM, ("tu_ngay", "ngay_bat_dau", "bat_dau_tu", "ap_dung_tu")),
    (ColumnRole.VALID_TO, ("den_ngay", "ngay_ket_thuc", "het_han", "ap_dung_den", "den_het")),
    (ColumnRole.LATITUDE, ("vi_do", "lat")),
    (ColumnRole.LONGITUDE, ("kinh_do", "lon", "lng")),
    (ColumnRole.PHONE, ("dien_thoai", "so_dien_thoai", "sdt", "hotline", "duong_day_nong", "lien_he", "dt")),
    (ColumnRole.HOURS, ("gio", "thoi_gian", "lich")),
    (ColumnRole.PLACE, ("phuong_", "xa_", "dia_ban_", "khu_vuc_", "dia_chi_phuong_", "dia_chi_xa_")),
    (ColumnRole.ADDRESS, ("dia_chi", "dia_diem", "so_nha")),
    (ColumnRole.NAME, ("ten", "diem", "co_so", "don_vi", "tram", "nha_thuoc", "benh_vien", "co_quan")),
)


def guess(names: Sequence[str], labels: Sequence[str]) -> list[dict[str, str]]:
    """{name, label, role} for each column; the first text column names the row where none says so."""
    return fitted([], names, labels)


def fitted(
    known_columns: Sequence[dict[str, str]], names: Sequence[str], labels: Sequence[str]
) -> list[dict[str, str]]:
    """The columns of a file: the `known_columns` keep their label and role, new ones are guessed, and what it lacks goes."""
    known = {each["name"]: each for each in known_columns if each["name"] in names}
    taken = {ColumnRole(each["role"]) for each in known.values()} - {ColumnRole.TEXT}
    columns = []
    for name, label in zip(names, labels, strict=True):
        if name in known:
            columns.append(dict(known[name]))
            continue
        role = next(
            (each for each, begins in _NAMES if (name + "_").startswith(begins) and each not in taken), ColumnRole.TEXT
        )
        if role is not ColumnRole.TEXT:
            taken.add(role)
        columns.append({"name": name, "label": label or name, "role": str(role)})
    if ColumnRole.NAME not in taken:
        first = next(
            (each for each in columns if each["role"] == ColumnRole.TEXT and each["name"] not in {"stt", "tt"}), None
        )
        if first is not None:
            first["role"] = str(ColumnRole.NAME)
    return columns
