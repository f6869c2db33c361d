"""A day as people write it in a file, or another system in its answer."""

from __future__ import annotations

import re
from datetime import date

from tongdai.platform.typed_input import taken

_HOUR = re.compile(r"^\s*\d{1,2}:\d{2}(?::\d{2})?\s")


def read_day(text: str) -> date | None:
    """`1.7.2025`, `17:00 01/07/2025`, `2025-07-01`, `ngày 1 tháng 7 năm 2025`; None where it is no day."""
    parts = [int(each) for each in re.findall(r"\d+", _HOUR.sub("", text))[:3] if len(each) <= 4]
    if len(parts) < 3:
        return None
    year, month, number = parts if parts[0] > 31 else (parts[2], parts[1], parts[0])
    try:
        return taken(date(year + 2000 if year < 100 else year, month, number))
    except ValueError:
        return None
