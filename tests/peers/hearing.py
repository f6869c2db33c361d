"""What the tests hear: whether a pitch is in a recording; and how they wait for what takes a moment."""

from __future__ import annotations

import array
import math
import subprocess
import time
from pathlib import Path

from tests.house import House
from tongdai.channels.voice.asterisk.exchange import Exchange
from tongdai.channels.voice.recordings import encrypted_files
from tongdai.channels.voice.speech.engines import program
from tongdai.platform.files.encryption import opened
from tongdai.platform.home import beside_the_code


def loudness(file: Path | bytes, hertz: float, *, since: float = 0) -> float:
    """How much of what is in this recording (8 kHz, 16 bit) is this pitch: 0–1, by Goertzel's filter."""
    raw = (file if isinstance(file, bytes) else file.read_bytes())[44:]
    samples = array.array("h", raw[: len(raw) // 2 * 2])[int(since * 8000) :]
    if not samples:
        return 0.0
    turn = 2 * math.cos(2 * math.pi * hertz / 8000)
    best = 0.0
    for start in range(0, len(samples) - 800, 800):
        before = last = energy = 0.0
        for sample in samples[start : start + 800]:
            before, last = last, sample + turn * last - before
            energy += sample * sample
        power = before * before + last * last - turn * before * last
        if energy > 800 * 100 * 100:
            best = max(best, power / (energy * 400))
    return best


def out_of_storage(house: House, name: str) -> Path:
    """A recording of the house's, decrypted by the key of its home; it goes with the house."""
    lies, secret = house.folder / "var" / "files" / name, house.folder / "var" / "secrets" / "key"
    key = encrypted_files.derived(secret.read_text().strip())
    plain = house.folder / lies.name.removesuffix(".enc")
    with opened(lies.open("rb"), lies.stat().st_size, {key.name: key}) as content:
        plain.write_bytes(content.read())
    return plain


def as_samples(stored: Path, wav: Path, *, channel: int = 1) -> Path:
    """One channel of a recording out of storage, as `loudness` reads it."""
    tree = beside_the_code("asterisk")
    sox = program("sox", Exchange(wav.parent, tree, "", "", 0, 0, 0, 0))
    subprocess.run([*sox, str(stored), "-r", "8000", "-b", "16", str(wav), "remix", str(channel)], check=True)
    return wav


def wait_until(true, within: float = 60) -> None:  # type: ignore[no-untyped-def]
    end = time.monotonic() + within
    while not true():
        assert time.monotonic() < end, "it did not come true in time"
        time.sleep(0.1)
