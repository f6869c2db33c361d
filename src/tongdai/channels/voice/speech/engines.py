"""The programs that speak and that change sounds (espeak-ng, Piper, sox, ffmpeg), run where they can do nothing else.

Each is told what a file is: by itself sox follows playlists, and runs what their lines name. ffmpeg reads what browsers and
mobiles record (WebM, MP4), and is the system's own where there is one.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

from tongdai.platform.decoders import programs
from tongdai.platform.decoders.confinement import Limits

from ..asterisk.exchange import Exchange

SOUNDS = {
    "wav": "wav",
    "mp3": "mp3",
    "ogg": "vorbis",
    "opus": "opus",
    "flac": "flac",
}  # kind of content → sox's name of it
CONTAINERS = {"webm": "matroska", "mp4": "mov"}  # kind of content → ffmpeg's name of it
AS_PLAYED = ("-t", "wav", "-r", "8000", "-b", "16", "-c", "1")  # 8 kHz, 16 bit, mono: before the file that is made


class Mute(Exception):
    """No engine speaks here; the message says what is missing."""


def program(name: str, it: Exchange) -> list[str]:
    """The command of a program that came with the exchange, or of the system's. Raises Mute."""
    unpacked = it.tree / "usr" / "bin" / name
    if unpacked.exists():
        return [*it.loader, str(unpacked)]
    if found := shutil.which(name):
        return [found]
    raise Mute(f"{name}: chưa có / missing: tongdai exchange install")


def sox(it: Exchange, *arguments: str | Path, folder: Path, limits: Limits, stdin: bytes = b"") -> None:
    """Each file among the arguments has its type before it, and lies in the folder (`decoders.programs`).

    Raises:
        Mute: there is no sox here.
        CannotRead: and its kinds, see `decoders.connection`.
    """
    run(["sox", "-V1", "--temp", folder, *arguments], it=it, folder=folder, limits=limits, stdin=stdin)


def ffmpeg(it: Exchange, *arguments: str | Path, folder: Path, limits: Limits) -> None:
    """Raises as `sox` does."""
    quiet = ["ffmpeg", "-nostdin", "-hide_banner", "-loglevel", "error", "-threads", "1", "-protocol_whitelist", "file"]
    run([*quiet, *arguments], it=it, folder=folder, limits=limits)


def run(
    command: Sequence[str | Path],
    *,
    it: Exchange,
    folder: Path,
    limits: Limits,
    stdin: bytes = b"",
    reads: Sequence[Path] = (),
) -> bytes:
    """What a program says on its output. Raises as `sox` does."""
    found = program(str(command[0]), it)
    data = {"ESPEAK_DATA_PATH": str(it.libraries)} if (it.libraries / "espeak-ng-data").exists() else {}
    return programs.run(
        [*found, *command[1:]],
        folder=folder,
        limits=limits,
        stdin=stdin,
        tree=it.tree if len(found) > 1 else None,
        reads=reads,
        environment=data,
    )
