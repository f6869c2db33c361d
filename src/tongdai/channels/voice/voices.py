"""The city's own recordings in place of the machine's voice."""

from __future__ import annotations

import hashlib
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile

from .exchange.home import Exchange, exchange
from .models import Prompt
from .speech import Mute, program

BIGGEST = 10 * 2**20  # octets
LONGEST = 120  # seconds


class NoSound(Exception):
    """The file holds no sound that can be read, or is too big."""


def keep(prompt: Prompt, file: UploadedFile[Any]) -> str:
    """Put it into storage as the exchange plays it (8 kHz, 16 bit, mono); its name there.

    Raises:
        NoSound
    """
    if (file.size or 0) > BIGGEST:
        raise NoSound
    with tempfile.TemporaryDirectory(prefix="tongdai-voice-") as folder:
        given, made = Path(folder) / f"given{Path(file.name or '').suffix.lower()[:6]}", Path(folder) / "made.wav"
        with given.open("wb") as out:
            for piece in file.chunks():
                out.write(piece)
        try:
            shape = ["-r", "8000", "-b", "16", "-c", "1"]
            command = [*program("sox", exchange()), "-V1", str(given), *shape, str(made), "trim", "0", str(LONGEST)]
            done = subprocess.run(command, capture_output=True, timeout=60, check=False)
        except (OSError, Mute, subprocess.TimeoutExpired) as trouble:
            raise NoSound from trouble
        if done.returncode or not made.exists() or made.stat().st_size < 1000:
            raise NoSound
        content = made.read_bytes()
    digest = hashlib.sha256(content).hexdigest()[:20]
    name = f"prompts/{prompt.code}-{prompt.language}-{digest}.wav"
    return name if default_storage.exists(name) else default_storage.save(name, ContentFile(content))


def sound_of_recording(prompt: Prompt, *, it: Exchange) -> Path | None:
    """The file beside the exchange that plays it; None: it is no longer in storage."""
    file = it.sounds / prompt.language / Path(prompt.recording).name
    if not file.exists():
        try:
            with default_storage.open(prompt.recording, "rb") as kept:
                content = kept.read()
        except FileNotFoundError:
            return None
        file.parent.mkdir(parents=True, exist_ok=True)
        unfinished = file.with_suffix(".new")
        unfinished.write_bytes(content)
        unfinished.rename(file)
    return file
