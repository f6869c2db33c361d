"""Whatever reads a stranger's file can do nothing else, whoever has taken it over (docs/adr/0023)."""

from __future__ import annotations

import ast
import io
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tongdai.platform.decoders import connection, functions, probe, programs
from tongdai.platform.decoders.confinement import USER, Limits, confine, walls
from tongdai.platform.decoders.connection import CannotRead, OverLimit, Pool, Unavailable
from tongdai.platform.decoders.content import kind_of

SOURCE = Path(__file__).parents[2]
PROBE = "tongdai.platform.decoders.probe:look"
HOSTILE = "tongdai.platform.tests.hostile:"
NOTHING = {"root": False, "files": False, "network": False, "processes": False}
needs_walls = pytest.mark.skipif(not all(walls().values()), reason="this kernel has no Landlock or seccomp")
needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root becomes another user")
needs_perl = pytest.mark.skipif(not Path("/usr/bin/perl").exists(), reason="no perl on this machine")


def shell(script: str, folder: Path, **limits: float) -> bytes:
    return programs.run(["/bin/sh", "-c", script], folder=folder, limits=Limits(**limits))


def perl(script: str, folder: Path) -> bytes:
    return programs.run(["/usr/bin/perl", "-e", script], folder=folder, limits=Limits())


def runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def gone_within(pid: int, seconds: float = 5.0) -> bool:
    until = time.monotonic() + seconds
    while runs(pid) and time.monotonic() < until:
        time.sleep(0.02)
    return not runs(pid)


# ── what it can't do ─────────────────────────────────────────────────────────────────────────────────────────────────
@needs_walls
def test_a_decoder_is_not_root_reads_no_other_file_calls_nobody_and_starts_nothing() -> None:
    made = io.BytesIO()
    probe.look(io.BytesIO(), made)
    here = json.loads(made.getvalue())  # what it tries can be done, where nothing forbids it
    assert here["files"] and here["network"] and here["processes"]

    assert json.loads(functions.call(PROBE, b"", limits=Limits())) == NOTHING


@needs_walls
@needs_root
def test_under_an_ordinary_user_the_walls_are_the_same() -> None:
    reading, writing = os.pipe()
    if (child := os.fork()) == 0:
        try:
            os.setgroups([])
            os.setresgid(1234, 1234, 1234)
            os.setresuid(1234, 1234, 1234)
            confine(Limits(memory=2**30))
            with os.fdopen(writing, "wb") as made:
                probe.look(io.BytesIO(), made)
        finally:
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as said:
        assert json.loads(said.read()) == NOTHING
    os.waitpid(child, 0)


@needs_root
def test_where_root_cannot_be_put_down_nothing_is_read() -> None:
    script = (
        "from tongdai.platform.decoders import connection, functions\n"
        "from tongdai.platform.decoders.confinement import Limits\n"
        f"try: print(functions.call({PROBE!r}, b'', limits=Limits()))\n"
        "except connection.Unavailable as refused: print('refused:', refused)"
    )
    inside = ["unshare", "--user", "--map-root-user"]  # a namespace that has no user but root
    if not shutil.which("unshare") or subprocess.run([*inside, "true"], capture_output=True, check=False).returncode:
        pytest.skip("no user namespaces here")
    done = subprocess.run(
        [*inside, sys.executable, "-c", script], capture_output=True, text=True, check=True,
        env=os.environ | {"PYTHONPATH": str(SOURCE.parent)},
    )  # fmt: skip
    assert "refused: still root" in done.stdout


@needs_walls
def test_a_program_runs_in_an_empty_folder_with_nothing_of_ours_in_its_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TONGDAI_SECRET_KEY", "bí mật")
    secret = tmp_path / "secret"
    secret.write_text("bí mật")
    secret.chmod(0o644)
    with programs.folder() as folder:
        assert shell("echo *; pwd", folder).decode().split() == ["*", str(folder)]
        said = shell("exec env", folder).decode()
        assert "TONGDAI" not in said and "bí mật" not in said
        with pytest.raises(CannotRead, match="denied"):
            shell(f"exec /bin/cat {secret}", folder)
        with pytest.raises(CannotRead, match="denied"):
            shell(f"echo x > {tmp_path}/made", folder)
    assert not folder.exists() and not (tmp_path / "made").exists()


@needs_root
def test_a_program_started_by_root_runs_as_a_user_of_its_own() -> None:
    with programs.folder() as folder:
        assert shell("exec id -u", folder).decode().strip() == str(USER)


