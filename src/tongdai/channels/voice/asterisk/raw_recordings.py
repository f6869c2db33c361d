"""What Asterisk records, read by the size of each file: killed, it leaves a header that says 0, or none at all."""

from __future__ import annotations

import struct
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tongdai.platform.decoders.connection import CannotRead

from .exchange import Exchange

RATE, WIDTH = 8000, 2  # samples a second, octets a sample: 16 bit, one channel (`format_wav` of Asterisk)
CHUNK = 1 << 20
FRAME = RATE // 50  # samples in 20 ms
LOUD = 256  # mean amplitude of a frame in which somebody speaks: Asterisk's own `silencethreshold`
SPOKEN_AT_LEAST = 0.4  # seconds of such frames, else nothing was said


@dataclass(frozen=True)
class RawSound:
    """One file: where its sound begins and how long it is, in octets."""

    file: Path
    begins: int = 0
    length: int = 0
    rate: int = RATE

    @classmethod
    def read(cls, file: Path) -> RawSound:
        """One that isn't there, or was never begun, is silence of no length. Raises CannotRead: it is no WAV of Asterisk's."""
        try:
            with file.open("rb") as content:
                head = content.read(4096)
            size = file.stat().st_size
        except FileNotFoundError:
            return cls(file)
        if len(head) < 12:  # Asterisk went before it wrote any of it
            return cls(file)
        rate, at = RATE, 12
        if head[:4] != b"RIFF" or head[8:12] != b"WAVE":
            raise CannotRead(f"{file.name}: no WAV")
        while at + 8 <= len(head):
            kind, length = struct.unpack_from("<4sI", head, at)
            if kind == b"data":
                return cls(file, at + 8, (size - at - 8) // WIDTH * WIDTH, rate)
            if kind == b"fmt " and at + 24 <= len(head):
                coding, channels, rate, _speed, _align, bits = struct.unpack_from("<HHIIHH", head, at + 8)
                if (coding, channels, bits) != (1, 1, 8 * WIDTH) or not rate:
                    raise CannotRead(f"{file.name}: kind {coding}, {channels} channels, {bits} bits")
            at += 8 + length + length % 2
        if size > len(head):
            raise CannotRead(f"{file.name}: no sound in it")
        return cls(file)

    @property
    def seconds(self) -> float:
        return self.length / WIDTH / self.rate

    def content(self) -> Iterator[bytes]:
        """The sound alone, `length` octets of it: what is written meanwhile is left out."""
        if not self.length:
            return
        with self.file.open("rb") as content:
            content.seek(self.begins)
            left = self.length
            while left and (chunk := content.read(min(CHUNK, left))):
                left -= len(chunk)
                yield chunk

    def is_silent(self) -> bool:
        """Whether nobody says a word in it."""
        loud = 0
        for chunk in self.content():
            samples = array("h", chunk[: len(chunk) // WIDTH * WIDTH])
            frames = (samples[at : at + FRAME] for at in range(0, len(samples), FRAME))
            loud += sum(sum(map(abs, frame)) > LOUD * len(frame) for frame in frames)
        return loud * FRAME < SPOKEN_AT_LEAST * self.rate


def one_after_the_other(sounds: Sequence[RawSound], lengths: Sequence[int]) -> Iterator[bytes]:
    """A whole WAV of them, each filled up with silence to its length (octets), so that two sides stay beside each other."""
    rate = next((sound.rate for sound in sounds if sound.length), RATE)
    whole = sum(lengths)
    yield struct.pack(
        "<4sI4s4sIHHIIHH4sI", b"RIFF", 36 + whole, b"WAVE", b"fmt ", 16, 1, 1, rate, rate * WIDTH, WIDTH, 8 * WIDTH,
        b"data", whole,
    )  # fmt: skip
    for sound, length in zip(sounds, lengths, strict=True):
        yield from sound.content()
        missing = length - sound.length
        while missing > 0:
            yield bytes(min(CHUNK, missing))
            missing -= CHUNK


def next_part(it: Exchange, channel: str) -> int:
    """The number of the recording's part that begins now, after a pause."""
    return len(list(it.recordings.glob(f"{channel}_*-in.wav"))) + 1
