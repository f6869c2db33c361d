"""A recording is whole or its raw files stay; a message is heard, wherever it was left."""

from __future__ import annotations

import errno
import io
import math
import os
import struct
import subprocess
import wave
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import File
from django.core.files.storage import default_storage

from tests.city import City
from tests.s3 import s3_server
from tongdai.platform.clock import now
from tongdai.platform.files import storage

from .. import callbacks
from ..asterisk.exchange import Exchange
from ..asterisk.raw_recordings import RawSound
from ..models import Call, Callback, Recording
from ..recordings import encrypted_files, intake, messages
from ..records import call_records
from ..speech.engines import program

Loud = Callable[[int], int]
PHONE = "+84912345678"


@pytest.fixture(params=["a folder", "a bucket"])
def stored(request: pytest.FixtureRequest, tmp_path: Path, settings) -> Iterator[None]:
    def use(where: str) -> None:
        settings.STORAGES = settings.STORAGES | {"default": storage.default(where, home=tmp_path)}

    if request.param == "a folder":
        use(str(tmp_path / "stored"))
        yield
        return
    with s3_server(secret="any") as address:
        use(address)
        yield


@pytest.fixture
def folder(tmp_path: Path, settings) -> None:
    settings.STORAGES = settings.STORAGES | {"default": storage.default(str(tmp_path / "stored"), home=tmp_path)}


def tone(sample: int) -> int:
    return int(9000 * math.sin(2 * math.pi * 440 * sample / 8000))


def noise(sample: int) -> int:
    return 40 if sample % 7 < 3 else -30


def write(file: Path, seconds: float, *, says: Loud = tone, header: int | None = None) -> Path:
    """As Asterisk does; `header`: how many octets of sound it claims, as one that was killed while it wrote."""
    samples = [says(sample) for sample in range(int(8000 * seconds))]
    content = struct.pack(f"<{len(samples)}h", *samples)
    claims = len(content) if header is None else header
    head = struct.pack(
        "<4sI4s4sIHHIIHH4sI", b"RIFF", 36 + claims, b"WAVE", b"fmt ", 16, 1, 1, 8000, 16000, 2, 16, b"data", claims
    )
    file.write_bytes(head + content)
    os.utime(file, (1, 1))
    return file


def talk(it: Exchange, channel: str, seconds: float = 2, header: int | None = None) -> list[Path]:
    """The raw files of a call that has ended."""
    call_records.ended(
        call_records.came(channel=channel, number=PHONE, dialled="1022").pk, path=[], outcome=Call.Outcome.ANSWERED
    )
    return [write(it.recordings / f"{channel}{end}.wav", seconds, header=header) for end in ("-in", "-out", "")]


def message(it: Exchange, name: str = "", *, seconds: float = 2, says: Loud = tone, number: str = PHONE) -> int:
    """Somebody has left one with us, and the call is over."""
    call = call_records.came(channel=f"9.{Call.objects.count()}", number=number, dialled="1022").pk
    write(it.spool_recordings / (name or f"message-{call}.wav"), seconds, says=says)
    call_records.ended(call, path=["message"], outcome=Call.Outcome.MESSAGE)
    return call


def heard(recording: Recording, it: Exchange, folder: Path) -> wave.Wave_read:
    """What is in storage, decoded."""
    file = folder / "heard.flac"
    with encrypted_files.opened(recording) as content:
        file.write_bytes(content.read())
    done = subprocess.run([*program("sox", it), "-t", "flac", file, "-t", "wav", "-"], check=True, capture_output=True)
    return wave.open(io.BytesIO(done.stdout))


@pytest.mark.parametrize("header", [0, 0x7FFF0000, 99])
def test_what_a_killed_asterisk_wrote_is_kept_as_long_as_it_is(
    city: City, it: Exchange, stored: None, tmp_path: Path, header: int
) -> None:
    talk(it, "9.9", 3, header=header)
    write(it.recordings / "9.9-out.wav", 2.5, header=header)  # what was not yet on disk is lost
    assert intake.take_in(it) == 1
    kept = Recording.objects.get()
    sound = heard(kept, it, tmp_path)
    assert (kept.seconds, sound.getnchannels(), sound.getnframes()) == (3, 2, 24_000)
    assert any(sound.readframes(8000)[::2]) and not list(it.recordings.iterdir())
    with default_storage.open(kept.file, "rb") as content:
        lies_there = content.read()
    assert kept.key.encode() in lies_there and b"fLaC" not in lies_there and len(lies_there) > kept.size


