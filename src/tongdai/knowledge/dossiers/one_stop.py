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

from ..lookups.row_reading import day_of
from ..models import DossierSource
from . import code_pattern

log = structlog.get_logger(__name__)
FAILS, LEFT_ALONE = 5, 30  # failures in a row, seconds
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


class Away(Exception):
    """The one-stop system doesn't answer now, or not in the shape agreed on."""


class Refused(Exception):
    """It answered with an error: its HTTP status."""

    def __init__(self, status: int) -> None:
        super().__init__(str(status))
        self.status = status


TROUBLES = (httpx.HTTPError, httpx.InvalidURL, outgoing.Inside, outgoing.TooMuch, Refused, ValueError, KeyError)


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
    return plain if held is not None and code_pattern.fits(held.pattern, plain) else ""


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
    except TROUBLES as wrong:
        log.warning("dossiers.away", why=type(wrong).__name__)
        raise Away from wrong
    with _lock:
        if _cache.ttl != held.cached_for:
            _renew(held.cached_for)
        _cache[code] = found
    return found


@dataclass(frozen=True)
class Trial:
    """What came of trying a connection: the dossier as a citizen would be told of it, or the trouble in words.

    `paths`: the places in what the system told, without what stands there (that is somebody's).
    """

    dossier: Dossier | None = None
    trouble: str = ""
    paths: tuple[str, ...] = ()


def try_out(held: DossierSource, code: str) -> Trial:
    """Ask this system once, past cache and breaker; it need not be saved."""
    paths: list[str] = []
    try:
        found = _ask(held, code, saw=lambda told: paths.extend(_paths(told)))
    except httpx.TimeoutException:
        return Trial(trouble=_("Hệ thống không trả lời trong thời gian chờ."))
    except Refused as refused:
        return Trial(trouble=_("Hệ thống trả lời lỗi {status}.").format(status=refused.status))
    except outgoing.Inside:
        return Trial(trouble=inner_words())
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


def inner_words() -> str:
    """For whoever gives an address of the inner network that no setting allows."""
    return _("Địa chỉ này nằm trong mạng nội bộ. Người vận hành phải ghi máy ấy vào TONGDAI_OUTGOING_INSIDE trước.")


def _paths(told: Any, at: str = "") -> list[str]:
    """`data.0.name` of every value, in order."""
    parts = told.items() if isinstance(told, dict) else enumerate(told) if isinstance(told, list) else None
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


def _ask(held: DossierSource, code: str, *, saw: Callable[[Any], None] | None = None) -> Dossier | None:
    headers = {"Accept": "application/json"}
    if held.header and held.secret:
        headers[held.header] = os.environ.get(held.secret, "")
    address = held.url.replace("{code}", quote(code, safe=""))
    answer = outgoing.get(address, seconds=held.timeout, most_bytes=MOST_BYTES, headers=headers)
    if answer.status == 404:
        return None
    if answer.status >= 400:
        raise Refused(answer.status)
    if answer.status >= 300:
        raise ValueError("a redirect")  # to a sign-in page, mostly
    try:
        told = json.loads(answer.body)
    except RecursionError as nested:
        raise ValueError("nested too deep") from nested
    if saw is not None:
        saw(told)
    return _read(held, code, told)


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
