"""Figures as Vietnam writes them: 4.534 and 74,2 %; in English 4,534 and 74.2%."""

from __future__ import annotations

from django.utils.translation import get_language

NBSP = "\u00a0"


def whole(value: int) -> str:
    """`4534` → `4.534`."""
    return f"{value:,}" if _english() else f"{value:,}".replace(",", ".")


def percent(rate: float) -> str:
    """`0.742` → `74,2 %`."""
    return f"{decimal(100 * rate)}%" if _english() else f"{decimal(100 * rate)}{NBSP}%"


def points(change: float) -> str:
    """Show a rate's change in percentage points: `0.04` → `4,0`."""
    return decimal(100 * change)


def decimal(value: float) -> str:
    """Show one place after the comma: `1234.5` → `1.234,5`."""
    shown = f"{value:,.1f}"
    return shown if _english() else shown.translate(str.maketrans(",.", ".,"))


def _english() -> bool:
    return (get_language() or "vi").startswith("en")
