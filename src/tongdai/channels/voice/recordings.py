"""What was said is kept: Asterisk's raw files become one file in storage, the citizen left and the city right.

The row is written when the file is in storage, the raw files go after that: killed at any moment, it is done again.
"""

from __future__ import annotations

import hashlib
import subprocess
import tempfile
import time
import wave
from collections import defaultdict
from datetime import datetime, timedelta
from pathlib import Path

import structlog
from django.conf import settings
from django.core.files import File
from django.core.files.storage import default_storage

from tongdai.platform import jobs, wake
from tongdai.platform.clock import CITY_TZ, now

from .exchange.home import Exchange
from .models import Call, Recording
from .speech import program

log = structlog.get_logger(__name__)
SETTLED = 1.5  # seconds a file must have been left alone: Asterisk writes its header at the end
MOST_AT_ONCE = 20
FORMAT, CONTENT_TYPE = "flac", "audio/flac"


def take_in(it: Exchange) -> int:
    """Put into storage what is there of calls that have ended; how many files.

    Raises:
        OSError: the storage takes nothing (a full disk): the raw files stay, and are taken in later.
    """
    taken = 0
    for channel, sides in _raw(it).items():
        call = Call.objects.filter(channel=channel, state=Call.State.ENDED).first()
        if call is not None:
            _keep(call, Recording.Kind.TALK, sides, it=it)
            taken += 1
    for message in [*it.spool_recordings.glob("message-*.wav"), *it.messages.glob("*.wav")]:
        name = message.stem.removeprefix("message-")
        which = {"pk": int(name)} if message.stem.startswith("message-") else {"channel": name}
        call = Call.objects.filter(state=Call.State.ENDED, **which).first()
        if call is not None and _is_settled(message):
            _keep(call, Recording.Kind.MESSAGE, [message], it=it)
            taken += 1
    return taken


def _raw(it: Exchange) -> dict[str, list[Path]]:
    """Channel → its files that nobody writes any more, in order: 12-in, 12-out, after a pause 12_1-in, …"""
    found: dict[str, list[Path]] = defaultdict(list)
    writing = set()
    for file in sorted(it.recordings.glob("*-in.wav"), key=lambda file: file.stat().st_mtime):
        channel = file.name.removesuffix("-in.wav").partition("_")[0]
        found[channel].append(file)
        if not _is_settled(file):
            writing.add(channel)
        if len(found) >= MOST_AT_ONCE:
            break
    return {channel: files for channel, files in found.items() if channel not in writing}


def _is_settled(file: Path) -> bool:
    return time.time() - file.stat().st_mtime > SETTLED


def _keep(call: Call, kind: Recording.Kind, files: list[Path], *, it: Exchange) -> None:
    if not call.recordings.filter(kind=kind).exists():
        with tempfile.TemporaryDirectory(prefix="tongdai-recording-") as folder:
            made = Path(folder) / f"whole.{FORMAT}"
            if kind == Recording.Kind.TALK:
                sides = [Path(folder) / f"{side}.wav" for side in ("in", "out")]
                for side in sides:
                    _sox(it, *[file.with_name(file.name.replace("-in.wav", f"-{side.name}")) for file in files], side)
                _sox(it, "-M", *sides, made)
                seconds = _seconds(sides[0])
            else:
                _sox(it, *files, made)
                seconds = _seconds(files[0])
            _store(call, kind, made, seconds=seconds)
    for file in files:
        for name in (file.name, file.name.replace("-in.wav", "-out.wav"), file.name.replace("-in.wav", ".wav")):
            file.with_name(name).unlink(missing_ok=True)


def _store(call: Call, kind: Recording.Kind, made: Path, *, seconds: float) -> None:
    day = call.came_at.astimezone(CITY_TZ)
    with made.open("rb") as content:
        digest = hashlib.file_digest(content, "sha256").hexdigest()
        content.seek(0)
        name = default_storage.save(f"recordings/{day:%Y/%m/%d}/{call.pk}-{kind}.{FORMAT}", File(content))
    Recording.objects.get_or_create(
        call=call, kind=kind,
        defaults={"file": name, "seconds": round(seconds), "size": made.stat().st_size, "sha256": digest, "made_at": now()},
    )  # fmt: skip
    wake.wake("calls", [call.pk])


def _seconds(file: Path) -> float:
    with wave.open(str(file)) as sound:
        return float(sound.getnframes() / sound.getframerate())


def _sox(it: Exchange, *arguments: str | Path) -> None:
    """Raises OSError when it can't."""
    done = subprocess.run(
        [*program("sox", it), "-V1", *map(str, arguments)], capture_output=True, text=True, timeout=120, check=False
    )
    if done.returncode:
        raise OSError(done.stderr.strip()[-300:])


@jobs.periodic(name="channels.voice.recordings.forget_old_ones", queue="voice", cron="37 2 * * *")
def forget_old_ones(timestamp: int) -> None:
    """Once a night."""
    forget(at=now())


def forget(*, at: datetime) -> int:
    """Delete the files kept longer than RECORDING_DAYS; the rows say that they were there. How many."""
    before = at - timedelta(days=settings.RECORDING_DAYS)
    old = list(Recording.objects.filter(made_at__lt=before).exclude(file=""))
    for recording in old:
        default_storage.delete(recording.file)
        Recording.objects.filter(pk=recording.pk).update(file="", deleted_at=at)
    return len(old)