@pytest.mark.parametrize("left", ["missing", "empty", "a header alone"])
def test_one_side_alone_is_kept_beside_silence(
    city: City, it: Exchange, folder: None, tmp_path: Path, left: str
) -> None:
    _citizen, ours, _both = talk(it, "9.9", 2)
    if left == "missing":
        ours.unlink()
    else:
        ours.write_bytes(ours.read_bytes()[: 44 if left == "a header alone" else 0])
        os.utime(ours, (1, 1))
    assert intake.take_in(it) == 1
    assert heard(Recording.objects.get(), it, tmp_path).getnframes() == 16_000


def test_both_sides_stay_beside_each_other_after_a_pause(
    city: City, it: Exchange, folder: None, tmp_path: Path
) -> None:
    talk(it, "9.9", 2)
    write(it.recordings / "9.9-out.wav", 1)
    for end in ("in", "out"):
        write(it.recordings / f"9.9_1-{end}.wav", 1)
        os.utime(it.recordings / f"9.9_1-{end}.wav", (2, 2))
    assert intake.take_in(it) == 1
    sound = heard(Recording.objects.get(), it, tmp_path)
    samples = struct.unpack(f"<{2 * sound.getnframes()}h", sound.readframes(sound.getnframes()))
    ours = [any(samples[2 * second * 8000 + 1 : 2 * (second + 1) * 8000 : 2]) for second in range(3)]
    assert ours == [True, False, True]


