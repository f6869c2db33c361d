"""Structured logs without personal data: JSON lines, or readable ones on a terminal.

Phone numbers and links that open a case are masked in all.
"""

from __future__ import annotations

import logging
import re
import sys
from typing import Any

import structlog

_NUMBER = re.compile(r"(?<![\w.])(\+?84|0)[\s.\-]?\d(?:[\s.\-]?\d){7,9}(?!\w)")
_LINK = re.compile(r"(/p/)\d+/[\w-]{12}(?![\w-])")  # the address of a case's link opens the case
_OPENS = re.compile(r"(/k/|/ban/khoi-dau/|/ban/vao/quen/\w+-|/anh/tam/)[^\s\"'?#]+")  # so does this an account, a photo
_QUERY = re.compile(r"(/[\w./%~-]*)\?[^\s\"']+")  # what follows `?` may be a number, a name, a token
_PERSONAL = frozenset({"phone", "name", "full_name", "text", "body", "words", "address", "email", "token"})


def set_up() -> None:
    """Called once by each process before anything is logged."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    without_secrets: list[Any] = [
        structlog.processors.format_exc_info,
        without_personal_data,
    ]  # a traceback quotes what a row holds
    readable = sys.stderr.isatty()
    last: Any = structlog.dev.ConsoleRenderer() if readable else structlog.processors.JSONRenderer(ensure_ascii=False)
    structlog.configure(
        processors=[*shared, *without_secrets, last],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.addFilter(_in_a_line)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                *without_secrets,
                last,
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.WARNING)


def _in_a_line(record: logging.LogRecord) -> bool:
    """What a stranger sends (a forged host, a damaged cookie) is worth a line, not a traceback each time."""
    if record.name.startswith("django.security."):
        record.exc_info = record.exc_text = None
    return getattr(record, "action", "") != "job_error"  # the worker has named it (worker.name_what_fails)


def without_personal_data(logger: object, method: str, entry: dict[str, Any]) -> dict[str, Any]:
    """Drop what is named as personal, and mask whatever looks like a telephone number in the rest."""
    return {key: "…" if key in _PERSONAL else _masked(value) for key, value in entry.items()}


def _without_secrets(text: str) -> str:
    return _QUERY.sub(r"\1?…", _OPENS.sub(r"\1…", _LINK.sub(r"\1…", text)))


def _masked(value: Any) -> Any:
    if isinstance(value, str):
        return _NUMBER.sub(lambda found: found.group()[:3] + "•••", _without_secrets(value))
    if isinstance(value, list | tuple):
        return [_masked(each) for each in value]
    if isinstance(value, dict):
        return {key: _masked(each) for key, each in value.items()}
    return value
