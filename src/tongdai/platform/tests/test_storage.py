"""One setting says where files lie; a bucket behaves as a folder does, and no secret is ever shown."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from tests.city import City
from tests.house import free_port
from tests.s3 import s3_server
from tongdai.platform.database import machine_identity
from tongdai.platform.errors import CannotStart, SettingRefused
from tongdai.platform.files import bucket, storage
from tongdai.platform.files.storage import StorageAway
from tongdai.shell.uploads import stash
from tongdai.shell.uploads.redrawing import Drawn

SECRET = "s3cr/t#Ä"
WRITTEN = "s3cr%2Ft%23%C3%84"


@pytest.fixture(scope="module")
def s3() -> Iterator[str]:
    with s3_server(secret=WRITTEN, below="/city") as storage_setting:
        yield storage_setting


@pytest.fixture
def in_bucket(s3: str, settings, monkeypatch: pytest.MonkeyPatch) -> str:
    settings.STORAGES = settings.STORAGES | {"default": storage.default(s3, home=Path("/nowhere"))}
    monkeypatch.setattr(bucket, "_away_until", 0.0)
    return s3


@pytest.fixture
def away(in_bucket: str, settings) -> None:
    """The server is gone."""
    nobody = f"s3://KEY:{WRITTEN}@127.0.0.1:{free_port()}/tongdai?tls=no"
    settings.STORAGES = settings.STORAGES | {"default": storage.default(nobody, home=Path("/nowhere"))}


def test_without_a_setting_files_lie_in_the_home_and_a_path_is_a_shared_folder(tmp_path: Path) -> None:
    assert storage.default("", home=tmp_path)["OPTIONS"]["location"] == tmp_path / "files"
    assert storage.default("/mnt/tongdai", home=tmp_path)["OPTIONS"]["location"] == Path("/mnt/tongdai")


@pytest.mark.parametrize(
    "setting",
    [
        "files", "ftp://host/bucket", "s3://KEY:SECRET@host", "s3:///bucket", "s3://KEY@host/bucket",
        "s3://KEY:SECRET@host/bucket?regoin=hn", "s3://KEY:SECRET@host/bucket?tls=maybe", "s3://KEY:SECRET#x@host/bucket",
        "s3://KEY:SECRET@host:port/bucket",
    ],
)  # fmt: skip
def test_a_setting_that_means_nothing_is_refused_in_words_without_its_secret(setting: str, tmp_path: Path) -> None:
    with pytest.raises(SettingRefused) as refused:
        storage.default(setting, home=tmp_path)
    assert "TONGDAI_STORAGE" in str(refused.value) and setting not in str(refused.value)


def test_what_is_shown_of_a_bucket_holds_neither_key_nor_secret(in_bucket: str) -> None:
    assert storage.shown().endswith("/tongdai/city") and storage.folder() is None
    assert not any(hidden in storage.shown() for hidden in ("KEY", SECRET, WRITTEN))


def test_a_bucket_keeps_and_gives_back_lists_and_deletes_as_a_folder_does(in_bucket: str) -> None:
    content = os.urandom(bucket.IN_MEMORY + 10)
    name = default_storage.save("recordings/2026/07/12-talk.flac", ContentFile(content))
    assert default_storage.save(name, ContentFile(b"another")) != name  # nothing is ever written over
    with default_storage.open(name, "rb") as file:
        file.seek(100)
        assert file.read(50) == content[100:150] and default_storage.size(name) == len(content)
    assert default_storage.listdir("recordings/2026") == (["07"], [])
    assert default_storage.get_modified_time(name) > datetime.now(UTC) - timedelta(minutes=5)
    default_storage.delete(name)
    default_storage.delete(name)
    assert not default_storage.exists(name)
    with pytest.raises(FileNotFoundError):
        default_storage.open(name, "rb")


def test_photos_of_an_abandoned_form_leave_the_bucket_after_a_day(in_bucket: str) -> None:
    kept = stash.put(Drawn(b"jpeg", 1, 1, "0" * 64))
    assert stash.look(kept.ticket) == kept
    assert stash.sweep(at=datetime.now(UTC) + timedelta(hours=23)) == 0
    assert stash.sweep(at=datetime.now(UTC) + timedelta(hours=25)) == 1
    assert stash.look(kept.ticket) is None


def test_a_server_that_is_away_is_an_oserror_at_once_and_shows_no_secret(away: None) -> None:
    for ask in (
        lambda: default_storage.save("photos/x.jpg", io.BytesIO(b"x")),
        lambda: default_storage.open("photos/x.jpg"),
        lambda: default_storage.exists("photos/x.jpg"),
        lambda: default_storage.listdir("photos"),
        lambda: default_storage.delete("photos/x.jpg"),
    ):
        with pytest.raises(StorageAway) as trouble:
            ask()
        assert "KEY" not in str(trouble.value) and SECRET not in str(trouble.value)


def test_a_wrong_secret_is_told_without_it(in_bucket: str, settings) -> None:
    no_bucket = storage.default(in_bucket.replace("/tongdai/", "/another/"), home=Path("/nowhere"))
    settings.STORAGES = settings.STORAGES | {"default": no_bucket}
    with pytest.raises(StorageAway, match="NoSuchBucket") as trouble:
        default_storage.save("photos/x.jpg", ContentFile(b"x"))
    assert SECRET not in str(trouble.value)


@pytest.mark.django_db
def test_a_machine_with_another_key_or_another_folder_is_told_so(city: City, settings, tmp_path: Path) -> None:
    assert machine_identity.mismatches() == []
    another = storage.default(str(tmp_path / "another"), home=tmp_path)
    settings.STORAGES = settings.STORAGES | {"default": another}
    assert machine_identity.mismatches() == ["storage"]
    settings.SECRET_KEY = "another"
    with pytest.raises(CannotStart) as refused:
        machine_identity.refuse_mismatches()
    assert "TONGDAI_SECRET_KEY" in str(refused.value) and "TONGDAI_STORAGE" in str(refused.value)


@pytest.mark.django_db
def test_a_bucket_that_is_away_is_not_taken_for_anothers(city: City, away: None) -> None:
    assert machine_identity.mismatches() == []
