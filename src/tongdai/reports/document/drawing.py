"""The charts of the document as pictures: drawn as SVG, made PNG by resvg, in the document's own type."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape

import resvg_py

from ..figures import Day
from ..showing import chart

FONT = Path(__file__).with_name("LiberationSerif-Regular.ttf")  # a server needn't have any
DOTS = 2.6  # per unit of a drawing 620–690 units wide, printed 16 cm wide: about 270 to the inch
INK, MUTED, LINE, SEA, DONE, PAPER = "#1a1a1a", "#444444", "#c8c8c8", "#0b4f8a", "#1e7a3c", "#eeeeee"
BAR, GAP, NAMES, LENGTH = 16, 8, 230, 310  # of a drawing of bars: a bar's height, between two, for names, the longest


@dataclass(frozen=True)
class Bar:
    """One bar: its name, its length as a share of the longest, and what is written at its end."""

    name: str
    share: float
    figure: str


def days(counted: Sequence[Day]) -> bytes | None:
    """Draw cases received and answered day by day; None where there is nothing to draw."""
    drawn = chart.draw(list(counted))
    if drawn is None:
        return None
    off = "".join(f'<rect x="{b.x}" y="14" width="{b.width}" height="138" fill="{PAPER}"/>' for b in drawn.off)
    rows = "".join(
        f'<path d="M30 {mark.y}H598" stroke="{LINE}"/>' + _text(24, mark.y + 4, mark.words, anchor="end")
        for mark in drawn.rows
    )
    along = "".join(_text(mark.x, 170, mark.words.replace(".", "/"), anchor=mark.anchor) for mark in drawn.days)
    lines = (
        f'<path d="{drawn.answered}" fill="none" stroke="{DONE}" stroke-width="1.75" stroke-dasharray="5 3"/>'
        f'<path d="{drawn.received}" fill="none" stroke="{SEA}" stroke-width="2"/>'
        f'<circle cx="{drawn.peak_x}" cy="{drawn.peak_y}" r="4" fill="#fff" stroke="{SEA}" stroke-width="2"/>'
    )
    legend = (
        f'<path d="M90 190H120" stroke="{SEA}" stroke-width="2"/>{_text(126, 194, "Phiếu nhận")}'
        f'<path d="M230 190H260" stroke="{DONE}" stroke-width="1.75" stroke-dasharray="5 3"/>'
        f"{_text(266, 194, 'Phiếu được trả lời lần đầu')}"
    )
    if drawn.off:
        legend += f'<rect x="450" y="183" width="30" height="14" fill="{PAPER}"/>{_text(486, 194, "Kỳ nghỉ")}'
    return _png(620, 202, off + rows + along + lines + legend)


def bars(rows: Sequence[Bar], *, least: float | None = None, least_words: str = "") -> bytes | None:
    """Draw a bar a row; `least` is a share that a broken line marks."""
    if not rows:
        return None
    names, lines, top = [], [], 22 if least is not None else 4
    bottom = top + len(rows) * (BAR + GAP)
    for number, row in enumerate(rows):
        y = top + number * (BAR + GAP)
        width = round(LENGTH * row.share, 1)
        lines.append(f'<rect x="{NAMES}" y="{y}" width="{width}" height="{BAR}" fill="{SEA}"/>')
        names.append(_text(NAMES - 8, y + 12.5, _short(row.name), anchor="end", color=INK))
        end = LENGTH if least is not None else width  # beside a mark, figures stand in a column, clear of its line
        names.append(_text(NAMES + end + 6, y + 12.5, row.figure, color=INK))
    lines.append(f'<path d="M{NAMES} {top - 4}V{bottom}" stroke="{MUTED}"/>')
    if least is not None:
        x = NAMES + LENGTH * least
        lines.append(f'<path d="M{x} {top - 4}V{bottom}" stroke="{INK}" stroke-dasharray="4 3"/>')
        names.append(_text(x, top - 8, least_words, anchor="middle"))
    return _png(620, bottom + 4, "".join([*lines, *names]))


def _short(name: str, most: int = 38) -> str:
    return name if len(name) <= most else f"{name[: most - 1].rstrip()}…"


def _text(x: float, y: float, words: str, *, anchor: str = "start", color: str = MUTED) -> str:
    return f'<text x="{x}" y="{y}" text-anchor="{anchor}" fill="{color}" font-size="12.5">{escape(words)}</text>'


def _png(width: float, height: float, inside: str) -> bytes:
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'font-family="Liberation Serif">{inside}</svg>'
    )
    made = resvg_py.svg_to_bytes(
        svg_string=svg, zoom=DOTS, background="#ffffff", skip_system_fonts=True, font_files=[str(FONT)]
    )
    return bytes(made)
