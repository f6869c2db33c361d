"""What the rooms above say of themselves, to `tongdai doctor` and to `/metrics`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from prometheus_client.core import Metric

from ..registry import Hooks

Verdict = Literal["ok", "note", "wrong"]

# each yields (verdict, what was looked at, words in both languages)
checks: Hooks[[], Iterator[tuple[Verdict, str, str]]] = Hooks("checks of the doctor")
# each counts anew
metrics: Hooks[[], Iterator[Metric]] = Hooks("metrics")
