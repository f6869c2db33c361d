"""A prompt's name ran a command as root; a recording could name any file. Neither can any more (docs/adr/0023)."""

from __future__ import annotations

import os
import shutil
import subprocess
import wave
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.city import City
from tongdai.platform.decoders import programs
from tongdai.platform.decoders.confinement import Limits
from tongdai.platform.decoders.connection import CannotRead, Unavailable
from tongdai.platform.decoders.content import kind_of

from ..asterisk.exchange import Exchange
from ..models import Call, Recording
from ..recordings import encrypted_files, intake
from ..records import call_records
from ..speech import recorded_sounds, synthesis
from ..speech.engines import AS_PLAYED, program, sox

PROMPT = SimpleNamespace(code="goodbye", language="vi", text="Cảm ơn, xin chào.")


@pytest.fixture(autouse=True)
def stored_apart(tmp_path: Path, settings) -> None:
    settings.STORAGES = settings.STORAGES | {
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path / "stored"},
        }
    }


def sound(kind: str, it: Exchange, folder: Path) -> bytes:
    """Two seconds of a tone."""
    made = folder / f"tone.{kind}"
    subprocess.run(
        [*program("sox", it), "-n", "-r", "16000", "-b", "16", "-c", "1", made, "synth", "2", "sine", "440"], check=True
    )
    return made.read_bytes()


def playlist(folder: Path) -> bytes:
    """One that runs a command: sox hands the address to a shell."""
    return f"http://127.0.0.1/$(touch {folder}/ran)\n".encode()


def kept(name: str, content: bytes) -> str:
    return recorded_sounds.store(PROMPT, SimpleUploadedFile(name, content)).file  # type: ignore[arg-type]


def why(name: str, content: bytes) -> str:
    with pytest.raises(recorded_sounds.NoSound) as refused:
        kept(name, content)
    return refused.value.why


@pytest.mark.parametrize("kind", ["wav", "mp3", "ogg", "flac"])
def test_a_sound_is_kept_as_the_exchange_plays_it_whatever_its_name(it: Exchange, tmp_path: Path, kind: str) -> None:
    name = kept("x.m3u", sound(kind, it, tmp_path))
    with default_storage.open(name) as file, wave.open(file) as made:
        assert (made.getframerate(), made.getnchannels(), made.getsampwidth()) == (8000, 1, 2)
        assert 1.9 < made.getnframes() / 8000 < 2.2


@pytest.mark.parametrize(
    "name", ["x.m3u", "x.pls", "x.wav", "x.mp3", "-", "-n.wav", "--effects-file=x", "|id", "../../x.wav", "x.m3u\0.wav"]
)
def test_a_playlist_runs_nothing_and_reads_nothing_whatever_its_name(it: Exchange, tmp_path: Path, name: str) -> None:
    for content in (
        playlist(tmp_path),
        b"[playlist]\nFile1=/etc/passwd\n",
        b"/etc/passwd\n",
        b"#EXTM3U\n/etc/passwd\n",
    ):
        assert why(name, content) == "unreadable"
    assert not (tmp_path / "ran").exists() and not (tmp_path / "stored").exists()


def test_a_playlist_that_begins_as_a_sound_is_read_as_one(it: Exchange, tmp_path: Path) -> None:
    for beginning in (b"RIFF\0\0\0\0WAVE\n", b"ID3\n", b"fLaC\n"):
        polyglot = beginning + playlist(tmp_path)
        assert kind_of(polyglot, among=["wav", "mp3", "flac"])
        assert why("x.m3u", polyglot) == "unreadable"
    assert not (tmp_path / "ran").exists()


def test_sox_itself_would_run_it_and_where_it_runs_now_cannot(it: Exchange, tmp_path: Path) -> None:
    """The second wall: even told to follow it, even where it may write."""
    tmp_path.chmod(0o755)
    here = tmp_path / "x.m3u"
    here.write_bytes(playlist(tmp_path))
    subprocess.run([*program("sox", it), "-V1", here, tmp_path / "made.wav"], check=False, capture_output=True)
    assert (tmp_path / "ran").exists()  # as it was: so the test can fail

    with programs.folder() as folder, pytest.raises(CannotRead):
        given = programs.put(folder / "x.m3u", [playlist(folder)])
        try:
            sox(it, given, *AS_PLAYED, folder / "made.wav", folder=folder, limits=Limits())
        finally:
            assert not (folder / "ran").exists()


def test_half_an_hour_in_few_octets_is_read_for_two_minutes_and_refused(it: Exchange, tmp_path: Path) -> None:
    made = tmp_path / "long.flac"
    subprocess.run([*program("sox", it), "-n", "-r", "8000", "-c", "1", made, "trim", "0", "1800"], check=True)
    assert made.stat().st_size < 200_000
    assert why("x.flac", made.read_bytes()) == "silent"
    subprocess.run(
        [*program("sox", it), "-n", "-r", "8000", "-c", "1", made, "synth", "200", "sine", "440"], check=True
    )
    assert why("x.flac", made.read_bytes()) == "lasts"


