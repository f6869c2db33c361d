"""What the columns of a look-up table say of its rows."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import models
from django.utils.translation import gettext_lazy as _


class ColumnRole(models.TextChoices):
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


def column_of(columns: Sequence[dict[str, str]], role: ColumnRole) -> str:
    """The name of the column with this role; empty if there is none."""
    return next((each["name"] for each in columns if each["role"] == role), "")
