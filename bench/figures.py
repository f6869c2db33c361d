"""The figures of a benchmark: shown to a person, written as JSON for a machine."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Figures:
    """What applies is set, the rest stays None. `ratio` is held against `limit` (at least) or `most` (at most) where given."""

    name: str
    value: float
    unit: str
    limit: float | None = None
    most: float | None = None
    ratio: float | None = None
    p50_ms: float | None = None
    p99_ms: float | None = None
    lost: int | None = None
    doubled: int | None = None
    failed: int | None = None
    extra: dict[str, float | int | str] = field(default_factory=dict)

    def as_dict(self) -> dict[str, object]:
        """As the JSON has it: the named keys that apply, then the extra ones."""
        named = {name: value for name, value in vars(self).items() if name != "extra" and value is not None}
        return {name: round(value, 4) if isinstance(value, float) else value for name, value in named.items()} | {
            name: round(value, 4) if isinstance(value, float) else value for name, value in self.extra.items()
        }

    def good(self) -> bool:
        """Within the limit, nothing lost, doubled or failed."""
        reached = self.limit is None or self.ratio is None or self.ratio >= self.limit
        reached = reached and (self.most is None or self.ratio is None or self.ratio <= self.most)
        return reached and not any((self.lost, self.doubled, self.failed))

    def publish(self, file: Path | None) -> int:
        """Print them, write them if asked; the exit code: 0 when good."""
        if file:
            file.write_text(json.dumps(self.as_dict(), ensure_ascii=False, indent=2) + "\n")
        for name, value in self.as_dict().items():
            print(f"{name:>22}  {value}")
        print("good" if self.good() else "NOT GOOD")
        return 0 if self.good() else 1


def arguments(description: str) -> argparse.ArgumentParser:
    """The command line every benchmark has."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--json", type=Path, help="write the figures here")
    return parser


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which `share` (0–1) of them lie."""
    ordered = sorted(values)
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)] if ordered else 0.0
