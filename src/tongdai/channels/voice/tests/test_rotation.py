"""Recordings under the newest key: whenever the command is killed nothing is lost, and the next run goes on."""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db.models import QuerySet
from typer.testing import CliRunner

from tests.city import City
from tongdai.platform.backups.saving import stored_files
from tongdai.platform.clock import now
from tongdai.platform.files import storage
from tongdai.platform.files.encryption import CannotOpen, Key, keys
from tongdai.platform.processes import bootstrap
from tongdai.privacy import erasure

from ..models import Call, Recording
from ..recordings import commands, encrypted_files, intake, rotation
from ..records import call_records

OLD, NEW = Key(b"a" * 32), Key(b"b" * 32)
SAID = os.urandom(200_000)


class Killed(BaseException):
    """Nothing of ours catches it."""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.STORAGES = settings.STORAGES | {"default": storage.default(str(tmp_path / "stored"), home=tmp_path)}
    settings.RECORDING_KEYS = [OLD]


def kept(*, plain: bool = False) -> Recording:
    """A recording of a call that is over. `plain`: as it was put there by an earlier version."""
    call = call_records.came(channel=f"9.{Call.objects.count()}", number="+84912345678", dialled="1022")
    base = f"recordings/2022/02/14/{call.pk}-talk"
    if plain:
        name, key = default_storage.save(f"{base}.flac", ContentFile(SAID)), ""
    else:
        name, key = encrypted_files.save(base, ContentFile(SAID))
    return call.recordings.create(
        file=name, key=key, seconds=9, size=len(SAID), sha256=hashlib.sha256(SAID).hexdigest(), made_at=now()
    )


def heard(recording: Recording) -> bytes:
    recording.refresh_from_db()
    with encrypted_files.opened(recording) as content:
        return bytes(content.read())


def test_each_recording_gets_the_newest_key_and_the_older_file_is_gone(city: City, settings) -> None:
    rows = [kept(plain=True), kept(), kept()]
    settings.RECORDING_KEYS = [NEW, OLD]
    assert [heard(row) for row in rows] == [SAID] * 3  # before as after
    assert rotation.rotate() == rotation.Outcome(done=3)
    settings.RECORDING_KEYS = [NEW]
    assert [heard(row) for row in rows] == [SAID] * 3
    assert {row.key for row in rows} == {NEW.name}
    assert set(stored_files()) == {row.file for row in rows} and not rotation.old().exists()
    assert rotation.rotate() == rotation.Outcome()


def test_a_house_that_sets_its_first_key_still_reads_what_it_had(city: City, settings) -> None:
    settings.RECORDING_KEYS = []
    row = kept()
    settings.RECORDING_KEYS = [NEW]
    assert heard(row) == SAID
    assert rotation.rotate().done == 1 and heard(row) == SAID and row.key == NEW.name


@pytest.mark.parametrize("plain", [True, False])
def test_killed_at_any_moment_nothing_is_lost_and_the_next_run_goes_on(
    city: City, settings, monkeypatch: pytest.MonkeyPatch, plain: bool
) -> None:
    rows = [kept(plain=plain), kept(plain=plain)]
    having = [OLD]
    moment, killed = 0, True
    while killed:
        moment += 1
        having = [Key(os.urandom(32)), *having]
        settings.RECORDING_KEYS = having
        with monkeypatch.context() as patch:
            left = moments(patch, moment)
            with contextlib.suppress(Killed):
                rotation.rotate()
            killed = left[0] <= 0
        assert [heard(row) for row in rows] == [SAID] * 2
        assert rotation.rotate().unreadable == 0
        assert [heard(row) for row in rows] == [SAID] * 2 and {row.key for row in rows} == {having[0].name}
        assert set(stored_files()) == {row.file for row in rows}
    assert moment > 20


