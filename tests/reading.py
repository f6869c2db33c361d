"""A page's source as a browser reads it, so that a test doesn't depend on how its template is broken into lines."""

from __future__ import annotations

import re
from typing import Any


def read(answer: Any) -> str:
    """The answer's HTML with one space for any white space that collapses, and none beside a tag."""
    return re.sub(r" ?(<[^>]*>) ?", r"\1", re.sub(r"[ \t\r\n\f]+", " ", answer.content.decode()))
