"""A text as a sound the exchange can play: by the engine installed, at 8 kHz, made once for each text.

espeak-ng speaks Vietnamese from the unpacked tree or the system; with TONGDAI_PIPER_VOICE, Piper does with that voice.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from pathlib import Path

from django.conf import settings

from .exchange.home import Exchange

SPEED = "135"  # words a minute: slow enough for a bad line
LOUDNESS = ("gain", "-n", "-3", "highpass", "200")


class Mute(Exception):
    """No engine speaks here; the message says what is missing."""


def sound_of(text: str, *, language: str, it: Exchange) -> Path:
    """The file (8 kHz, 16 bit, mono) that says this; made if it isn't there yet.

    Raises:
        Mute
    """
    name = hashlib.sha256(f"{settings.PIPER_VOICE}|{SPEED}|{text}".encode()).hexdigest()[:20]
    file = it.sounds / language / f"{name}.wav"
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        unfinished = file.with_name(f"{name}.{os.getpid()}.new.wav")
        _run([*program("sox", it), "-t", "wav", "-", "-r", "8000", "-b", "16", "-c", "1", str(unfinished), *LOUDNESS],
             _spoken(text, language=language, it=it))  # fmt: skip
        unfinished.rename(file)
    return file


def seconds_of(sound: Path) -> float:
    """How long a file of ours (8 kHz, 16 bit, mono) takes to say."""
    return sound.stat().st_size / 16_000


def _spoken(text: str, *, language: str, it: Exchange) -> bytes:
    """A WAV of whatever rate the engine has."""
    if settings.PIPER_VOICE and language == "vi":
        return _run(["piper", "--model", settings.PIPER_VOICE, "--output_file", "-"], text.encode())
    return _run([*program("espeak-ng", it), "-v", language, "-s", SPEED, "--stdin", "--stdout"], text.encode(), it)


def program(name: str, it: Exchange) -> list[str]:
    """The command of a program that came with the exchange, or of the system's. Raises Mute."""
    unpacked = it.tree / "usr" / "bin" / name
    if unpacked.exists():
        return [*it.loader, str(unpacked)]
    if found := shutil.which(name):
        return [found]
    raise Mute(f"{name}: chưa có / missing: tongdai exchange install")


def _run(command: list[str], given: bytes, it: Exchange | None = None) -> bytes:
    data = {"ESPEAK_DATA_PATH": str(it.libraries)} if it and (it.libraries / "espeak-ng-data").exists() else {}
    done = subprocess.run(command, input=given, capture_output=True, env=os.environ | data, timeout=30, check=False)
    if done.returncode:
        raise Mute(done.stderr.decode(errors="replace")[-300:])
    return done.stdout
