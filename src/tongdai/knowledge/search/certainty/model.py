"""How sure the first answer may be told, learnt from judged questions: a logistic model of its signs.

The weights lie in `weights.json`; `make bench NAME=certainty` learns them anew (`bench/certainty.py`).
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

FILE = Path(__file__).with_name("weights.json")


@dataclass(frozen=True)
class Model:
    """`weights`: by sign, of its figure as it is; `told`: the probability from which on it is told as the answer."""

    weights: Mapping[str, float]
    constant: float
    told: float

    def probability(self, signs: Mapping[str, float]) -> float:
        """That the first answer is the one that was meant."""
        total = self.constant + sum(weight * signs[name] for name, weight in self.weights.items())
        return 1 / (1 + math.exp(-max(min(total, 50.0), -50.0)))


def read() -> Model:
    return Model(**json.loads(FILE.read_text(encoding="utf-8")))


MODEL = read()
