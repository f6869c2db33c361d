"""How a dossier (hồ sơ) stands, asked of the city's one-stop system. Slow or down, it keeps nobody waiting:

after five failures in a row it is left alone for half a minute (a circuit breaker), and the citizen is told so.
"""

from __future__ import annotations

import os
import re
import threading
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import quote

import httpx
import pybreaker
import structlog
from cachetools import TTLCache

from tongdai.directory.freshness import Fresh

from ..lookups.reading import day_of
from ..models import DossierSource

log = structlog.get_logger(__name__)
FAILS, LEFT_ALONE = 5, 30  # failures in a row, seconds
MOST_BYTES = 256 * 1024
FIELDS = ("state", "agency", "procedure")
DAYS = ("received", "due", "done")


@dataclass(frozen=True)
class Dossier:
    """As much of it as anyone with the code may know: never whose it is."""

    code: str
    state: str
    agency: str = ""
    procedure: str = ""
    received: date | None = None
    due: date | None = None
    done: date | None = None


class Away(Exception):
    """The one-stop system doesn't answer now, or not in the shape agreed on."""


_breaker = pybreaker.CircuitBreaker(fail_max=FAILS, reset_timeout=LEFT_ALONE, name="one-stop")
_source: Fresh[DossierSource | None] = Fresh(lambda: DossierSource.objects.filter(pk=1, active=True).first())
_lock = threading.Lock()
_cache: TTLCache[str, Dossier | None] = TTLCache(maxsize=2000, ttl=60)


def source() -> DossierSource | None:
    """The system asked; None: this city has none."""
    return _source()


def code_in(typed: str) -> str:
    """The dossier code that was typed, as the system writes it; empty where it is none."""
    held = source()
    plain = re.sub(r"\s+", "", typed).upper()
    return plain if held is not None and len(plain) <= 60 and re.fullmatch(held.pattern, plain) else ""


def look_up(code: str) -> Dossier | None:
    """How it stands; None: there is no such dossier.

    Raises:
        Away: nobody can say now.
    """
    held = source()
    if held is None:
        raise Away
    with _lock:
        if code in _cache and _cache.ttl == held.cached_for:
            return _cache[code]
    try:
        found = _breaker.call(_ask, held, code)
    except pybreaker.CircuitBreakerError as open_circuit:
        raise Away from open_circuit
    except (httpx.HTTPError, ValueError, KeyError) as wrong:
        log.warning("dossiers.away", why=type(wrong).__name__)
        raise Away from wrong
    with _lock:
        if _cache.ttl != held.cached_for:
            _renew(held.cached_for)
        _cache[code] = found
    return found


def forget() -> None:
    """Ask anew: the cache and the breaker of this process."""
    with _lock:
        _cache.clear()
    _breaker.close()
    _source.forget()


def _renew(seconds: float) -> None:
    global _cache
    _cache = TTLCache(maxsize=2000, ttl=seconds)


def _ask(held: DossierSource, code: str) -> Dossier | None:
    headers = {"Accept": "application/json"}
    if held.header and held.secret:
        headers[held.header] = os.environ.get(held.secret, "")
    address = held.url.replace("{code}", quote(code, safe=""))
    with httpx.Client(timeout=held.timeout, follow_redirects=False) as client:
        answer = client.get(address, headers=headers)
    if answer.status_code == 404:
        return None
    answer.raise_for_status()
    if not answer.is_success or len(answer.content) > MOST_BYTES:
        raise ValueError("a redirect, or too much")  # a sign-in page, mostly
    return _read(held, code, answer.json())


def _read(held: DossierSource, code: str, told: Any) -> Dossier | None:
    said = {name: str(_at(told, held.mapping.get(name, "")) or "")[:300] for name in FIELDS}
    if not said["state"]:
        if _at(told, held.mapping.get("nothing", "")) is not None or told in ({}, [], None):
            return None
        raise ValueError("no state in what it told")
    received, due, done = (day_of(str(_at(told, held.mapping.get(name, "")) or "")) for name in DAYS)
    return Dossier(
        code=code,
        state=held.states.get(said["state"], said["state"]),
        agency=said["agency"],
        procedure=said["procedure"],
        received=received,
        due=due,
        done=done,
    )


def _at(told: Any, path: str) -> Any:
    """What stands at `data.0.name`; None where there is nothing."""
    if not path:
        return None
    for step in path.split("."):
        if isinstance(told, list) and step.isdigit() and int(step) < len(told):
            told = told[int(step)]
        elif isinstance(told, dict):
            told = told.get(step)
        else:
            return None
    return told
