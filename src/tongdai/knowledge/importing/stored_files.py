"""Files an editor has sent: kept where the city keeps its files, read from this disk whatever the storage is."""

from __future__ import annotations

import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.core.files.base import File
from django.core.files.storage import default_storage


def store(path: Path, *, folder: str) -> str:
    """Its name in the storage: one that nobody guesses, and that says nothing of how it is read."""
    with path.open("rb") as content:
        return default_storage.save(f"{folder}/{secrets.token_hex(12)}", File(content))


@contextmanager
def local(name: str) -> Iterator[Path]:
    """The kept file as one on this disk."""
    with tempfile.NamedTemporaryFile(prefix="tongdai-kept-") as copy:
        with default_storage.open(name) as stored:
            for chunk in stored.chunks():
                copy.write(chunk)
        copy.flush()
        yield Path(copy.name)