@pytest.mark.parametrize("kind", ["webm", "mp4"])
def test_what_browsers_and_mobiles_record_is_kept_where_ffmpeg_reads_it(
    it: Exchange, tmp_path: Path, kind: str
) -> None:
    if not shutil.which("ffmpeg"):
        pytest.skip("no ffmpeg here")
    tone, made = tmp_path / "tone.wav", tmp_path / f"tone.{kind}"
    tone.write_bytes(sound("wav", it, tmp_path))
    codec = {"webm": "libopus", "mp4": "aac"}[kind]
    subprocess.run(["ffmpeg", "-loglevel", "error", "-i", tone, "-c:a", codec, made], check=True)
    with default_storage.open(kept("x.wav", made.read_bytes())) as file, wave.open(file) as read:
        assert 1.9 < read.getnframes() / 8000 < 2.2
    assert why("x.webm", made.read_bytes()[:200]) == "unreadable"


def test_without_ffmpeg_such_a_file_is_refused_for_what_it_is(
    it: Exchange, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tongdai.channels.voice.speech.engines.shutil.which", lambda _name: None)
    assert why("x.webm", b"\x1a\x45\xdf\xa3" + bytes(2000)) == "no_ffmpeg"


def test_a_container_that_names_other_files_is_led_nowhere(it: Exchange, tmp_path: Path) -> None:
    """What begins as an MP4 and goes on as a list of addresses; an HLS list is no kind that is read at all."""
    told = "unreadable" if shutil.which("ffmpeg") else "no_ffmpeg"
    assert why("x.mp4", b"\0\0\0\x18ftypM4A " + b"file:///etc/passwd\n" * 20) == told
    assert why("x.m3u8", b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n") == "unreadable"


@pytest.mark.parametrize("made", [b"", b"#EXTM3U\n" * 500, b"RIFF\0\0\0\0WAVE" + bytes(2000)])
def test_what_comes_back_and_is_no_sound_is_not_kept(
    it: Exchange, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, made: bytes
) -> None:
    monkeypatch.setattr(recorded_sounds, "_as_played", lambda _file, _kind: made)
    assert why("x.wav", sound("wav", it, tmp_path)) == "unreadable"


def test_where_nothing_can_be_read_now_the_file_is_not_blamed(
    it: Exchange, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unavailable(*_given: object, **_more: object) -> bytes:
        raise Unavailable

    monkeypatch.setattr(programs, "run", unavailable)
    assert why("x.wav", sound("wav", it, tmp_path)) == "unavailable"


@pytest.mark.parametrize(
    "text", ["--version", "-f /etc/passwd", "<voice name='x'>a</voice>", "xin chào\0ông bà", "@/etc/passwd"]
)
def test_what_is_spoken_is_never_an_option(it: Exchange, text: str) -> None:
    made = synthesis.sound_of(text, language="vi", it=it)
    assert synthesis.seconds_of(made) > 0.3
    with wave.open(str(made)) as spoken:
        assert (spoken.getframerate(), spoken.getnchannels()) == (8000, 1)


# ── recordings ───────────────────────────────────────────────────────────────────────────────────────────────────────
def ended(channel: str) -> Call:
    call = call_records.came(channel=channel, number="+84912345678", dialled="1022")
    call_records.ended(call.pk, path=["greeting"], outcome=Call.Outcome.ANSWERED)
    return call


def recorded(it: Exchange, name: str, content: bytes, *, age: int = 60) -> None:
    for side in ("in", "out"):
        file = it.recordings / f"{name}-{side}.wav"
        file.write_bytes(content)
        file.chmod(0o600)
        os.utime(file, (file.stat().st_mtime - age,) * 2)


@pytest.mark.django_db
def test_a_recording_that_is_a_playlist_is_set_aside_and_keeps_no_other_waiting(
    city: City, it: Exchange, tmp_path: Path
) -> None:
    hostile, mine = ended("1.1"), ended("2.2")
    recorded(it, "1.1", playlist(tmp_path), age=120)
    recorded(it, "2.2", sound("wav", it, tmp_path))
    recorded(it, "2.2_1", sound("wav", it, tmp_path), age=30)  # after a pause

    assert intake.take_in(it) == 1

    kept = Recording.objects.get()
    assert kept.call == mine and kept.seconds == 4
    with encrypted_files.opened(kept) as heard:
        assert kept.size == heard.size and heard.read(4) == b"fLaC"
    assert not (tmp_path / "ran").exists()
    assert not hostile.recordings.exists()
    assert sorted(file.name for file in intake.set_aside(it).iterdir()) == ["1.1-in.wav", "1.1-out.wav"]
    assert not list(it.recordings.glob("*.wav"))
    assert intake.take_in(it) == 0


@pytest.mark.django_db
def test_where_nothing_can_be_read_now_recordings_wait_where_they_are(
    city: City, it: Exchange, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended("1.1")
    recorded(it, "1.1", sound("wav", it, tmp_path))

    def unavailable(*_given: object, **_more: object) -> bytes:
        raise Unavailable

    with monkeypatch.context() as now, pytest.raises(Unavailable):
        now.setattr(programs, "run", unavailable)
        intake.take_in(it)
    assert len(list(it.recordings.glob("*.wav"))) == 2
    assert intake.take_in(it) == 1
