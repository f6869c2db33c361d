"""The city's own recordings in place of the machine's voice."""

from __future__ import annotations

import hashlib
import wave
from io import BytesIO
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

from .engines import AS_PLAYED, SOUNDS, Mute, sox
from .exchange.home import Exchange, exchange
from .models import Prompt

log = structlog.get_logger(__name__)
BIGGEST = 10 * 2**20  # octets
LONGEST = 120  # seconds
LIMITS = Limits(cpu=30, wall=60, memory=512 * 2**20, output=16 * 2**20)


class NoSound(Exception):
    """The file can't be taken. `why` is `unreadable` (or too big), `long` (takes too much to read) or `unavailable`."""

    def __init__(self, why: str = "unreadable") -> None:
        super().__init__(why)
        self.why = why


def keep(prompt: Prompt, file: UploadedFile[Any]) -> str:
    """Put it into storage as the exchange plays it (8 kHz, 16 bit, mono); its name there.

    Raises:
        NoSound
    """
    kind = kind_of(file.read(BEGINNING), among=SOUNDS)
    if (file.size or 0) > BIGGEST or not kind:
        raise NoSound
    try:
        content = _as_played(file, kind)
    except (Unavailable, Mute) as nothing_reads:
        raise NoSound("unavailable") from nothing_reads
    except OverLimit as over:
        raise NoSound("long") from over
    except CannotRead as broken:
        raise NoSound from broken
    if not _is_playable(content):
        raise NoSound
    digest = hashlib.sha256(content).hexdigest()[:20]
    name = f"prompts/{prompt.code}-{prompt.language}-{digest}.wav"
    return name if default_storage.exists(name) else default_storage.save(name, ContentFile(content))


def _is_playable(content: bytes) -> bool:
    """Whether what came back, of a process that a stranger's file may have taken over, is what the exchange plays."""
    try:
        with wave.open(BytesIO(content)) as sound:
            shape = (sound.getframerate(), sound.getsampwidth(), sound.getnchannels())
            return shape == (8000, 2, 1) and len(content) >= 1000
    except (wave.Error, EOFError):
        return False


def _as_played(file: UploadedFile[Any], kind: str) -> bytes:
    with programs.folder() as folder:
        given, made = programs.put(folder / f"given.{kind}", file.chunks()), folder / "made.wav"
        sox(exchange(), "-t", SOUNDS[kind], given, *AS_PLAYED, made, "trim", "0", str(LONGEST),
            folder=folder, limits=LIMITS)  # fmt: skip
        with programs.opened(made) as sound:
            return sound.read()


def sound_of_recording(prompt: Prompt, *, it: Exchange) -> Path | None:
    """The file beside the exchange that plays it; None: it is no longer in storage, or the storage is away."""
    file = it.sounds / prompt.language / Path(prompt.recording).name
    if not file.exists():
        try:
            with default_storage.open(prompt.recording, "rb") as kept:
                content = kept.read()
        except OSError as trouble:
            log.error("prompts.not_in_storage", prompt=prompt.code, why=str(trouble))
            return None
        file.parent.mkdir(parents=True, exist_ok=True)
        unfinished = file.with_suffix(".new")
        unfinished.write_bytes(content)
        unfinished.rename(file)
    return file