@needs_walls
@needs_perl
@pytest.mark.parametrize(
    ("script", "refused"),
    [
        ("use Socket; socket(S, PF_INET, SOCK_STREAM, 0) or die $!", "not permitted"),
        ("use Socket; socket(S, PF_UNIX, SOCK_STREAM, 0) or die $!", "not permitted"),
        ("defined(fork) or die $!", "not permitted"),
        ("open(P, '-|', 'true') or die $!", "not permitted"),
        ("kill(9, getppid()) or die $!", "not permitted"),
        ("kill(0, $$) or die $!", "not permitted"),
        ("symlink('/etc/passwd', 'made') or die $!", "denied"),
        ("open(F, '<', '/etc/passwd') or die $!", "denied"),
    ],
)
def test_a_program_calls_nobody_starts_nothing_and_kills_nobody(script: str, refused: str) -> None:
    with programs.folder() as folder:
        assert perl("print 'xin chào'", folder).decode() == "xin chào"
        with pytest.raises(CannotRead, match=refused):
            perl(script, folder)


@needs_walls
def test_a_decoder_does_not_kill_what_started_it() -> None:
    assert functions.call(HOSTILE + "kills_its_parent", b"", limits=Limits()) == b"refused"


def test_a_decoder_has_no_open_file_but_its_own(tmp_path: Path) -> None:
    with (tmp_path / "open").open("w") as ours:
        os.set_inheritable(ours.fileno(), True)
        assert json.loads(functions.call(HOSTILE + "says_its_open_files", b"", limits=Limits())) == [0, 1, 2]


# ── how much it may cost ─────────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("what", "limits"),
    [
        ("hangs", Limits(wall=0.3)),
        ("computes_for_ever", Limits(cpu=1)),
        ("takes_all_memory", Limits(memory=200 * 2**20)),
    ],
)
def test_a_decoder_that_hangs_or_takes_too_much_is_ended(what: str, limits: Limits) -> None:
    begun = time.monotonic()
    with pytest.raises(OverLimit):
        functions.call(HOSTILE + what, b"", limits=limits)
    assert time.monotonic() - begun < 20


def test_what_a_function_makes_has_an_end() -> None:
    with pytest.raises(CannotRead, match="File too large"):
        functions.call(HOSTILE + "writes_for_ever", b"", limits=Limits(output=2**20))


@pytest.mark.parametrize(
    "script",
    [
        "exec yes > made",
        "i=0; while :; do i=$((i+1)); printf '%100000s' x > made$i; done",
        "exec yes",  # to its output, which we would hold in memory
    ],
)
def test_a_decoder_that_fills_the_disk_is_ended(script: str) -> None:
    with programs.folder() as folder:
        with pytest.raises(OverLimit):
            shell(script, folder, output=2**20, wall=20)
        written = sum(file.stat().st_size for file in folder.iterdir())
    assert written < 200 * 2**20


def test_who_waits_for_a_place_is_told_in_time() -> None:
    pool = Pool(at_once=1, patience=0.05)
    with pool.place(), pytest.raises(Unavailable):
        functions.call(PROBE, b"", limits=Limits(), pool=pool)
    assert functions.call(PROBE, b"", limits=Limits(), pool=pool)


def test_a_decoder_that_crashes_harms_no_other() -> None:
    with pytest.raises(CannotRead):
        functions.call(HOSTILE + "crashes", b"", limits=Limits())
    assert functions.call(PROBE, b"", limits=Limits())


def test_who_stops_reading_ends_the_decoder() -> None:
    with open(os.devnull, "rb") as nothing:
        read = functions.lines(HOSTILE + "says_its_process_and_goes_on", nothing.fileno(), limits=Limits(wall=600))
        pid = next(read)
        assert runs(pid)
        read.close()
    assert gone_within(pid)


def test_a_server_that_was_killed_is_started_anew() -> None:
    functions.call(PROBE, b"", limits=Limits())
    first = connection._running().process
    first.send_signal(signal.SIGKILL)
    first.wait()
    assert functions.call(PROBE, b"", limits=Limits())
    assert connection._running().process.pid != first.pid


def test_decoders_end_with_the_process_they_read_for() -> None:
    script = (
        "import os\n"
        "from tongdai.platform.decoders import connection, functions\n"
        "from tongdai.platform.decoders.confinement import Limits\n"
        f"read = functions.lines({HOSTILE + 'says_its_process_and_goes_on'!r}, 0, limits=Limits(wall=600))\n"
        "print(connection._running().process.pid, next(read), flush=True)\n"
        "os.kill(os.getpid(), 9)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL,
        env=os.environ | {"PYTHONPATH": str(SOURCE.parent)},
    )  # fmt: skip
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert all(gone_within(int(pid)) for pid in done.stdout.split())


