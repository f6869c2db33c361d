"""Reassigning, for its citizen: who has the case from now on; told as assigning is."""

from __future__ import annotations

from . import assign

TEMPLATE = assign.TEMPLATE
