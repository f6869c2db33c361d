"""What the gate of outgoing texts and calls has stopped lately: for supervisors, administrators and `tongdai doctor`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from tongdai.platform.clock import now
from tongdai.platform.monitoring.registry import Verdict

from .held_back import held_back
from .limits import Scope, What, limit
from .models import Interaction, OutboundCount
from .phones import kind_of

LATELY = timedelta(hours=24)
MOST = 30  # rows shown


@dataclass(frozen=True)
class Full:
    """One limit that was reached in one hour; `name` holds the block's first digits, where it was a block."""

    hour: datetime
    what: str
    scope: str
    name: str
    used: int
    limit: int
    held: int


@dataclass(frozen=True)
class Alarm:
    """What was stopped in the last 24 hours, and what waits for a person."""

    full: tuple[Full, ...]
    barred: dict[str, int]  # kind of number, in words → texts that were not sent
    held: int

    def __bool__(self) -> bool:
        return bool(self.full or self.barred or self.held)


def alarm(*, at: datetime) -> Alarm:
    """Return what was stopped in the 24 hours before `at`; every part stands on an index."""
    counts = OutboundCount.objects.filter(held__gt=0, hour__gt=at - LATELY).order_by("-hour", "-held")[:MOST]
    return Alarm(tuple(_full(count) for count in counts), _barred(at), held_back().count())


def for_doctor() -> Iterator[tuple[Verdict, str, str]]:
    """Yield what `tongdai doctor` says of it: (verdict, what, words)."""
    found = alarm(at=now())
    name = "tin và cuộc gọi ra / outgoing"
    if not found:
        yield "ok", name, "24 giờ qua không chặn gì / nothing was stopped in 24 hours"
        return
    barred = sum(found.barred.values())
    over = sum(full.held for full in found.full if full.scope != Scope.CITY) or sum(full.held for full in found.full)
    yield (
        "note",
        name,
        f"24 giờ qua: {over} lần quá giới hạn, {barred} tin đến loại số không nhắn, {found.held} tin chờ người quyết"
        f" / in 24 hours: {over} times over a limit, {barred} texts to barred kinds, {found.held} wait for a person"
        " (/ban/cai-dat/tin-va-cuoc-goi-ra/)",
    )


def _full(count: OutboundCount) -> Full:
    name = count.name if count.scope == Scope.BLOCK else ""
    most = limit(What(count.what), Scope(count.scope))
    what, scope = count.get_what_display(), count.get_scope_display()
    return Full(count.hour, what, scope, name, count.used, most, count.held)


def _barred(at: datetime) -> dict[str, int]:
    rows = Interaction.objects.filter(state=Interaction.State.BARRED, happened_at__gt=at - LATELY)
    kinds: Counter[str] = Counter()
    for address in rows.values_list("address", flat=True).iterator():
        kind = kind_of(address)
        kinds[str(kind.label) if kind else _("số không có thật")] += 1
    return dict(kinds)
