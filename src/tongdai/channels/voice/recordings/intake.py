"""What was said is kept: Asterisk's raw files become one encrypted file in storage, the citizen left and the city right.

The row is written when the file has been read back from storage, whole; the raw files go after that: killed at any moment,
it is done again.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import itertools
import shutil
import time
import wave
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path

import structlog
from django.core.files.storage import default_storage
from django.db import transaction

from tongdai.platform import wake
from tongdai.platform.clock import CITY_TZ, now
from tongdai.platform.decoders import programs
from tongdai.platform.decoders.confinement import Limits
from tongdai.platform.decoders.connection import CannotRead, Unavailable
from tongdai.platform.files.encryption import CannotOpen

from ..asterisk.exchange import Exchange, exchange
from ..asterisk.raw_recordings import RATE, WIDTH, RawSound, one_after_the_other
from ..models import Call, Recording
from ..speech.engines import sox
from . import encrypted_files, messages

log = structlog.get_logger(__name__)
SETTLED = 1.5  # seconds a file must have been left alone: Asterisk writes its header at the end
RUNG = "ours-"  # how the channels begin of whoever we ring, but for a citizen
NOBODYS = 60.0  # seconds, of a leg that is no citizen's
MOST_AT_ONCE = 20
FORMAT, CONTENT_TYPE = "flac", "audio/flac"
LIMITS = Limits(cpu=120, wall=300, memory=512 * 2**20, output=2**31)  # a day of talk has 1.4 GB a side
SHORTEST = 160 * WIDTH  # octets: sox takes a FLAC without a sample for one of 1,048 s
AS_LONG = 0.1  # seconds by which what is stored may differ from the raw files


class NotStored(OSError):
    """What was read back from storage isn't what was put there."""


def take_in(it: Exchange) -> int:
    """Put into storage what is there of calls that have ended; how many files.

    What can't be read is set aside, and keeps none of the others waiting.

    Raises:
        OSError: the storage takes nothing (a full disk): the raw files stay, and are taken in later.
        Unavailable: nothing can be read here now; likewise.
    """
    taken = 0
    for call, files in _talks(it):
        taken += _store_or_set_aside(call, Recording.Kind.TALK, files, it=it)
    for call, files in _messages(it):
        taken += _store_or_set_aside(call, Recording.Kind.MESSAGE, files, it=it)
    return taken


def set_aside(it: Exchange) -> Path:
    """Where the raw files lie that nobody could read."""
    return it.recordings / "unreadable"


def _talks(it: Exchange) -> Iterator[tuple[Call, list[Path]]]:
    """Calls that have ended, each with its files that nobody writes any more, in order: 12-in, after a pause 12_1-in, …

    The legs of whoever was rung for a caller have none: the caller's own recording holds both. Those of an older version go.
    """
    found: dict[str, list[Path]] = defaultdict(list)
    for file in _in_order(it.recordings.glob("*-in.wav")):
        found[file.name.removesuffix("-in.wav").partition("_")[0]].append(file)
    calls = {call.channel: call for call in Call.objects.filter(channel__in=found, state=Call.State.ENDED)}
    for channel, files in found.items():
        if channel.startswith(RUNG) and all(_is_settled(file, NOBODYS) for file in files):
            for file in files:
                _delete(file)
    ready = [(calls[channel], files) for channel, files in found.items() if channel in calls]
    yield from [(call, files) for call, files in ready if all(map(_is_settled, files))][:MOST_AT_ONCE]


def _messages(it: Exchange) -> Iterator[tuple[Call, list[Path]]]:
    """What a caller left, with us or in Asterisk's net: `message-7`, after a warning `message-7_1`; by channel `12`, `12_1`."""
    found: dict[tuple[str, str], list[Path]] = defaultdict(list)
    for file in _in_order([*it.spool_recordings.glob("message-*.wav"), *it.messages.glob("*.wav")]):
        name = file.stem.partition("_")[0]
        by = ("pk", name.removeprefix("message-")) if name.startswith("message-") else ("channel", name)
        found[by].append(file)
    of_call: dict[int, tuple[Call, list[Path]]] = {}
    for (column, value), files in found.items():
        call = Call.objects.filter(state=Call.State.ENDED, **{column: value}).first()
        if call is not None:
            of_call.setdefault(call.pk, (call, []))[1].extend(files)
    yield from ((call, files) for call, files in of_call.values() if all(map(_is_settled, files)))


def _in_order(files: Iterable[Path]) -> list[Path]:
    """By when each was last written to."""
    return sorted(files, key=lambda file: file.stat().st_mtime)


def _is_settled(file: Path, seconds: float = SETTLED) -> bool:
    return time.time() - file.stat().st_mtime > seconds


def _store_or_set_aside(call: Call, kind: Recording.Kind, files: list[Path], *, it: Exchange) -> bool:
    """Whether it is in storage; the raw files are no more where they were."""
    try:
        _store(call, kind, files, it=it)
    except Unavailable:
        raise
    except (CannotRead, FileNotFoundError, wave.Error, EOFError) as trouble:
        log.error("recordings.unreadable", call=call.pk, kind=kind, why=str(trouble), kept=str(set_aside(it)))
        set_aside(it).mkdir(parents=True, exist_ok=True)
        for each in filter(Path.exists, itertools.chain(*map(_beside, files))):
            shutil.move(each, set_aside(it) / each.name)
        return False
    for file in files:
        _delete(file)
    return True


