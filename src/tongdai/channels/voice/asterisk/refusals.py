"""Who was turned away at the telephone's doors: counted by the hour, the door and the network, never by number.

Asterisk writes down whom it refuses (security events, and what `refused` of the dialplan says); the archive process counts
and empties that file each second, so that no flood fills the disk. The browsers' door is ours (softphones.py).
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import Error, connection
from django.db.models import Sum

from tongdai.platform.web.client_network import network

from ..models import Refusal
from .exchange import Exchange

Door, Reason = Refusal.Door, Refusal.Reason
MOST = 200  # networks named at a time: a flood from everywhere must not fill the table
KEPT_FOR = timedelta(days=30)
FLOOD = 600  # refusals in an hour; a telephone whose password was changed makes some 60
REASONS = {
    "InvalidAccountID": Reason.UNKNOWN,
    "InvalidPassword": Reason.PASSWORD,
    "ChallengeResponseFailed": Reason.PASSWORD,
}
EVENT = re.compile(
    r'SecurityEvent="(?P<event>\w+)".*LocalAddress="\w+/\w+/(?P<local>\S+)/(?P<port>\d+)",'
    r'RemoteAddress="\w+/\w+/(?P<remote>[^/"]+)/'
)
REFUSED = re.compile(r"refused \S+ \S*:(?P<port>\d+) (?P<remote>\S+):\d+")
# pjproject drops it before anything of Asterisk's sees it: nobody can answer it
GARBLED = re.compile(r"Dropping \d+ bytes packet from (?P<how>\w+) (?P<remote>\S+):\d+ : PJSIP")
ADD = """
INSERT INTO voice_refusal (hour, door, reason, network, times) VALUES (%s, %s, %s, %s, %s)
ON CONFLICT (hour, door, reason, network) DO UPDATE SET times = voice_refusal.times + EXCLUDED.times
"""


class Tally:
    """What is counted and not yet written."""

    def __init__(self) -> None:
        self._counts: Counter[tuple[str, str, str]] = Counter()

    def add(self, door: str, reason: str, address: str) -> None:
        named = (door, reason, network_of(address))
        self._counts[named if named in self._counts or len(self._counts) < MOST else (door, reason, "")] += 1

    def write(self, *, at: datetime) -> None:
        """Add it to the hour's rows; kept for the next time where the database is away (raises django.db.Error)."""
        if not self._counts:
            return
        counts, self._counts = self._counts, Counter()
        try:
            self._add(counts, hour=at.replace(minute=0, second=0, microsecond=0))
        except Error:
            self._counts.update(counts)
            raise
        Refusal.objects.filter(hour__lt=at - KEPT_FOR).delete()

    @staticmethod
    def _add(counts: Counter[tuple[str, str, str]], *, hour: datetime) -> None:
        known = set(Refusal.objects.filter(hour=hour).values_list("door", "reason", "network")[: MOST + 1])
        rows: Counter[tuple[str, str, str]] = Counter()
        for named, times in counts.items():
            rows[named if named in known or len(known) + len(rows) < MOST else (*named[:2], "")] += times
        with connection.cursor() as cursor:
            cursor.executemany(ADD, [(hour, *named, times) for named, times in rows.items()])


def read(it: Exchange, tally: Tally) -> None:
    """Count what Asterisk has written since, and empty the file; it goes on writing at its end."""
    try:
        with it.strangers_log.open("r+", encoding="utf-8", errors="replace") as file:
            for line in file:
                if found := _refused(line, it):
                    tally.add(*found)
            file.truncate(0)
    except FileNotFoundError:
        return


def _refused(line: str, it: Exchange) -> tuple[str, str, str] | None:
    """(door, reason, address), of a line that tells of a refusal."""
    if found := REFUSED.search(line):
        return _door(found["port"], it), Reason.DOOR, found["remote"]
    if found := GARBLED.search(line):
        return Door.CARRIERS if found["how"] in ("UDP", "TLS") else Door.BROWSERS, Reason.GARBLED, found["remote"]
    found = EVENT.search(line)
    if found is None or found["event"] not in REASONS:
        return None
    return _door(found["port"], it), REASONS[found["event"]], found["remote"]


def _door(port: str, it: Exchange) -> str:
    doors = {it.sip_port: Door.CARRIERS, it.phones_port: Door.PHONES} | ({it.tls.port: Door.CARRIERS} if it.tls else {})
    return doors.get(int(port), Door.BROWSERS)


def network_of(address: str) -> str:
    """What counts as one client (of IPv6 the /64); empty where it is no address."""
    found = network(address.strip("[]"))
    return "" if found == "unknown" else found


@dataclass(frozen=True)
class Refused:
    """Of the last 24 hours. `worst`: the network with most of them."""

    times: int
    worst: str
    in_this_hour: int

    @property
    def is_flood(self) -> bool:
        return self.in_this_hour >= FLOOD


def lately(*, at: datetime) -> Refused:
    """Two questions to the database."""
    rows = Refusal.objects.filter(hour__gt=at - timedelta(days=1))
    by_network = list(rows.values("network").annotate(sum=Sum("times")).order_by("-sum").values_list("network", "sum"))
    hour = rows.filter(hour__gt=at - timedelta(hours=1)).aggregate(sum=Sum("times"))["sum"] or 0
    worst = next((each for each, _times in by_network if each), "")
    return Refused(sum(times for _network, times in by_network), worst, hour)
