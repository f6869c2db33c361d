"""What the nursery imports: everything, and then it keeps house."""

from __future__ import annotations

from . import everything  # noqa: F401
from .nursery import keep_house

keep_house()