def moments(patch: pytest.MonkeyPatch, number: int) -> list[int]:
    """Kill at the moment of this number, before or after a word to storage or to the database; how many are left to it."""
    left = [number]

    def killing(what: Callable[..., object]) -> Callable[..., object]:
        def does(*given: object, **named: object) -> object:
            for done in (False, True):
                left[0] -= 1
                if left[0] == 0:
                    if not done and what.__name__ == "save":  # half of it is there
                        default_storage.open(str(given[0]), "wb").close()
                    raise Killed
                if not done:
                    found = what(*given, **named)
            return found

        return does

    for name in ("save", "open", "delete"):
        patch.setattr(default_storage, name, killing(getattr(default_storage, name)))
    patch.setattr(QuerySet, "update", killing(QuerySet.update))
    return left


def test_what_does_not_come_back_the_same_does_not_take_the_olds_place(
    city: City, settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = kept()
    settings.RECORDING_KEYS = [NEW, OLD]
    with monkeypatch.context() as broken:
        broken.setattr(rotation, "sealed", lambda _content, key: encrypted_files.sealed([b"something else"], key))
        assert rotation.rotate() == rotation.Outcome(unreadable=1)
    assert heard(row) == SAID and row.key == OLD.name and list(stored_files()) == [row.file]


def test_a_file_that_was_changed_is_left_as_it_is_and_named(city: City, settings) -> None:
    row, other = kept(), kept()
    file = storage.folder() / row.file
    file.write_bytes(file.read_bytes()[:-40])
    settings.RECORDING_KEYS = [NEW, OLD]
    assert rotation.rotate() == rotation.Outcome(done=1, unreadable=1)
    assert file.exists() and heard(other) == SAID
    with pytest.raises(CannotOpen):
        heard(row)


def test_who_opened_it_before_it_got_another_key_hears_it(city: City, settings) -> None:
    row = kept()
    settings.RECORDING_KEYS = [NEW, OLD]
    rotation.rotate()
    with encrypted_files.opened(row) as content:  # as it was read before
        assert content.read() == SAID


def test_what_was_half_way_to_another_key_goes_by_its_time_and_by_erasure(city: City) -> None:
    for forget in (
        lambda _row: intake.forget(before=now(), at=now()),
        lambda row: erasure.delete_files(erasure._recordings({row.call_id}, at=now())),
    ):
        row = kept()
        spare = default_storage.save("recordings/2022/02/14/spare.flac.enc", ContentFile(b"half"))
        Recording.objects.filter(pk=row.pk).update(spare=spare)
        forget(row)
        row.refresh_from_db()
        assert (row.file, row.spare) == ("", "") and row.deleted_at and not list(stored_files())


def test_doctor_tells_of_old_keys_plain_files_and_keys_that_are_missing(city: City, settings) -> None:
    assert list(rotation.for_doctor()) == []
    kept(), kept(plain=True)
    assert [verdict for verdict, _what, _words in rotation.for_doctor()] == ["note", "ok"]
    settings.RECORDING_KEYS = [NEW, OLD]
    assert [verdict for verdict, _what, _words in rotation.for_doctor()] == ["note", "note"]
    settings.RECORDING_KEYS = [NEW]
    [missing, plain] = rotation.for_doctor()
    assert missing[0] == "wrong" and OLD.name in missing[2] and plain[0] == "note"
    assert rotation.rotate() == rotation.Outcome(done=1, missing=1)


def test_the_command_makes_a_key_and_rotates(city: City, settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bootstrap, "ready", contextlib.nullcontext)
    made = CliRunner().invoke(commands.app, ["key"]).output.strip()
    row = kept()
    settings.RECORDING_KEYS = [*keys([made], of="X"), OLD]
    done = CliRunner().invoke(commands.app, ["rotate"])
    assert done.exit_code == 0 and "newest key: 1" in done.output and heard(row) == SAID
    settings.RECORDING_KEYS = []
    derived = CliRunner().invoke(commands.app, ["key", "--derived"]).output.strip()
    assert keys([derived], of="X") == encrypted_files.keys()
    done = CliRunner().invoke(commands.app, ["rotate"])
    assert done.exit_code == 1 and "missing: 1" in done.output
