"""A text as a sound the exchange can play: by the engine installed, at 8 kHz, made once for each text.

espeak-ng speaks Vietnamese from the unpacked tree or the system; with TONGDAI_PIPER_VOICE, Piper does with that voice, and
espeak-ng only where Piper can't.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import time
from dataclasses import dataclass
from pathlib import Path

import structlog
from django.conf import settings

from tongdai.platform.decoders import programs
from tongdai.platform.decoders.confinement import Limits
from tongdai.platform.decoders.connection import CannotRead

from ..asterisk.exchange import Exchange
from .engines import AS_PLAYED, Mute, run, sox

log = structlog.get_logger(__name__)
RESTS = 60.0  # seconds until Piper is asked again after it failed
SPEED = "135"  # words a minute: slow enough for a bad line
LOUDNESS = ("gain", "-n", "-3", "highpass", "200")
TRIMMED = ("silence", "1", "0.02", "0.2%", "reverse", "silence", "1", "0.02", "0.2%", "reverse", "pad", "0.02", "0.12")
LIMITS = Limits(cpu=30, wall=30, memory=512 * 2**20, output=64 * 2**20)
PIPER_LIMITS = Limits(cpu=60, wall=30, memory=4 * 2**30, output=64 * 2**20)  # its voice is read as a whole


@dataclass
class _Piper:
    """Until when it isn't asked, having failed."""

    rests_until: float = 0.0


_piper = _Piper()


def sound_of(text: str, *, language: str, it: Exchange) -> Path:
    """The file (8 kHz, 16 bit, mono) that says this; made if it isn't there yet.

    Raises:
        Mute
    """
    if settings.PIPER_VOICE and language == "vi" and time.monotonic() > _piper.rests_until:
        try:
            return _file(text, language=language, it=it, voice=settings.PIPER_VOICE)
        except Mute as mute:  # a caller hears another voice rather than none
            log.error("voice.piper_mute", why=str(mute)[:200])
            _piper.rests_until = time.monotonic() + RESTS
    return _file(text, language=language, it=it, voice="")


def _file(text: str, *, language: str, it: Exchange, voice: str) -> Path:
    """Made once for each text and voice."""
    name = hashlib.sha256(f"{voice}|{SPEED}|{TRIMMED}|{text}".encode()).hexdigest()[:20]
    file = it.sounds / language / f"{name}.wav"
    if not file.exists():
        sound = _made(text, language=language, it=it, voice=voice)
        file.parent.mkdir(parents=True, exist_ok=True)
        unfinished = file.with_name(f"{name}.{os.getpid()}.new.wav")
        unfinished.write_bytes(sound)
        unfinished.rename(file)
    return file


def seconds_of(sound: Path) -> float:
    """How long a file of ours (8 kHz, 16 bit, mono) takes to say."""
    return sound.stat().st_size / 16_000


def _made(text: str, *, language: str, it: Exchange, voice: str) -> bytes:
    """As the exchange plays it."""
    try:
        with programs.folder() as folder:
            made, spoken = folder / "made.wav", _spoken(text, language=language, it=it, folder=folder, voice=voice)
            sox(it, "-t", "wav", "-", *AS_PLAYED, made, *LOUDNESS, *TRIMMED, folder=folder, limits=LIMITS, stdin=spoken)
            with programs.opened(made) as sound:
                return sound.read()
    except CannotRead as trouble:
        raise Mute(str(trouble)) from trouble


def _spoken(text: str, *, language: str, it: Exchange, folder: Path, voice: str) -> bytes:
    """By Piper with this voice, or espeak-ng (empty): a WAV of whatever rate the engine has.

    The text comes on its input: it is never taken for an option.
    """
    words = text.encode()
    if voice:
        command = ["piper", "--model", voice, "--output_file", "-"]
        return run(command, it=it, folder=folder, limits=PIPER_LIMITS, stdin=words, reads=_of_piper())
    command = ["espeak-ng", "-v", language, "-s", SPEED, "--stdin", "--stdout"]
    return run(command, it=it, folder=folder, limits=LIMITS, stdin=words)


def _of_piper() -> list[Path]:
    """Its voice, its own folder (a virtual environment's, mostly), and what it asks of the processor."""
    own = Path(shutil.which("piper") or "/usr/bin/piper").resolve().parent.parent
    return [Path(settings.PIPER_VOICE).absolute().parent, own, Path("/proc/cpuinfo"), Path("/sys/devices/system/cpu")]
