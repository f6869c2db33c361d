"""A city saved and brought back is the same city, row by row and file by file; what is wrong with a backup is said in words."""

from __future__ import annotations

import hashlib
import io
import json
import os
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pyrage
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from tests.city import City
from tests.house import open_folder
from tongdai.platform.backups import archive, dumping, freshness, schedule, sealing, verifying
from tongdai.platform.backups.saving import save
from tongdai.platform.backups.sealing import Keys, Seal
from tongdai.platform.backups.trouble import BackupTrouble
from tongdai.platform.database import connection_settings, postgres
from tongdai.platform.models import Backup

pytestmark = pytest.mark.django_db(transaction=True)
WORDS = "một câu đủ dài để không ai đoán"


def tongdai(home: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "TONGDAI_HOME": str(home), "COLUMNS": "400", **more}
    return subprocess.run(
        [sys.executable, "-m", "tongdai", *arguments], env=environment, capture_output=True, text=True, check=False
    )


def rows_of(link: psycopg.Connection[tuple[object, ...]]) -> dict[str, str]:
    """Every table, as the digest of its rows in order, but for those that tell of the backup itself."""
    tables = link.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1").fetchall()
    return {
        str(name): str(
            link.execute(
                f"SELECT md5(coalesce(string_agg(t::text, chr(10) ORDER BY t::text), '')) FROM \"{name}\" t"
            ).fetchone()
        )  # type: ignore[arg-type]
        for (name,) in tables
        if name not in ("platform_backup", "audit_entry")
    }


class Pair:
    """An identity on paper, and its recipient."""

    def __init__(self, folder: Path) -> None:
        written, self.recipient = sealing.new_identity()
        self.file = folder / f"{self.recipient[-8:]}.key"
        self.file.write_text(written)
        self.keys, self.seal = Keys(identity=self.file), Seal((self.recipient,))


@pytest.fixture
def pair(tmp_path: Path) -> Pair:
    return Pair(tmp_path)


@pytest.fixture
def stored() -> Iterator[list[str]]:
    """A photo, a recording and a prompt, wherever storage puts them."""
    names = ["2022/ảnh.jpg", "recordings/2022/02/14/7-whole.ogg", "prompts/lời chào.wav"]
    saved = [default_storage.save(name, ContentFile(os.urandom(5000))) for name in names]
    yield saved
    for name in saved:
        default_storage.delete(name)


def test_a_restored_city_is_the_same_row_by_row_and_file_by_file(pair: Pair, stored: list[str]) -> None:
    city = City()
    city.answered("Rác tràn ra hè phố", name="Phạm Văn Lực")
    city.case("Tôi tố cáo", topic="denunciation")
    home, other, file = Path(os.environ["TONGDAI_HOME"]), open_folder(), open_folder() / "city.tar.age"
    raw = home / "exchange" / "recordings" / "1.wav"
    raw.parent.mkdir(parents=True, exist_ok=True)
    raw.write_bytes(b"said and not yet in storage")

    saved = tongdai(home, "backup", str(file), "--recipient", pair.recipient)
    assert saved.returncode == 0, saved.stderr
    assert file.stat().st_mode & 0o077 == 0
    assert "Phạm Văn Lực".encode() not in file.read_bytes()
    with postgres.cluster().connect() as link:
        before = rows_of(link)

    tongdai(other, "doctor")  # makes a key of its own, which must not stay
    assert (other / "secrets" / "key").read_text() != (home / "secrets" / "key").read_text()
    restored = tongdai(other, "restore", str(file), "--identity", str(pair.file))
    assert restored.returncode == 0, restored.stdout + restored.stderr
    assert "links that citizens hold still open" in restored.stdout
    assert (other / "secrets" / "key").read_text() == (home / "secrets" / "key").read_text()

    os.environ["TONGDAI_HOME"] = str(other)
    try:
        with postgres.running() as it, it.connect() as link:
            after = rows_of(link)
    finally:
        os.environ["TONGDAI_HOME"] = str(home)
    assert after == before and len(before) > 20
    for name in [*(f"files/{each}" for each in stored), "exchange/recordings/1.wav"]:
        copy = other / name
        assert hashlib.sha256(copy.read_bytes()).digest() == hashlib.sha256((home / name).read_bytes()).digest()
        for path in [copy, *copy.relative_to(other).parents]:
            if (here := other / path) != other:
                assert here.stat().st_mode & 0o077 == 0, here

    again = tongdai(other, "restore", str(file), "--identity", str(pair.file))
    assert again.returncode == 1 and "a city here already" in again.stderr
    key = tongdai(open_folder(), "restore", str(file), "--identity", str(pair.file), TONGDAI_SECRET_KEY="another" * 9)
    assert "links that were sent won't open" in key.stdout


