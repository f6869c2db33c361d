"""What the columns of a city's table are: guessed from their names, corrected by the editor."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What a column says of its row; each but `text` at most once."""

    NAME = "name", _("tên")
    PLACE = "place", _("phường, xã")
    ADDRESS = "address", _("địa chỉ")
    PHONE = "phone", _("điện thoại")
    HOURS = "hours", _("giờ mở cửa")
    LATITUDE = "latitude", _("vĩ độ")
    LONGITUDE = "longitude", _("kinh độ")
    VALID_FROM = "valid_from", _("từ ngày")
    VALID_TO = "valid_to", _("đến ngày")
    TEXT = "text", _("thông tin khác")


# role → beginnings of a column's name, folded; the first that fits wins
_NAMES: tuple[tuple[Role, tuple[str, ...]], ...] = (
    (Role.VALID_FROM, ("tu_ngay", "ngay_bat_dau", "bat_dau_tu", "ap_dung_tu")),
    (Role.VALID_TO, ("den_ngay", "ngay_ket_thuc", "het_han", "ap_dung_den", "den_het")),
    (Role.LATITUDE, ("vi_do", "lat")),
    (Role.LONGITUDE, ("kinh_do", "lon", "lng")),
    (Role.PHONE, ("dien_thoai", "so_dien_thoai", "sdt", "hotline", "duong_day_nong", "lien_he", "dt")),
    (Role.HOURS, ("gio", "thoi_gian", "lich")),
    (Role.PLACE, ("phuong_", "xa_", "dia_ban_", "khu_vuc_", "dia_chi_phuong_", "dia_chi_xa_")),
    (Role.ADDRESS, ("dia_chi", "dia_diem", "so_nha")),
    (Role.NAME, ("ten", "diem", "co_so", "don_vi", "tram", "nha_thuoc", "benh_vien", "co_quan")),
)


def guess(names: Sequence[str], labels: Sequence[str]) -> list[dict[str, str]]:
    """{name, label, role} for each column; the first text column names the row where none says so."""
    return fitted([], names, labels)


def fitted(told: Sequence[dict[str, str]], names: Sequence[str], labels: Sequence[str]) -> list[dict[str, str]]:
    """The columns of a file: those `told` keep their label and role, new ones are guessed, and what it lacks goes."""
    known = {each["name"]: each for each in told if each["name"] in names}
    taken = {Role(each["role"]) for each in known.values()} - {Role.TEXT}
    columns = []
    for name, label in zip(names, labels, strict=True):
        if name in known:
            columns.append(dict(known[name]))
            continue
        role = next(
            (each for each, begins in _NAMES if (name + "_").startswith(begins) and each not in taken), Role.TEXT
        )
        if role is not Role.TEXT:
            taken.add(role)
        columns.append({"name": name, "label": label or name, "role": str(role)})
    if Role.NAME not in taken:
        first = next(
            (each for each in columns if each["role"] == Role.TEXT and each["name"] not in {"stt", "tt"}), None
        )
        if first is not None:
            first["role"] = str(Role.NAME)
    return columns


def of_role(columns: Sequence[dict[str, str]], role: Role) -> str:
    """The name of the column with this role; empty if there is none."""
    return next((each["name"] for each in columns if each["role"] == role), "")
