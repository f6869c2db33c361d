"""What doctor says of a house that runs: how old the queue is, which jobs failed, the clocks, certificates, the disks."""

from __future__ import annotations

import shutil
import socket
import ssl
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from cryptography import x509
from django.conf import settings
from django.db import connection

from ..database import connection_settings
from .registry import Verdict

Finding = tuple[Verdict, str, str]
SLOW, STUCK = 60, 600  # seconds the oldest job that is due may have waited
SKEWED, WRONG_CLOCK = 2.0, 30.0  # seconds between this machine's clock and the database's
RENEW_WITHIN, ENDS_SOON = 21, 7  # days before a certificate ends
LITTLE, NOTHING_LEFT = 2048, 200  # MB on a disk
REACHED_WITHIN = 3  # seconds


def for_doctor() -> Iterator[Finding]:
    """Everything, one after the other."""
    yield queue()
    yield failed_jobs()
    yield failing_jobs()
    yield clocks()
    yield from certificates()
    yield from disks()


def queue() -> Finding:
    """How long the oldest job has waited that is due and not begun."""
    waiting, age = waiting_jobs()
    what, words = (
        "việc chờ / queue",
        f"{waiting} việc, lâu nhất {int(age)} giây / {waiting} jobs, the oldest {int(age)} s",
    )
    if age > STUCK:
        return "wrong", what, f"{words}: không có worker? / no worker? `tongdai run worker`"
    return ("note" if age > SLOW else "ok"), what, words


def waiting_jobs() -> tuple[int, float]:
    """How many jobs are due and not begun, and for how many seconds the oldest has been."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), coalesce(extract(epoch FROM now() - min(coalesce(j.scheduled_at, e.at))), 0)"
            " FROM procrastinate_jobs j LEFT JOIN LATERAL (SELECT min(at) AS at FROM procrastinate_events"
            " WHERE job_id = j.id) e ON true"
            " WHERE j.status = 'todo' AND (j.scheduled_at IS NULL OR j.scheduled_at <= now())"
        )
        waiting, age = cursor.fetchone()
    return int(waiting), float(age)


def failed_jobs() -> Finding:
    """Jobs that were given up after every try."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT task_name, count(*) FROM procrastinate_jobs WHERE status = 'failed' GROUP BY 1 ORDER BY 2 DESC, 1"
        )
        found = cursor.fetchall()
    what = "việc hỏng / failed jobs"
    if not found:
        return "ok", what, "0"
    words = ", ".join(f"{name} × {count}" for name, count in found[:5])
    return "note", what, f"{words}. Vì sao: nhật ký; làm lại / why: the log; again: `tongdai jobs retry`"


def failing_jobs() -> Finding:
    """Jobs that have failed again and again and wait for their next try: what they are for isn't done."""
    found = tried_again()
    what = "việc đang hỏng / failing jobs"
    if not found:
        return "ok", what, "0"
    words = ", ".join(f"{name} × {count} ({tries} lần / tries)" for name, count, tries in found[:5])
    return "wrong", what, f"{words}. Vì sao: nhật ký, dòng job.failed / why: the log, lines job.failed"


def tried_again() -> list[tuple[str, int, int]]:
    """(name, how many, the most tries) of jobs that have failed twice or more and will be tried again."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT task_name, count(*), max(attempts) FROM procrastinate_jobs"
            " WHERE status IN ('todo', 'doing') AND attempts >= 2 GROUP BY 1 ORDER BY 2 DESC, 1"
        )
        return [(str(name), int(count), int(tries)) for name, count, tries in cursor.fetchall()]


def clocks() -> Finding:
    """This machine's clock beside the database's: deadlines, one-time codes and passkeys go by both."""
    with connection.cursor() as cursor:
        before = time.time()
        cursor.execute("SELECT extract(epoch FROM clock_timestamp())")
        theirs = float(cursor.fetchone()[0])
        skew = theirs - (before + time.time()) / 2
    what, words = "đồng hồ / clocks", f"lệch CSDL / off the database's by {skew:+.1f} s"
    if abs(skew) > SKEWED:
        return (
            ("wrong" if abs(skew) > WRONG_CLOCK else "note"),
            what,
            f"{words}: bật NTP / turn NTP on (chrony, timesyncd)",
        )
    return "ok", what, words


def certificates() -> Iterator[Finding]:
    """When those end that citizens, staff and the database see."""
    public = urlsplit(settings.PUBLIC_URL)
    if public.scheme == "https" and public.hostname:
        yield _served(public.hostname, public.port or 443)
    files = [*settings.CERTIFICATES]
    if settings.DATABASE_URL:
        given = connection_settings.of_processes()
        files += [given[name] for name in ("sslrootcert", "sslcert") if given.get(name) not in (None, "", "system")]
    for file in files:
        yield _in_file(Path(file))


def disks() -> Iterator[Finding]:
    """Where backups go, if that is another disk than the home's, which doctor has looked at."""
    folder = Path(settings.BACKUP_FOLDER) if settings.BACKUP_FOLDER else None
    if folder is None:
        return
    what = "đĩa bản lưu / backup disk"
    above = next(step for step in [folder, *folder.absolute().parents] if step.exists())
    free = shutil.disk_usage(above).free // 2**20
    verdict: Verdict = "ok" if free > LITTLE else "note" if free > NOTHING_LEFT else "wrong"
    yield verdict, what, f"{folder} (còn / free {free} MB)"


def _served(host: str, port: int) -> Finding:
    what = f"chứng thư / certificate {host}"
    try:
        with (
            socket.create_connection((host, port), timeout=REACHED_WITHIN) as plain,
            ssl.create_default_context().wrap_socket(plain, server_hostname=host) as link,
        ):
            found = link.getpeercert() or {}
            return _until(what, datetime.fromtimestamp(ssl.cert_time_to_seconds(str(found["notAfter"])), UTC))
    except ssl.SSLCertVerificationError as error:
        return "wrong", what, f"trình duyệt sẽ từ chối / browsers will refuse it: {error.verify_message}"
    except OSError as error:
        return "note", what, f"từ máy này không tới được / not reached from here: {error}"


def _in_file(file: Path) -> Finding:
    what = f"chứng thư / certificate {file}"
    try:
        found = x509.load_pem_x509_certificates(file.read_bytes())
    except (OSError, ValueError) as error:
        return "wrong", what, f"không đọc được / can't be read: {error}"
    return _until(what, min(each.not_valid_after_utc for each in found))


def _until(what: str, end: datetime) -> Finding:
    days = (end - datetime.now(UTC)).days
    words = f"đến / until {end:%Y-%m-%d} ({days} ngày / days)"
    if days < RENEW_WITHIN:
        return ("wrong" if days < ENDS_SOON else "note"), what, f"{words}: gia hạn / renew it"
    return "ok", what, words
