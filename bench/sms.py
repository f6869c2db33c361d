"""`make bench NAME=sms`: from a text at the SMSC to a committed case, against a bare client of the same library.

Both take in the same texts from the same SMSC peer into the same durable database, in turns. Then 5,000 receipts are
queued, and while they go out a danger text: how soon the SMSC has it, and how many left before it. Then the whole house runs
under `tongdai up` with texts coming in, and web, worker, sms and PostgreSQL are killed (-9) each in turn, ten times;
every text must be one case, and every citizen answered.
"""

from __future__ import annotations

import itertools
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from django.db import transaction

from tongdai.peers.smsc.peer import PASSWORD, SYSTEM_ID, Control, Peer, start_peer

from .figures import Figures, arguments, percentile

LIMIT = 0.10
TURNS, BARE_TEXTS, TEXTS = 3, 6000, 2500
RECEIPTS, ON_THE_WAY = 5000, 200  # queued before the danger text; of them already sent when it comes
KILLS, PAUSE, BATCH = 10, 2.5, 60  # how often, seconds between, texts sent each second meanwhile
VICTIMS = ("web", "worker", "sms", "postgres")
STREETS = ("Lê Lợi", "Cầu Đất", "Lạch Tray", "Trần Phú", "Điện Biên Phủ", "Tô Hiệu", "Hai Bà Trưng", "Nguyễn Trãi")
_numbers = itertools.count()


def texts(count: int) -> list[dict[str, object]]:
    """As many citizens, each with something of their own to say; none says the same as another."""
    return [
        {
            "from": f"849{10_000_000 + number}",
            "text": f"Rác số {number} đường {STREETS[number % 8]} chưa dọn, mùi hôi bốc khắp ngõ",
        }
        for number in itertools.islice(_numbers, count)
    ]


def main() -> int:
    options = arguments(__doc__ or "")
    options.add_argument("--kills", type=int, default=KILLS)
    given = options.parse_args()
    with _fresh_home() as home, _peer(home) as peer, _database() as conninfo:
        bare, ours, waits = _measure(peer, conninfo)
        danger = _danger(peer.control)
    with _fresh_home() as home, _peer(home) as peer:
        killed = _kill_in_turn(peer, home, times=given.kills)
    figures = Figures(
        name="sms", value=median(ours), unit="texts/s", limit=LIMIT, ratio=median(ours) / median(bare),
        p50_ms=percentile(waits, 0.5), p99_ms=percentile(waits, 0.99),
        lost=killed.pop("lost"), doubled=killed.pop("doubled"), failed=killed.pop("failed"),
        extra={"bare_per_s": median(bare), **danger, **killed},
    )  # fmt: skip
    return figures.publish(given.json)


# ── how fast ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def _measure(peer: Peer, conninfo: str) -> tuple[list[float], list[float], list[float]]:
    """Texts a second of the bare client and of ours, in turns; and how long each of ours was on its way, in ms."""
    bare, ours, waits = [], [], []
    for _ in range(TURNS):
        command = [
            sys.executable,
            "-m",
            "bench.bare_esme",
            "127.0.0.1",
            str(peer.port),
            SYSTEM_ID,
            PASSWORD,
            conninfo,
        ]
        bare.append(_rate(peer.control, command, BARE_TEXTS)[0])
        rate, waited = _rate(peer.control, [sys.executable, "-m", "tongdai", "run", "sms"], TEXTS)
        ours.append(rate)
        waits += waited
        print(f"bare {bare[-1]:.0f}/s, ours {ours[-1]:.0f}/s", flush=True)
    return bare, ours, waits


def _rate(smsc: Control, command: list[str], count: int) -> tuple[float, list[float]]:
    """Acknowledged texts a second by the SMSC's own clock, the first hundred left out; and the wait of each in ms."""
    process = subprocess.Popen(command)
    try:
        _until(lambda: smsc.counts()["links"] == 1, within=60)
        smsc.forget()
        _send(smsc, texts(100 + count))
        _until(lambda: smsc.counts()["acked"] >= 100 + count, within=300)
        acked = sorted(text["ackedAt"] for text in smsc.progress())
        seconds = (acked[-1] - acked[99]) / 1000
        return count / seconds, [text["ackedAt"] - text["sentAt"] for text in smsc.progress()]
    finally:
        process.terminate()
        process.wait(timeout=30)
        _until(lambda: smsc.counts()["links"] == 0, within=30)


