"""Files that are nowhere but in memory: what a decoder is given, and what it makes."""

from __future__ import annotations

import os
from io import FileIO


def memory(content: bytes = b"") -> FileIO:
    """A new one that holds this, open at its beginning."""
    made = FileIO(os.memfd_create("tongdai"), "w+")
    view = memoryview(content)
    while view:
        view = view[made.write(view) :]
    made.seek(0)
    return made


def content_of(file: FileIO) -> bytes:
    """All that stands in it."""
    file.seek(0)
    return file.readall()
