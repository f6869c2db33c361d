"""Figures as an official document writes them, in Vietnamese whatever the reader's language: 4.534 and 74,2 %."""

from __future__ import annotations

from datetime import date

NBSP = "\u00a0"
NONE = "–"  # nothing to count


def whole(value: int) -> str:
    return f"{value:,}".replace(",", ".")


def decimal(value: float) -> str:
    return f"{value:.1f}".replace(".", ",")


def difference(first: float, second: float) -> float:
    """Return the change between two figures as they are shown, so that whoever subtracts gets the same."""
    return round(round(second, 1) - round(first, 1), 1)


def percent(rate: float | None) -> str:
    return NONE if rate is None else f"{decimal(100 * rate)}{NBSP}%"


def day(value: date) -> str:
    """Return `21/01/2022`."""
    return f"{value:%d/%m/%Y}"


def day_in_words(value: date) -> str:
    """Return `ngày 01 tháng 4 năm 2022`: a nought before days under 10 and months 1 and 2 (Appendix I, II.4)."""
    month = f"{value.month:02}" if value.month < 3 else str(value.month)
    return f"ngày {value.day:02} tháng {month} năm {value.year}"