def _delete(file: Path) -> None:
    for each in _beside(file):
        each.unlink(missing_ok=True)


def _beside(file: Path) -> list[Path]:
    """It, the other side, and both together."""
    return [file, *(file.with_name(name) for name in _names(file) if name != file.name)]


def _names(file: Path) -> list[str]:
    return [file.name.replace("-in.wav", end) for end in ("-in.wav", "-out.wav", ".wav")]


def _store(call: Call, kind: Recording.Kind, files: list[Path], *, it: Exchange) -> None:
    """Done again after we were killed, it makes the same file, which is known by its digest."""
    parts = [[RawSound.read(side) for side in _sides(file, kind)] for file in files]
    day = call.came_at.astimezone(CITY_TZ)
    with programs.folder() as folder:
        _check_room(folder, parts)
        made = folder / f"whole.{FORMAT}"
        seconds = _join(parts, made, it=it, folder=folder)
        with programs.opened(made) as content:
            digest, size = hashlib.file_digest(content, "sha256").hexdigest(), content.tell()
            if call.recordings.filter(kind=kind, sha256=digest).exists():
                return
            content.seek(0)
            name, key = encrypted_files.save(f"recordings/{day:%Y/%m/%d}/{call.pk}-{kind}", content)
        try:
            _read_back(name, key, digest=digest, seconds=seconds, it=it, folder=folder)
        except BaseException:
            with contextlib.suppress(OSError):
                default_storage.delete(name)
            raise
    with transaction.atomic():
        silent = kind == Recording.Kind.MESSAGE and all(side.is_silent() for part in parts for side in part)
        call.recordings.create(
            kind=kind, file=name, key=key, seconds=round(seconds), size=size, sha256=digest, silent=silent,
            made_at=now(),
        )  # fmt: skip
        if kind == Recording.Kind.MESSAGE:
            messages.left(call.pk, at=now())
    wake.wake("calls", [call.pk])


def _sides(file: Path, kind: Recording.Kind) -> list[Path]:
    """The citizen's, and the city's where there is one."""
    return [file] if kind == Recording.Kind.MESSAGE else [file.with_name(name) for name in _names(file)[:2]]


def _check_room(folder: Path, parts: Sequence[Sequence[RawSound]]) -> None:
    """Raises OSError: lest a full disk be taken for a file that can't be read."""
    needed = 4 * sum(side.length for part in parts for side in part)
    if shutil.disk_usage(folder).free < needed:
        raise OSError(errno.ENOSPC, f"{needed >> 20} MB needed", str(folder))


def _join(parts: Sequence[Sequence[RawSound]], made: Path, *, it: Exchange, folder: Path) -> float:
    """Make one file of all of them, the citizen left and the city right; how many seconds they last."""
    lengths = [max(side.length for side in part) for part in parts]
    lengths[0] = max(lengths[0], SHORTEST)
    given: list[str | Path] = []
    for number, sounds in enumerate(zip(*parts, strict=True)):
        side = programs.put(folder / f"side-{number}.wav", one_after_the_other(sounds, lengths))
        given += ["-t", "wav", side]
    sox(it, *(["-M"] if len(given) > 3 else []), *given, "-t", FORMAT, made, folder=folder, limits=LIMITS)
    rate = next((side.rate for part in parts for side in part if side.length), RATE)
    return sum(lengths) / WIDTH / rate


def _read_back(name: str, key: str, *, digest: str, seconds: float, it: Exchange, folder: Path) -> None:
    """Raises NotStored: storage has something else. CannotRead: it doesn't last as long as what it was made of."""
    back, wave_file = folder / f"back.{FORMAT}", folder / "back.wav"
    try:
        with encrypted_files.decrypted(name, key) as stored:
            programs.put(back, stored.chunks())
    except CannotOpen as changed:
        raise NotStored(errno.EIO, f"what was read back from storage can't be decrypted: {changed}", name) from changed
    with back.open("rb") as content:
        if hashlib.file_digest(content, "sha256").hexdigest() != digest:
            raise NotStored(errno.EIO, "what was read back from storage isn't what was put there", name)
    sox(it, "-t", FORMAT, back, "-t", "wav", "-b", "16", wave_file, folder=folder, limits=LIMITS)
    if abs((lasts := _seconds(wave_file)) - seconds) > AS_LONG:
        raise CannotRead(f"{name} lasts {lasts:.1f} s, its raw files {seconds:.1f} s")


def _seconds(file: Path) -> float:
    with programs.opened(file) as content, wave.open(content) as sound:
        return float(sound.getnframes() / sound.getframerate())


def forget(*, before: datetime, at: datetime) -> int:
    """Delete the files made before then; the rows say that they were there. How many. (`privacy.retention`)

    So go raw files that are nobody's, or could never be read.
    """
    it = exchange()
    for folder in (it.recordings, set_aside(it), it.messages, it.spool_recordings):
        for file in folder.glob("*.wav"):
            if file.stat().st_mtime < before.timestamp():
                file.unlink(missing_ok=True)
    old = list(Recording.objects.filter(made_at__lt=before).exclude(file="").values_list("pk", flat=True))
    for pk in old:
        with transaction.atomic():
            recording = Recording.objects.select_for_update().get(pk=pk)  # it may be getting another key just now
            for name in encrypted_files.files_of(recording):
                default_storage.delete(name)
            Recording.objects.filter(pk=pk).update(file="", spare="", deleted_at=at)
    return len(old)