# ── what comes back ──────────────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("left", [lambda made, secret: made.symlink_to(secret), lambda made, secret: os.mkfifo(made)])
def test_a_link_left_in_place_of_a_file_is_not_followed(tmp_path: Path, left: Callable[[Path, Path], None]) -> None:
    secret = tmp_path / "secret"
    secret.write_text("bí mật")
    with programs.folder() as folder:
        left(folder / "made", secret)
        with pytest.raises(CannotRead), programs.opened(folder / "made") as made:
            made.read()


@needs_root
def test_a_file_that_is_not_the_programs_own_is_not_taken_for_what_it_made(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("bí mật")
    with programs.folder() as folder:
        shutil.copy(secret, folder / "made")  # root's, as a hard link would be
        with pytest.raises(CannotRead), programs.opened(folder / "made") as made:
            made.read()


@needs_root
def test_a_program_below_a_home_that_others_cannot_enter_still_runs(tmp_path: Path) -> None:
    """The exchange's tree in a clone below /root, the mode of which is 700."""
    closed = tmp_path / "closed"
    tree = closed / "tree"
    tree.mkdir(parents=True)
    closed.chmod(0o700)
    tree.chmod(0o755)
    (tree / "words").write_text("xin chào")
    (tree / "words").chmod(0o644)
    with programs.folder() as folder:
        said = programs.run(["/bin/cat", f"{tree}/words"], folder=folder, limits=Limits(), tree=tree)
    assert said.decode() == "xin chào"


@pytest.mark.parametrize(
    ("beginning", "kind"),
    [
        (b"#EXTM3U\n/etc/passwd", ""),
        (b"[playlist]\nFile1=/etc/passwd", ""),
        (b"<svg onload=alert(1)>", ""),
        (b"%!PS-Adobe-3.0 EPSF-3.0", ""),
        (b"%PDF-1.7", ""),
        (b"II*\0", ""),
        (b"RIFF\0\0\0\0AVI LIST", ""),
        (b"-n", ""),
        (b"", ""),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", "jpeg"),
        (b"\0\0\0\x18ftypheic\0\0\0\0", "heic"),
        (b"RIFF\0\0\0\0WEBPVP8X", "webp"),
        (b"RIFF\0\0\0\0WAVEfmt ", "wav"),
        (b"XXXX\0\0\0\0WAVEfmt ", ""),
        (b"OggS" + bytes(24) + b"OpusHead", "opus"),
        (b"\xff\xfb\x90\x64", "mp3"),
        (b"\xff\xf1\x50\x80", ""),
    ],
)
def test_a_file_is_what_its_beginning_says(beginning: bytes, kind: str) -> None:
    every = ("jpeg", "png", "gif", "webp", "bmp", "heic", "wav", "flac", "opus", "ogg", "mp3")
    assert kind_of(beginning, among=every) == kind
    assert kind_of(beginning, among=()) == ""


# ── that nothing goes round it ───────────────────────────────────────────────────────────────────────────────────────
DECODERS = {"PIL": "shell/uploads/drawing.py", "python_calamine": "knowledge/importing/workbook.py"}
PROGRAMS = re.compile(
    r"""["'](sox|soxi|play|ffmpeg|ffprobe|espeak-ng|piper|soffice|libreoffice|convert|magick|gs)["']"""
)


def test_nothing_else_imports_a_library_that_reads_pictures_or_workbooks_or_runs_a_program_on_a_sound() -> None:
    for file in SOURCE.rglob("*.py"):
        name = file.relative_to(SOURCE).as_posix()
        if "/tests/" in name or name.startswith(("scenarios/", "peers/")):  # these make pictures and calls of their own
            continue
        text = file.read_text(encoding="utf-8")
        for node in ast.walk(ast.parse(text)):
            modules = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            modules += [each.name for each in node.names] if isinstance(node, ast.Import) else []
            for module in modules:
                assert DECODERS.get(module.partition(".")[0], name) == name, f"{name} imports {module}"
        if PROGRAMS.search(text):
            assert name in (
                "channels/voice/speech/engines.py", "channels/voice/speech/synthesis.py", "channels/voice/asterisk/install.py",
                "reports/document/pdf.py",  # prints a Word that we have written ourselves
            ), name  # fmt: skip


def test_the_process_that_takes_photos_and_tables_never_loads_their_decoders() -> None:
    script = (
        "import sys, django\ndjango.setup()\n"
        "import tongdai.urls\nfrom tongdai.shell.uploads import redrawing\nredrawing.warm_up()\n"
        "assert not {'PIL', 'python_calamine'} & set(sys.modules), 'loaded'"
    )
    environment = {"PYTHONPATH": str(SOURCE.parent), "DJANGO_SETTINGS_MODULE": "tongdai.platform.settings"}
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, env=os.environ | environment, check=False
    )
    assert done.returncode == 0, done.stderr
