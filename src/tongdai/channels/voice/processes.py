"""The processes of the telephone, where there is an Asterisk to start."""

from __future__ import annotations

from django.conf import settings

from tongdai.platform.processes.supervisor import Spec, replies

from .asterisk.exchange import is_here


def services() -> list[Spec]:
    """None without an exchange; voice waits for it."""
    if not is_here():
        return []
    return [
        Spec("exchange", ("run", "exchange"), waited_for=False, answers=_exchange_answers),
        Spec("voice", ("run", "voice")),
        Spec("archive", ("run", "archive")),
    ]


def _exchange_answers() -> bool:
    return replies(f"http://127.0.0.1:{settings.EXCHANGE_PORT}/")