def test_raw_files_stay_until_the_same_comes_back_from_storage(
    city: City, it: Exchange, folder: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    raw = talk(it, "9.9")
    with monkeypatch.context() as broken:
        broken.setattr(default_storage, "open", lambda name, mode="rb": File(io.BytesIO(b"fLaC")))
        with pytest.raises(intake.NotStored):
            intake.take_in(it)
    assert all(map(Path.exists, raw)) and not Recording.objects.exists()
    assert intake.take_in(it) == 1
    assert Recording.objects.get().file.endswith("talk.flac.enc")  # the first one is no more in its place


def test_a_full_disk_loses_no_recording(
    city: City, it: Exchange, folder: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    raw = talk(it, "9.9")

    def full(*_given: object) -> str:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as disk:
        disk.setattr(default_storage, "save", full)
        with pytest.raises(OSError, match="No space"):
            intake.take_in(it)
    assert all(map(Path.exists, raw)) and not Recording.objects.exists()
    assert intake.take_in(it) == 1


def test_what_lasts_otherwise_than_its_raw_files_is_not_taken_for_them(
    city: City, it: Exchange, folder: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A side of 2 s is cut down on the disk between being measured and being read: 1 s of it would be stored as all."""
    raw = talk(it, "9.9")
    check_room = intake._check_room

    def then_lose_half(*given: Any) -> None:
        check_room(*given)
        for file in raw:
            os.truncate(file, 44 + 16_000)

    monkeypatch.setattr(intake, "_check_room", then_lose_half)
    assert intake.take_in(it) == 0
    assert not Recording.objects.exists() and not list((tmp_path / "stored").rglob("*.enc"))
    assert sorted(file.name for file in intake.set_aside(it).iterdir()) == ["9.9-in.wav", "9.9-out.wav", "9.9.wav"]


def test_killed_before_the_raw_files_went_it_is_the_same_recording(
    city: City, it: Exchange, folder: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    talk(it, "9.9")
    with monkeypatch.context() as killed:
        killed.setattr(intake, "_delete", lambda _file: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            intake.take_in(it)
    intake.take_in(it)
    assert Recording.objects.count() == 1 and not list(it.recordings.iterdir())


def test_whoever_is_rung_for_a_caller_leaves_no_raw_files_and_nobodys_keep_no_call_waiting(
    city: City, it: Exchange, folder: None
) -> None:
    for number in range(intake.MOST_AT_ONCE + 1):
        write(it.recordings / f"1.{number}-in.wav", 0.1)
    for end in ("-in", "-out", ""):
        write(it.recordings / f"ours-6{end}.wav", 0.1)
    os.utime(talk(it, "9.9")[0], (2, 2))
    assert intake.take_in(it) == 1
    assert not list(it.recordings.glob("ours-*"))


# ── messages ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_what_was_left_with_us_and_then_in_the_net_is_heard_whole(
    city: City, it: Exchange, folder: None, tmp_path: Path
) -> None:
    call = call_records.came(channel="9.9", number=PHONE, dialled="1022").pk
    names = [it.spool_recordings / f"message-{call}.wav", it.messages / "9.9.wav", it.messages / "9.9_1.wav"]
    for number, file in enumerate(names):
        os.utime(write(file, 1 + number), (number, number))
    call_records.ended(call, path=["message", "alone"], outcome=Call.Outcome.MESSAGE)
    assert intake.take_in(it) == 1
    assert heard(Recording.objects.get(), it, tmp_path).getnframes() == 6 * 8000
    assert not any(map(Path.exists, names))


def test_a_second_message_of_a_call_that_has_one_is_heard_too(city: City, it: Exchange, folder: None) -> None:
    call = message(it)
    intake.take_in(it)
    write(it.messages / f"{Call.objects.get().channel}.wav", 1)
    intake.take_in(it)
    [task] = callbacks.waiting(city.call_taker, at=now())
    assert [each.seconds for each in messages.of_callback(task, user=city.call_taker)] == [
        2,
        1,
    ] and task.call_id == call


@pytest.mark.parametrize(
    ("before", "number", "direction"),
    [
        ("", PHONE, "in"),
        ("", "", "in"),
        ("", PHONE, "out"),
        ("abandoned", PHONE, "in"),
        ("abandoned", "", "in"),
        ("answered", PHONE, "in"),
        ("answered", "", "in"),
        ("transferred", PHONE, "in"),
        ("transferred", "", "in"),
        ("registered", PHONE, "in"),
        ("message", "", "in"),
        ("message", PHONE, "out"),
    ],
)
def test_a_message_is_a_task_whatever_else_is_known_of_its_call(
    city: City, it: Exchange, folder: None, before: str, number: str, direction: str
) -> None:
    call = message(it, number=number)
    Callback.objects.all().delete()
    Call.objects.update(outcome=before, direction=direction)
    if before == Call.Outcome.MESSAGE:
        Call.objects.update(state=Call.State.TALKING)
        call_records.ended(call, path=["message"], outcome=before)
    intake.take_in(it)
    [task] = callbacks.waiting(city.call_taker, at=now())
    assert (task.call_id, task.missed, task.words_left) == (call, 1, True)
    assert len(messages.of_callback(task, user=city.call_taker)) == 1


def test_a_message_heard_once_is_not_left_anew_with_the_next_task(city: City, it: Exchange, folder: None) -> None:
    message(it)
    intake.take_in(it)
    [task] = callbacks.waiting(city.call_taker, at=now())
    callbacks.record_result(task, by=city.call_taker, result="reached", at=now())
    call_records.ended(
        call_records.came(channel="9.8", number=PHONE, dialled="1022").pk, path=[], outcome=Call.Outcome.ABANDONED
    )
    [task] = callbacks.waiting(city.call_taker, at=now())
    assert messages.of_callback(task, user=city.call_taker) == []


@pytest.mark.parametrize(("says", "seconds"), [(noise, 5), (tone, 0), (lambda _sample: 0, 4)])
def test_silence_is_marked_and_comes_last(city: City, it: Exchange, folder: None, says: Loud, seconds: float) -> None:
    silent = message(it, seconds=seconds, says=says)
    spoken = message(it, number="+84912000002")
    Callback.objects.filter(call=silent).update(ring_at=now() - timedelta(hours=1))
    intake.take_in(it)
    waiting = list(callbacks.waiting(city.call_taker, at=now()))
    assert [(each.call_id, each.silent) for each in waiting] == [(spoken, False), (silent, True)]


def test_a_word_in_a_long_silence_is_heard(tmp_path: Path) -> None:
    said = write(
        tmp_path / "a.wav", 20, says=lambda sample: tone(sample) if 80_000 < sample < 84_000 else noise(sample)
    )
    assert not RawSound.read(said).is_silent()