# ── what goes first ──────────────────────────────────────────────────────────────────────────────────────────────────


def _danger(smsc: Control) -> dict[str, float | int]:
    """Seconds from the commit of a danger text, 5,000 receipts queued before it, until the SMSC has it.

    And how many texts left in between, which is a window at most.
    """
    from tongdai.people.interactions import queue_outbound
    from tongdai.people.models import Channel
    from tongdai.people.purposes import Purpose
    from tongdai.platform.clock import now

    def queue(number: int, *, purpose: Purpose) -> str:
        phone = f"+849{number:08d}"
        body = "1022 đã nhận phiếu 7304 1859 261. Hạn trả lời: 17 giờ thứ Sáu, 4.3.2022."
        queue_outbound(channel=Channel.SMS, address=phone, body=body, key=f"bench:{phone}", purpose=purpose, at=now())
        return phone

    process = subprocess.Popen([sys.executable, "-m", "tongdai", "run", "sms"])
    try:
        _until(lambda: smsc.counts()["links"] == 1, within=60)
        smsc.forget()
        _lift_the_limits()
        with transaction.atomic():
            for number in range(RECEIPTS):
                queue(number, purpose=Purpose.RECEIPT)
        _until(lambda: smsc.counts()["mt"] >= ON_THE_WAY, within=60)
        danger = queue(RECEIPTS, purpose=Purpose.DANGER)
        committed = datetime.now(UTC)
        _until(lambda: smsc.received_by(danger), within=300)
        went = [(text["to"] == danger.lstrip("+"), datetime.fromisoformat(text["at"])) for text in smsc.received_by()]
        [arrived] = [at for is_danger, at in went if is_danger]
        before = went.index((True, arrived))
        as_it_counts = committed.replace(microsecond=committed.microsecond // 1000 * 1000)  # the SMSC's clock: whole ms
        overtaken = sum(at >= as_it_counts for _, at in went[:before])
        return {"danger_seconds": (arrived - committed).total_seconds(), "danger_overtaken_by": overtaken}
    finally:
        process.terminate()
        process.wait(timeout=30)


# ── how surely ───────────────────────────────────────────────────────────────────────────────────────────────────────


def _kill_in_turn(peer: Peer, home: Path, *, times: int) -> dict[str, int]:
    """Run the house, let texts come in, kill; then count what the SMSC saw and what the database has."""
    smsc = peer.control
    smsc.forget()
    log = (home / "house.log").open("ab")
    house = subprocess.Popen([sys.executable, "-m", "tongdai", "up"], stdout=log, stderr=log)
    sent: list[dict[str, object]] = []
    try:
        _until(lambda: smsc.counts()["links"] == 1 and _pid_of(house.pid, "web") is not None, within=120)
        _lift_the_limits()
        for victim in itertools.islice(itertools.cycle(VICTIMS), times):
            _feed(smsc, sent, seconds=PAUSE)
            _kill(house.pid, victim)
            print(f"killed {victim}; {smsc.counts()['acked']} of {len(sent)} texts acknowledged", flush=True)
        _feed(smsc, sent, seconds=PAUSE)
        acked = _until(lambda: all(text["state"] == "acked" for text in smsc.progress()), within=180)
        answered = _until(lambda: _answered(smsc) >= len(sent), within=240)
        counted = _counted(sent, smsc)
        return counted | {"failed": 0 if acked and answered else 1, "kills": times, "texts_under_kills": len(sent)}
    finally:
        house.terminate()
        house.wait(timeout=60)


def _feed(smsc: Control, sent: list[dict[str, object]], *, seconds: float) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        batch = texts(BATCH // 4)
        sent += batch
        _send(smsc, batch)
        time.sleep(0.25)


def _kill(house: int, name: str) -> None:
    """As soon as it runs: it may still be on its way up from the time before."""
    if _until(lambda: _pid_of(house, name) is not None, within=60):
        os.kill(_pid_of(house, name) or 0, signal.SIGKILL)
    else:
        raise RuntimeError(f"{name} does not run")


def _pid_of(house: int, name: str) -> int | None:
    """The process of this name below the house; of PostgreSQL the one all others are children of."""
    for child in Path(f"/proc/{house}/task/{house}/children").read_text().split():
        words = Path(f"/proc/{child}/cmdline").read_bytes().decode().split("\0")
        if name in words or (name == "postgres" and words[0].endswith("/postgres")):
            return int(child)
    return None


def _answered(smsc: Control) -> int:
    return len({text["to"] for text in smsc.received_by()})


def _counted(sent: list[dict[str, object]], smsc: Control) -> dict[str, int]:
    """Texts without a case, and with more than one; citizens without a reply, and with more than one."""
    from tongdai.platform.database import postgres

    with postgres.cluster().connect() as owner:
        cases = Counter(row[0] for row in owner.execute("SELECT text FROM cases_case"))
        heard = Counter(row[0] for row in owner.execute("SELECT body FROM people_interaction WHERE direction = 'in'"))
        unknown = owner.execute("SELECT count(*) FROM sms_submission WHERE state = 'unknown'").fetchone()
    replies = Counter(str(text["to"]) for text in smsc.received_by())
    return {
        "lost": sum(cases[text["text"]] == 0 for text in sent),
        "doubled": sum(cases[text["text"]] > 1 or heard[text["text"]] > 1 for text in sent),
        "replies_lost": sum(replies[str(text["from"])] == 0 for text in sent),
        "replies_twice": sum(replies[str(text["from"])] > 1 for text in sent),
        "replies_counted_unknown": int(str(unknown[0])) if unknown else 0,
    }


# ── the ground ───────────────────────────────────────────────────────────────────────────────────────────────────────


@contextmanager
def _fresh_home() -> Iterator[Path]:
    """An empty home of its own, away from any other."""
    home = Path(tempfile.mkdtemp(prefix="tongdai-bench-"))
    home.chmod(0o755)
    port = _free_port()
    os.environ |= {"TONGDAI_HOME": str(home), "TONGDAI_PORT": str(port), "TONGDAI_LIVE_PORT": str(_free_port())}
    os.environ.pop("DATABASE_URL", None)
    try:
        yield home
    finally:
        shutil.rmtree(home, ignore_errors=True)


@contextmanager
def _peer(home: Path) -> Iterator[Peer]:
    peer = start_peer(log=home / "smsc.log")
    os.environ["TONGDAI_SMSC"] = peer.url
    try:
        yield peer
    finally:
        peer.stop()


@contextmanager
def _database() -> Iterator[str]:
    """The embedded server, durable, with a small city in it. How the bare client connects to it."""
    from tongdai.platform.database import postgres
    from tongdai.platform.processes.bootstrap import ready

    with ready(as_owner=True):
        from tests.city import City
        from tongdai.platform.database.installation import install

        from . import bare_esme

        install(demo=True)
        City()
        it = postgres.cluster()
        with it.connect() as owner:
            owner.execute(bare_esme.MADE)
            owner.execute(f"GRANT ALL ON bench_raw, bench_raw_id_seq TO {postgres.APP}")
        os.environ.pop("TONGDAI_DATABASE_AS", None)  # the processes are not the owner
        at = it.settings()
        yield f"host={at['HOST']} dbname={at['NAME']} user={at['USER']} password={at['PASSWORD']}"


def _lift_the_limits() -> None:
    """The numbers stand in a row, and all of them text within a minute: as no city is texted but by a fraud."""
    from tongdai.platform.database import postgres

    with postgres.cluster().connect() as owner:
        owner.execute(
            "INSERT INTO directory_outbound (id, kinds, texts_an_hour, texts_a_block, texts_a_network, calls_an_hour,"
            " calls_a_block) VALUES (1, '[\"mobile\"]', 1000000, 1000000, 30, 600, 100) ON CONFLICT DO NOTHING"
        )


def _send(smsc: Control, some: list[dict[str, object]]) -> None:
    smsc.texts(some)


def _until(true: Callable[[], object], *, within: float) -> bool:
    """Wait until it is; False when it is not in time."""
    end = time.monotonic() + within
    while not true():
        if time.monotonic() > end:
            return False
        time.sleep(0.1)
    return True


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    sys.exit(main())
