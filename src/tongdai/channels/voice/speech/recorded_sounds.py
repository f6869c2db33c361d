"""A person's recording in place of the machine's voice: read, levelled, and put away as the exchange plays it."""

from __future__ import annotations

import hashlib
import io
import sys
import wave
from array import array
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import structlog
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile

from tongdai.platform.decoders import programs
from tongdai.platform.decoders.confinement import Limits
from tongdai.platform.decoders.connection import CannotRead, OverLimit, Unavailable
from tongdai.platform.decoders.content import BEGINNING, kind_of

from ..asterisk.exchange import Exchange, exchange
from ..models import Prompt
from .engines import AS_PLAYED, CONTAINERS, SOUNDS, Mute, ffmpeg, sox
from .loudness import RATE, Silent, level

log = structlog.get_logger(__name__)
BIGGEST = 10 * 2**20  # octets
LONGEST = 120  # seconds
A_WHILE, LETTERS_A_SECOND = 6.0, 4.0  # how slowly a text may be read: beyond that it isn't this one
LIMITS = Limits(cpu=30, wall=60, memory=512 * 2**20, output=16 * 2**20)
FFMPEG_LIMITS = Limits(cpu=30, wall=60, memory=2 * 2**30, output=16 * 2**20)


class NoSound(Exception):
    """The file can't be taken. `why`: `unreadable`, `big`, `long` (takes too much to read), `lasts` (longer than its words),

    `silent`, `no_ffmpeg` (nothing here reads this kind) or `unavailable` (nothing can be read now).
    """

    def __init__(self, why: str = "unreadable", *, seconds: float = 0, most: float = 0) -> None:
        super().__init__(why)
        self.why, self.seconds, self.most = why, seconds, most


@dataclass(frozen=True)
class StoredSound:
    """A recording in storage (8 kHz, 16 bit, mono).

    `source`: the digest of what was sent; `quiet`, `clipped`: what was wrong with it.
    """

    file: str
    source: str
    seconds: float
    quiet: bool
    clipped: bool


def store(prompt: Prompt, file: UploadedFile[Any]) -> StoredSound:
    """Put it into storage as the exchange plays it, at the level of all others.

    Raises:
        NoSound
    """
    kind = kind_of(file.read(BEGINNING), among=[*SOUNDS, *CONTAINERS])
    if (file.size or 0) > BIGGEST:
        raise NoSound("big")
    if not kind:
        raise NoSound
    try:
        samples = _samples(_as_played(file, kind))
        levelled = level(samples)
    except Silent as silent:
        raise NoSound("silent") from silent
    except Mute as nothing_reads:
        raise NoSound("no_ffmpeg" if kind in CONTAINERS else "unavailable") from nothing_reads
    except Unavailable as nothing_reads:
        raise NoSound("unavailable") from nothing_reads
    except OverLimit as over:
        raise NoSound("long") from over
    except CannotRead as broken:
        raise NoSound from broken
    if levelled.seconds > (most := longest(prompt.text)):
        raise NoSound("lasts", seconds=levelled.seconds, most=most)
    content = _as_wave(levelled.samples)
    digest = hashlib.sha256(content).hexdigest()[:20]
    name = f"prompts/{prompt.code}-{prompt.language}-{digest}.wav"
    stored = name if default_storage.exists(name) else default_storage.save(name, ContentFile(content))
    return StoredSound(stored, digest_of(file), levelled.seconds, levelled.quiet, levelled.clipped)


def digest_of(file: UploadedFile[Any]) -> str:
    """SHA-256 of what was sent."""
    file.seek(0)
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    return digest.hexdigest()


def longest(text: str) -> float:
    """Seconds a recording of these words may last."""
    return min(LONGEST, A_WHILE + len(text) / LETTERS_A_SECOND)


def _samples(content: bytes) -> array[int]:
    """Of what came back from a process that a stranger's file may have taken over. Raises NoSound where it is no sound."""
    try:
        with wave.open(io.BytesIO(content)) as sound:
            if (sound.getframerate(), sound.getsampwidth(), sound.getnchannels()) != (RATE, 2, 1):
                raise NoSound
            read = sound.readframes(RATE * (LONGEST + 1))
    except (wave.Error, EOFError) as broken:
        raise NoSound from broken
    samples = array("h", read[: len(read) // 2 * 2])
    if len(samples) < RATE // 20:
        raise NoSound
    if sys.byteorder == "big":
        samples.byteswap()
    return samples


def _as_wave(samples: array[int]) -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setparams((1, 2, RATE, 0, "NONE", ""))
        file.writeframes(samples.tobytes())
    return out.getvalue()


def _as_played(file: UploadedFile[Any], kind: str) -> bytes:
    with programs.folder() as folder:
        given, made = programs.put(folder / f"given.{kind}", file.chunks()), folder / "made.wav"
        most = str(LONGEST + 1)
        if kind in CONTAINERS:
            ffmpeg(exchange(), "-f", CONTAINERS[kind], "-i", given, "-map", "0:a:0", "-t", most, "-f", "wav", "-ar",
                   str(RATE), "-ac", "1", "-c:a", "pcm_s16le", "-fflags", "+bitexact", made,
                   folder=folder, limits=FFMPEG_LIMITS)  # fmt: skip
        else:
            sox(
                exchange(), "-t", SOUNDS[kind], given, *AS_PLAYED, made, "trim", "0", most, folder=folder, limits=LIMITS
            )
        with programs.opened(made) as sound:
            return sound.read()


def sound_of_recording(prompt: Prompt, *, it: Exchange) -> Path | None:
    """The file beside the exchange that plays it; None: it is no longer in storage, or the storage is away."""
    file = it.sounds / prompt.language / Path(prompt.recording).name
    if not file.exists():
        try:
            with default_storage.open(prompt.recording, "rb") as stored:
                content = stored.read()
        except OSError as trouble:
            log.error("prompts.not_in_storage", prompt=prompt.code, why=str(trouble))
            return None
        file.parent.mkdir(parents=True, exist_ok=True)
        unfinished = file.with_suffix(".new")
        unfinished.write_bytes(content)
        unfinished.rename(file)
    return file
