"""The form of a dossier's code, as staff type it: an expression run in time linear to what citizens type (RE2).

RE2 has neither look-around nor back-references, which no code needs: the page says so when one is saved.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import re2
import structlog

log = structlog.get_logger(__name__)
LONGEST_CODE = 60  # characters


class NoPattern(ValueError):
    """The expression can't be read; the message says where, in RE2's words."""


def check(pattern: str) -> None:
    """Raises NoPattern."""
    _read(pattern)


def fits(pattern: str, code: str) -> bool:
    """Whether the whole of it has this form. An expression kept from before RE2 that it can't read fits nothing."""
    if len(code) > LONGEST_CODE:
        return False
    try:
        return _read(pattern).fullmatch(code) is not None
    except NoPattern as wrong:
        log.error("dossiers.pattern_unreadable", why=str(wrong))
        return False


@lru_cache(maxsize=8)
def _read(pattern: str) -> Any:
    options = re2.Options()
    options.log_errors = False
    try:
        return re2.compile(pattern, options)
    except re2.error as wrong:
        message = wrong.args[0] if wrong.args else ""
        raise NoPattern(message.decode(errors="replace") if isinstance(message, bytes) else str(message)) from wrong
