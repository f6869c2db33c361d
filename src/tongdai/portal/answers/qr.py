"""A QR code as a drawing for the page: no image to load, sharp on paper."""

from __future__ import annotations

import io

import segno
from django.utils.safestring import SafeString, mark_safe

QUIET = 4  # modules of white around it: with fewer a reader may not find it beside print


def qr(address: str) -> SafeString:
    """SVG of the address, error correction M (ISO/IEC 18004); drawn by the library from our own address alone.

    It has a viewBox in place of a size: a style that gives it one then draws all of it smaller, and cuts nothing off.
    """
    out = io.BytesIO()
    segno.make(address, error="m", micro=False).save(
        out, kind="svg", xmldecl=False, svgns=True, border=QUIET, scale=4, omitsize=True, dark="#000", light="#fff"
    )
    return mark_safe(out.getvalue().decode())
