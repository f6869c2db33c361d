"""How a dossier (hồ sơ) stands, asked of the city's one-stop system. Slow or down, it keeps nobody waiting:

after five failures in a row it is left alone for half a minute (a circuit breaker), and the citizen is told so.
"""

from __future__ import annotations

import json
import os
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import quote

import httpx
import pybreaker
import structlog
from cachetools import TTLCache
from django.utils.translation import gettext as _

from tongdai.directory.freshness import Fresh
from tongdai.platform.network import outgoing

from ..importing.dates import read_day
from ..models import DossierSource
from . import code_pattern

log = structlog.get_logger(__name__)
MOST_FAILURES, PAUSE = 5, 30  # failures in a row, seconds
MOST_BYTES = 256 * 1024
MOST_PATHS = 60
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


class Unavailable(Exception):
    """The one-stop system doesn't answer now, or not in the shape agreed on."""


class ErrorAnswered(Exception):
    """It answered with an error: its HTTP status."""

    def __init__(self, status: int) -> None:
        super().__init__(str(status))
        self.status = status


TROUBLES = (httpx.HTTPError, httpx.InvalidURL, outgoing.Inside, outgoing.TooMuch, ErrorAnswered, ValueError, KeyError)


_breaker = pybreaker.CircuitBreaker(fail_max=MOST_FAILURES, reset_timeout=PAUSE, name="one-stop")
_source: Fresh[DossierSource | None] = Fresh(lambda: DossierSource.objects.filter(pk=1, active=True).first())
_lock = threading.Lock()
_cache: TTLCache[str, Dossier | None] = TTLCache(maxsize=2000, ttl=60)


def source() -> DossierSource | None:
    """The system asked; None: this city has none."""
    return _source()


def code_in(typed: str) -> str:
    """The dossier code that was typed, as the system writes it; empty where it is none."""
    system = source()
    plain = re.sub(r"\s+", "", typed).upper()
    return plain if system is not None and code_pattern.fits(system.pattern, plain) else ""


def look_up(code: str) -> Dossier | None:
    """How it stands; None: there is no such dossier.

    Raises:
        Unavailable: nobody can say now.
    """
    system = source()
    if system is None:
        raise Unavailable
    with _lock:
        if code in _cache and _cache.ttl == system.cached_for:
            return _cache[code]
    try:
        found = _breaker.call(_ask, system, code)
    except pybreaker.CircuitBreakerError as open_circuit:
        raise Unavailable from open_circuit
    except TROUBLES as wrong:
        log.warning("dossiers.away", why=type(wrong).__name__)
        raise Unavailable from wrong
    with _lock:
        if _cache.ttl != system.cached_for:
            _renew(system.cached_for)
        _cache[code] = found
    return found


@dataclass(frozen=True)
class Trial:
    """What came of trying a connection: the dossier as a citizen would be told of it, or the trouble in words.

    `paths`: the places in what the system answered, without what stands there (that is somebody's).
    """

    dossier: Dossier | None = None
    trouble: str = ""
    paths: tuple[str, ...] = ()


def try_out(system: DossierSource, code: str) -> Trial:
    """Ask this system once, past cache and breaker; it need not be saved."""
    paths: list[str] = []
    try:
        found = _ask(system, code, on_data=lambda data: paths.extend(_paths(data)))
    except httpx.TimeoutException:
        return Trial(trouble=_("Hệ thống không trả lời trong thời gian chờ."))
    except ErrorAnswered as refused:
        return Trial(trouble=_("Hệ thống trả lời lỗi {status}.").format(status=refused.status))
    except outgoing.Inside:
        return Trial(trouble=inner_network_refused())
    except (httpx.HTTPError, httpx.InvalidURL):
        return Trial(trouble=_("Không tới được hệ thống ở địa chỉ này."))
    except outgoing.TooMuch:
        return Trial(trouble=_("Hệ thống gửi quá nhiều: một hồ sơ chỉ vài nghìn byte."))
    except (ValueError, KeyError):
        return Trial(
            trouble=_("Câu trả lời không như đã khai: không thấy tình trạng."), paths=tuple(paths[:MOST_PATHS])
        )
    trouble = "" if found else _("Hệ thống nói không có hồ sơ mang mã này.")
    return Trial(found, trouble, tuple(paths[:MOST_PATHS]))


def inner_network_refused() -> str:
    """For whoever gives an address of the inner network that no setting allows."""
    return _("Địa chỉ này nằm trong mạng nội bộ. Người vận hành phải ghi máy ấy vào TONGDAI_OUTGOING_INSIDE trước.")


def _paths(data: Any, at: str = "") -> list[str]:
    """`data.0.name` of every value, in order."""
    parts = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else None
    if parts is None:
        return [at] if at else []
    return [path for name, each in parts for path in _paths(each, f"{at}.{name}" if at else str(name))]


def forget() -> None:
    """Ask anew: the cache and the breaker of this process."""
    with _lock:
        _cache.clear()
    _breaker.close()
    _source.forget()


def _renew(seconds: float) -> None:
    global _cache
    _cache = TTLCache(maxsize=2000, ttl=seconds)


def _ask(system: DossierSource, code: str, *, on_data: Callable[[Any], None] | None = None) -> Dossier | None:
    headers = {"Accept": "application/json"}
    if system.header and system.secret:
        headers[system.header] = os.environ.get(system.secret, "")
    address = system.url.replace("{code}", quote(code, safe=""))
    answer = outgoing.get(address, seconds=system.timeout, most_bytes=MOST_BYTES, headers=headers)
    if answer.status == 404:
        return None
    if answer.status >= 400:
        raise ErrorAnswered(answer.status)
    if answer.status >= 300:
        raise ValueError("a redirect")  # to a sign-in page, mostly
    try:
        data = json.loads(answer.body)
    except RecursionError as nested:
        raise ValueError("nested too deep") from nested
    if on_data is not None:
        on_data(data)
    return _read(system, code, data)


def _read(system: DossierSource, code: str, data: Any) -> Dossier | None:
    texts = {name: str(_value_at(data, system.mapping.get(name, "")) or "")[:300] for name in FIELDS}
    if not texts["state"]:
        if _value_at(data, system.mapping.get("nothing", "")) is not None or data in ({}, [], None):
            return None
        raise ValueError("no state in what it answered")
    received, due, done = (read_day(str(_value_at(data, system.mapping.get(name, "")) or "")) for name in DAYS)
    return Dossier(
        code=code,
        state=system.states.get(texts["state"], texts["state"]),
        agency=texts["agency"],
        procedure=texts["procedure"],
        received=received,
        due=due,
        done=done,
    )


def _value_at(data: Any, path: str) -> Any:
    """What stands at `data.0.name`; None where there is nothing."""
    if not path:
        return None
    for step in path.split("."):
        if isinstance(data, list) and step.isdigit() and int(step) < len(data):
            data = data[int(step)]
        elif isinstance(data, dict):
            data = data.get(step)
        else:
            return None
    return data
