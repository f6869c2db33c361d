"""A text as a sound the exchange can play: by the engine installed, at 8 kHz, made once for each text.

espeak-ng speaks Vietnamese from the unpacked tree or the system; with TONGDAI_PIPER_VOICE, Piper does with that voice.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from pathlib import Path

from django.conf import settings

from tongdai.platform.decoders import programs
from tongdai.platform.decoders.confinement import Limits
from tongdai.platform.decoders.connection import CannotRead

from .engines import AS_PLAYED, Mute, run, sox
from .exchange.home import Exchange

SPEED = "135"  # words a minute: slow enough for a bad line
LOUDNESS = ("gain", "-n", "-3", "highpass", "200")
TRIMMED = ("silence", "1", "0.02", "0.2%", "reverse", "silence", "1", "0.02", "0.2%", "reverse", "pad", "0.02", "0.12")
LIMITS = Limits(cpu=30, wall=30, memory=512 * 2**20, output=64 * 2**20)
PIPER_LIMITS = Limits(cpu=60, wall=30, memory=4 * 2**30, output=64 * 2**20)  # its voice is read as a whole


def sound_of(text: str, *, language: str, it: Exchange) -> Path:
    """The file (8 kHz, 16 bit, mono) that says this; made if it isn't there yet.

    Raises:
        Mute
    """
    name = hashlib.sha256(f"{settings.PIPER_VOICE}|{SPEED}|{TRIMMED}|{text}".encode()).hexdigest()[:20]
    file = it.sounds / language / f"{name}.wav"
    if not file.exists():
        sound = _made(text, language=language, it=it)
        file.parent.mkdir(parents=True, exist_ok=True)
        unfinished = file.with_name(f"{name}.{os.getpid()}.new.wav")
        unfinished.write_bytes(sound)
        unfinished.rename(file)
    return file


def seconds_of(sound: Path) -> float:
    """How long a file of ours (8 kHz, 16 bit, mono) takes to say."""
    return sound.stat().st_size / 16_000


def _made(text: str, *, language: str, it: Exchange) -> bytes:
    """As the exchange plays it."""
    try:
        with programs.folder() as folder:
            made, spoken = folder / "made.wav", _spoken(text, language=language, it=it, folder=folder)
            sox(it, "-t", "wav", "-", *AS_PLAYED, made, *LOUDNESS, *TRIMMED, folder=folder, limits=LIMITS, stdin=spoken)
            with programs.opened(made) as sound:
                return sound.read()
    except CannotRead as trouble:
        raise Mute(str(trouble)) from trouble


def _spoken(text: str, *, language: str, it: Exchange, folder: Path) -> bytes:
    """A WAV of whatever rate the engine has. The text comes on its input: it is never taken for an option."""
    words = text.encode()
    if settings.PIPER_VOICE and language == "vi":
        command = ["piper", "--model", settings.PIPER_VOICE, "--output_file", "-"]
        return run(command, it=it, folder=folder, limits=PIPER_LIMITS, stdin=words, reads=_of_piper())
    command = ["espeak-ng", "-v", language, "-s", SPEED, "--stdin", "--stdout"]
    return run(command, it=it, folder=folder, limits=LIMITS, stdin=words)


def _of_piper() -> list[Path]:
    """Its voice, its own folder (a virtual environment's, mostly), and what it asks of the processor."""
    own = Path(shutil.which("piper") or "/usr/bin/piper").resolve().parent.parent
    return [Path(settings.PIPER_VOICE).absolute().parent, own, Path("/proc/cpuinfo"), Path("/sys/devices/system/cpu")]
