"""What was said is kept: Asterisk's raw files become one file in storage, the citizen left and the city right.

The row is written when the file is in storage, the raw files go after that: killed at any moment, it is done again.
"""

from __future__ import annotations

import errno
import hashlib
import shutil
import time
import wave
from collections import defaultdict
from datetime import datetime
from pathlib import Path

import structlog
from django.core.files import File
from django.core.files.storage import default_storage

from tongdai.platform import wake
from tongdai.platform.clock import CITY_TZ, now
from tongdai.platform.decoders import programs
from tongdai.platform.decoders.confinement import Limits
from tongdai.platform.decoders.connection import CannotRead, Unavailable

from .engines import sox
from .exchange.home import Exchange
from .models import Call, Recording

log = structlog.get_logger(__name__)
SETTLED = 1.5  # seconds a file must have been left alone: Asterisk writes its header at the end
MOST_AT_ONCE = 20
FORMAT, CONTENT_TYPE = "flac", "audio/flac"
LIMITS = Limits(cpu=120, wall=300, memory=512 * 2**20, output=2**31)  # a day of talk has 1.4 GB a side
CHUNK = 1 << 20


def take_in(it: Exchange) -> int:
    """Put into storage what is there of calls that have ended; how many files.

    What can't be read is set aside, and keeps none of the others waiting.

    Raises:
        OSError: the storage takes nothing (a full disk): the raw files stay, and are taken in later.
        Unavailable: nothing can be read here now; likewise.
    """
    taken = 0
    for channel, sides in _raw(it).items():
        call = Call.objects.filter(channel=channel, state=Call.State.ENDED).first()
        if call is not None:
            taken += _keep(call, Recording.Kind.TALK, sides, it=it)
    for message in [*it.spool_recordings.glob("message-*.wav"), *it.messages.glob("*.wav")]:
        name = message.stem.removeprefix("message-")
        which = {"pk": int(name)} if message.stem.startswith("message-") else {"channel": name}
        call = Call.objects.filter(state=Call.State.ENDED, **which).first()
        if call is not None and _is_settled(message):
            taken += _keep(call, Recording.Kind.MESSAGE, [message], it=it)
    return taken


def set_aside(it: Exchange) -> Path:
    """Where the raw files lie that nobody could read."""
    return it.recordings / "unreadable"


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


def _keep(call: Call, kind: Recording.Kind, files: list[Path], *, it: Exchange) -> bool:
    """Whether it is in storage; the raw files are no more where they were."""
    raw = [file.with_name(name) for file in files for name in _beside(file)]
    if not call.recordings.filter(kind=kind).exists():
        try:
            _store(call, kind, files, it=it)
        except Unavailable:
            raise
        except (CannotRead, FileNotFoundError, wave.Error, EOFError) as trouble:
            log.error("recordings.unreadable", call=call.pk, kind=kind, why=str(trouble), kept=str(set_aside(it)))
            set_aside(it).mkdir(parents=True, exist_ok=True)
            for file in filter(Path.exists, raw):
                shutil.move(file, set_aside(it) / file.name)
            return False
    for file in raw:
        file.unlink(missing_ok=True)
    return True


def _beside(file: Path) -> list[str]:
    """Its name, and those of the other side and of both together."""
    return list(dict.fromkeys([file.name, *(file.name.replace("-in.wav", end) for end in ("-out.wav", ".wav"))]))


def _store(call: Call, kind: Recording.Kind, files: list[Path], *, it: Exchange) -> None:
    day = call.came_at.astimezone(CITY_TZ)
    with programs.folder() as folder:
        _check_room(folder, files)
        made = folder / f"whole.{FORMAT}"
        seconds = _joined(kind, files, made, it=it, folder=folder)
        with programs.opened(made) as content:
            digest = hashlib.file_digest(content, "sha256").hexdigest()
            size = content.tell()
            content.seek(0)
            name = default_storage.save(f"recordings/{day:%Y/%m/%d}/{call.pk}-{kind}.{FORMAT}", File(content))
    Recording.objects.get_or_create(
        call=call, kind=kind,
        defaults={"file": name, "seconds": round(seconds), "size": size, "sha256": digest, "made_at": now()},
    )  # fmt: skip
    wake.wake("calls", [call.pk])


def _check_room(folder: Path, files: list[Path]) -> None:
    """Raises OSError: lest a full disk be taken for a file that can't be read."""
    needed = 4 * sum(file.with_name(name).stat().st_size for file in files for name in _beside(file)[:2])
    if shutil.disk_usage(folder).free < needed:
        raise OSError(errno.ENOSPC, f"{needed >> 20} MB needed", str(folder))


def _joined(kind: Recording.Kind, files: list[Path], made: Path, *, it: Exchange, folder: Path) -> float:
    """Make one file of all of them, the citizen left and the city right; how many seconds it lasts."""
    ends = ("in", "out") if kind == Recording.Kind.TALK else ("in",)
    sides = [folder / f"{end}.wav" for end in ends]
    for side, end in zip(sides, ends, strict=True):
        parts = _taken([file.with_name(file.name.replace("-in.wav", f"-{end}.wav")) for file in files], folder)
        given = [word for part in parts for word in ("-t", "wav", part)]
        sox(it, *given, "-t", "wav", "-b", "16", side, folder=folder, limits=LIMITS)
        for part in parts:
            part.unlink()
    given = [word for side in sides for word in ("-t", "wav", side)]
    sox(it, *(["-M"] if len(sides) > 1 else []), *given, "-t", FORMAT, made, folder=folder, limits=LIMITS)
    return _seconds(sides[0])


def _taken(files: list[Path], folder: Path) -> list[Path]:
    """Copies that sox may read; Asterisk's own belong to Asterisk."""
    taken = []
    for number, file in enumerate(files):
        with file.open("rb") as content:
            taken.append(programs.put(folder / f"given-{number}.wav", iter(lambda: content.read(CHUNK), b"")))
    return taken


def _seconds(file: Path) -> float:
    with programs.opened(file) as content, wave.open(content) as sound:
        return float(sound.getnframes() / sound.getframerate())


def forget(*, before: datetime, at: datetime) -> int:
    """Delete the files made before then; the rows say that they were there. How many. (`privacy.retention`)"""
    old = list(Recording.objects.filter(made_at__lt=before).exclude(file=""))
    for recording in old:
        default_storage.delete(recording.file)
        Recording.objects.filter(pk=recording.pk).update(file="", deleted_at=at)
    return len(old)