def test_a_home_that_is_up_is_not_restored_into(pair: Pair, tmp_path: Path) -> None:
    save(tmp_path / "a.tar.age", pair.seal, proven=False)
    home = open_folder()
    code = "from tongdai.platform.processes import services\nwith services.alone(): input()"
    with subprocess.Popen(
        [sys.executable, "-c", code], env={**os.environ, "TONGDAI_HOME": str(home)}, stdin=subprocess.PIPE
    ) as up:
        while not (home / "run" / "up.lock").exists() or not (home / "run" / "up.lock").read_text():
            pass
        refused = tongdai(home, "restore", str(tmp_path / "a.tar.age"), "--identity", str(pair.file))
        up.communicate(b"\n")
    assert refused.returncode == 1 and f"is up (process {up.pid})" in refused.stderr


def test_no_personal_data_is_saved_open_by_mistake(tmp_path: Path) -> None:
    refused = tongdai(Path(os.environ["TONGDAI_HOME"]), "backup", str(tmp_path / "city.tar"))
    assert refused.returncode != 0 and "--plain" in refused.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_passphrase_opens_what_it_closed_and_so_does_a_recipient_beside_it(pair: Pair, tmp_path: Path) -> None:
    file, words = tmp_path / "a.zip", tmp_path / "words"
    save(file, Seal((pair.recipient,), WORDS), proven=False)
    words.write_text(WORDS + "\n")
    for keys in (Keys(passphrase_file=words), pair.keys):
        with archive.read(sealing.opened(file, keys, folder=tmp_path)) as saved:
            assert saved.text(archive.KEY) and saved.size(archive.DUMP) > 10_000
    words.write_text("một câu khác hẳn")
    with pytest.raises(BackupTrouble, match="Wrong passphrase"):
        sealing.opened(file, Keys(passphrase_file=words), folder=tmp_path)
    with pytest.raises(BackupTrouble, match="12 characters"):
        save(tmp_path / "b.zip", Seal(passphrase="ngắn"), proven=False)


def cut(octets: bytes) -> bytes:
    return octets[: len(octets) * 2 // 3]


def changed(octets: bytes) -> bytes:
    middle = len(octets) // 2
    return octets[:middle] + bytes([octets[middle] ^ 1]) + octets[middle + 1 :]


@pytest.mark.parametrize("kind", ["age", "zip", "tar"])
def test_a_file_that_was_cut_or_changed_is_refused_whole(pair: Pair, tmp_path: Path, kind: str) -> None:
    seal = {"age": pair.seal, "zip": Seal((pair.recipient,), WORDS), "tar": Seal()}[kind]
    file = tmp_path / "city"
    save(file, seal, proven=False)
    octets = file.read_bytes()
    for spoil in (cut, changed, lambda octets: octets[:40], lambda octets: octets[:-11_000]):
        file.write_bytes(spoil(octets))
        with pytest.raises(BackupTrouble, match="cut short or changed|is no backup"):  # noqa: SIM117
            with archive.read(sealing.opened(file, pair.keys, folder=tmp_path)) as saved:
                for name in saved.names():
                    saved.copy(name, io.BytesIO())


def test_the_wrong_key_the_wrong_file_and_no_key_are_each_called_by_name(pair: Pair, tmp_path: Path) -> None:
    file = tmp_path / "a.tar.age"
    save(file, pair.seal, proven=False)
    with pytest.raises(BackupTrouble, match="doesn't open this backup"):
        sealing.opened(file, Pair(tmp_path).keys, folder=tmp_path)
    with pytest.raises(BackupTrouble, match="needs the identity"):
        sealing.opened(file, Keys(), folder=tmp_path)
    with pytest.raises(BackupTrouble, match="no identity file of age"):
        sealing.opened(file, Keys(identity=_written(tmp_path / "letter", b"Dear Sir")), folder=tmp_path)
    for octets in (b"", b"Dear Sir,", os.urandom(9000), b"PK\x03\x04" + os.urandom(900), _tar({"holiday.txt": b"sun"})):
        other = _written(tmp_path / "other", octets)
        with pytest.raises(BackupTrouble, match="is no backup of tongdai|cut short"):  # noqa: SIM117
            with archive.read(sealing.opened(other, pair.keys, folder=tmp_path)):
                pass
    with pytest.raises(BackupTrouble, match="No such file"):
        sealing.opened(tmp_path / "nowhere", pair.keys, folder=tmp_path)


def test_an_identity_may_itself_be_under_a_passphrase(pair: Pair, tmp_path: Path) -> None:
    file = tmp_path / "a.tar.age"
    save(file, pair.seal, proven=False)
    guarded = _written(tmp_path / "guarded", pyrage.passphrase.encrypt(pair.file.read_bytes(), WORDS))
    keys = Keys(identity=guarded, passphrase_file=_written(tmp_path / "words", WORDS.encode()))
    with archive.read(sealing.opened(file, keys, folder=tmp_path)) as saved:
        assert saved.manifest.product == "tongdai"


def test_a_backup_of_a_newer_edition_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    file = tmp_path / "a.tar"
    save(file, Seal(), proven=False)
    with tarfile.open(file) as tar:
        members = {each.name: tar.extractfile(each).read() for each in tar.getmembers()}  # type: ignore[union-attr]
    written = json.loads(members["manifest.json"])
    for strange in (
        {"migrations": [["cases", "9042_from_tomorrow"]], "edition": "9.9"},
        {"format": 2, "edition": "9.9"},
    ):
        members["manifest.json"] = json.dumps({**written, **strange}).encode()
        file.write_bytes(_tar(members))
        with pytest.raises(BackupTrouble, match=r"edition 9\.9, newer than this one"), archive.read(file):
            pass


def test_a_backup_that_does_not_come_back_as_it_was_is_no_backup(tmp_path: Path) -> None:
    file = tmp_path / "a.tar"
    assert save(file, Seal(), proven=True).verified_at
    with archive.read(file) as saved:
        with (tmp_path / "dump").open("wb") as target:
            saved.copy(archive.DUMP, target)
        saved.manifest.tables["cases_case"] = 7
        with pytest.raises(BackupTrouble, match="cases_case"):
            verifying.restores(tmp_path / "dump", saved.manifest)
    leftovers = [*postgres.cluster().data.parent.glob("scratch-*"), *Path("/tmp").glob("tongdai-s*/.s.PGSQL*")]
    assert leftovers == []


def test_verify_says_that_a_backup_is_good_and_the_row_remembers(pair: Pair, tmp_path: Path) -> None:
    City().case("Rác")
    file = tmp_path / "a.tar.age"
    save(file, pair.seal, proven=False)
    looked = tongdai(Path(os.environ["TONGDAI_HOME"]), "backup", "verify", str(file), "--identity", str(pair.file))
    assert looked.returncode == 0 and "A good backup" in looked.stdout, looked.stderr
    assert Backup.objects.get().verified_at


def test_a_missing_or_foreign_tool_is_said_with_what_to_install(tmp_path: Path) -> None:
    with pytest.raises(BackupTrouble, match="apt install postgresql-client-99"):
        dumping.find("pg_dump", server=990001, where={})
    with pytest.raises(BackupTrouble, match="pg_restore failed"):
        dumping.load(_written(tmp_path / "dump", b"Dear Sir, " * 100), connection_settings.parameters(), server=0)
    file = tmp_path / "a.tar"
    save(file, Seal(), proven=False)
    older = sorted(Path(dumping.DEBIANS).glob("1[3-6]/bin/pg_restore"))
    with archive.read(file) as saved, (tmp_path / "dump").open("wb") as target:
        saved.copy(archive.DUMP, target)
    if older and saved.manifest.server > 170000:
        with pytest.raises(BackupTrouble, match="different versions"):
            dumping._run([str(older[0]), "--list", str(tmp_path / "dump")], dict(os.environ))


def test_a_disk_without_room_leaves_the_earlier_backup_and_nothing_half_done(pair: Pair, tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=128k", "tmpfs", disk], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("a small disk can't be mounted here")
    try:
        (disk / "a.tar.age").write_bytes(b"yesterday's")
        for seal in (pair.seal, Seal(), Seal(passphrase=WORDS)):
            with pytest.raises(BackupTrouble, match="No room left"):
                save(disk / "a.tar.age", seal, proven=False)
        assert [path.name for path in disk.iterdir()] == ["a.tar.age"]
        assert (disk / "a.tar.age").read_bytes() == b"yesterday's"
    finally:
        subprocess.run(["umount", disk], check=True)


def test_a_place_that_cannot_be_entered_is_said_in_words(pair: Pair, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(BackupTrouble, match="Nothing was changed"):
        save(tmp_path / "file" / "a.tar.age", pair.seal, proven=False)


# ── by itself ────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def scheduled(settings, pair: Pair, tmp_path: Path) -> Path:
    settings.BACKUP_FOLDER, settings.BACKUP_RECIPIENTS = str(tmp_path / "kept"), [pair.recipient]
    settings.BACKUP_PROVEN = False
    return tmp_path / "kept"


def verdicts(**at: datetime) -> dict[str, str]:
    return {verdict: words for verdict, _what, words in freshness.for_doctor(**at)}


def test_a_backup_is_made_when_it_is_due_proven_and_the_doctor_is_content(
    settings, scheduled: Path, pair: Pair
) -> None:
    settings.BACKUP_PROVEN = True
    schedule.keep_safe(0)
    schedule.keep_safe(600)  # not again today
    (file,) = scheduled.iterdir()
    assert scheduled.stat().st_mode & 0o077 == 0 and file.stat().st_mode & 0o077 == 0
    sealing.opened(file, pair.keys, folder=scheduled.parent)
    row = Backup.objects.get()
    assert row.finished_at and row.verified_at and row.encrypted and row.size == file.stat().st_size
    assert set(verdicts()) == {"ok"}


def test_a_night_in_which_the_machine_was_off_is_made_up_for(settings) -> None:
    settings.BACKUP_AT = "02:30"
    night = datetime(2026, 3, 4, 2, 30, tzinfo=timezone.get_default_timezone())
    Backup.objects.create(begun_at=night, finished_at=night, file="x")
    assert not schedule.is_due(night + timedelta(hours=23))
    assert schedule.is_due(night + timedelta(hours=24))
    assert schedule.is_due(night + timedelta(hours=33))  # at noon, when it is on again


def test_a_backup_that_failed_is_tried_again_in_an_hour_and_the_doctor_says_why(settings, scheduled: Path) -> None:
    settings.BACKUP_RECIPIENTS = []
    at = datetime.now(UTC)
    schedule.make(at)
    assert "TONGDAI_BACKUP_RECIPIENTS" in verdicts()["wrong"]
    assert not schedule.is_due(at + timedelta(minutes=50)) and schedule.is_due(at + timedelta(minutes=70))
    assert list(scheduled.iterdir()) == []


def test_a_backup_that_is_too_old_is_wrong_and_said_in_the_log(settings, capfd: pytest.CaptureFixture[str]) -> None:
    old = datetime.now(UTC) - timedelta(hours=51)
    Backup.objects.create(begun_at=old, finished_at=old, verified_at=old, encrypted=True, file="x")
    assert "too old" in verdicts()["wrong"]
    assert "too old" in freshness.notes_when_up()
    settings.BACKUP_FOLDER = ""
    schedule.keep_safe(0)
    assert "backup.missing" in "".join(capfd.readouterr())


def test_a_city_without_any_backup_is_told_so_and_a_demo_is_not() -> None:
    assert verdicts() == {}
    with postgres.cluster().connect() as link:
        link.execute("ALTER TABLE platform_installation DISABLE TRIGGER platform_keep_demo_mark")
        link.execute("UPDATE platform_installation SET demo = false, city_at = NULL")
        try:
            assert "TONGDAI_BACKUP_FOLDER" in verdicts()["note"]
        finally:
            link.execute("UPDATE platform_installation SET demo = true")
            link.execute("ALTER TABLE platform_installation ENABLE TRIGGER platform_keep_demo_mark")


def test_so_many_backups_stay_and_nothing_else_in_the_folder_is_touched(settings, scheduled: Path) -> None:
    settings.BACKUP_KEPT = 2
    scheduled.mkdir()
    for day in ("01", "02", "03"):
        (scheduled / f"tongdai-202603{day}-023000.tar.age").touch()
    (scheduled / "before-the-upgrade.tar.age").touch()
    schedule.forget_the_oldest(scheduled)
    assert sorted(path.name for path in scheduled.iterdir()) == [
        "before-the-upgrade.tar.age", "tongdai-20260302-023000.tar.age", "tongdai-20260303-023000.tar.age",
    ]  # fmt: skip


def _written(path: Path, octets: bytes) -> Path:
    path.write_bytes(octets)
    return path


def _tar(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as tar:
        for name, octets in members.items():
            member = tarfile.TarInfo(name)
            member.size = len(octets)
            tar.addfile(member, io.BytesIO(octets))
    return out.getvalue()
