"""A bucket of an S3 server as storage (`storage` reads the setting): private, never written over, its troubles OSErrors."""

from __future__ import annotations

import errno
import os
import tempfile
import threading
import time
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from boto3.exceptions import Boto3Error
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.core.files.base import File
from storages.backends.s3 import S3Storage

from .storage import StorageAway

IN_MEMORY = 4 * 2**20  # octets of a file that is read; past that on disk
REACHED_WITHIN, ANSWERS_WITHIN, TRIES = 3, 15, 2  # seconds, seconds, how often
LEFT_ALONE = 5.0  # seconds after it could not be reached: six photos of a form don't wait six times
CHUNK = 1 << 20


_buckets: weakref.WeakSet[Bucket] = weakref.WeakSet()


class Bucket(S3Storage):  # type: ignore[misc]
    """Django's storage; the same to its callers as a folder."""

    def __init__(self, *, region_name: str, addressing_style: str, **options: Any) -> None:
        config = Config(
            region_name=region_name,
            signature_version="s3v4",
            s3={"addressing_style": addressing_style},
            connect_timeout=REACHED_WITHIN,
            read_timeout=ANSWERS_WITHIN,
            retries={"total_max_attempts": TRIES, "mode": "standard"},
            request_checksum_calculation="when_required",  # servers that aren't Amazon's know no other
            response_checksum_validation="when_required",
        )
        super().__init__(
            **options, region_name=region_name, client_config=config, file_overwrite=False, default_acl=None
        )
        _buckets.add(self)

    @property
    def bucket(self) -> Any:
        """Of this thread: boto3's resources are not for several."""
        return self.connection.Bucket(self.bucket_name)

    def hang_up(self) -> None:
        """Connections of the process that this one was forked from are its own: two on one socket get each other's files."""
        self._connections = threading.local()

    def _open(self, name: str, mode: str = "rb") -> File[bytes]:
        """The whole file, here: it fails now, not halfway through an answer."""
        copy = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115
        with _as_a_folder_would(name):
            found = self.bucket.Object(self._normalize_name(name)).get()
            for chunk in found["Body"].iter_chunks(CHUNK):
                copy.write(chunk)
        copy.seek(0)
        return File(copy, name)

    def _save(self, name: str, content: File[bytes]) -> str:
        with _as_a_folder_would(name):
            return str(super()._save(name, content))

    def exists(self, name: str) -> bool:
        with _as_a_folder_would(name):
            return bool(super().exists(name))

    def delete(self, name: str) -> None:
        with _as_a_folder_would(name):
            super().delete(name)

    def size(self, name: str) -> int:
        with _as_a_folder_would(name):
            return int(super().size(name))

    def listdir(self, path: str) -> tuple[list[str], list[str]]:
        with _as_a_folder_would(path):
            folders, names = super().listdir(path)
            return list(folders), list(names)

    def get_modified_time(self, name: str) -> datetime:
        with _as_a_folder_would(name):
            found: datetime = super().get_modified_time(name)
            return found


_away_until = 0.0


def _after_fork() -> None:
    for each in list(_buckets):
        each.hang_up()


os.register_at_fork(after_in_child=_after_fork)


@contextmanager
def _as_a_folder_would(name: str) -> Iterator[None]:
    """Raises FileNotFoundError for what isn't there, else StorageAway; neither holds the key or the secret."""
    global _away_until
    if time.monotonic() < _away_until:
        raise StorageAway(errno.EIO, "S3: could not be reached a moment ago", name)
    try:
        yield
    except ClientError as refused:
        error = refused.response.get("Error", {})
        if error.get("Code") in ("404", "NoSuchKey", "NotFound"):
            raise FileNotFoundError(errno.ENOENT, "not in the bucket", name) from None
        raise StorageAway(errno.EIO, f"S3: {error.get('Code')} {error.get('Message', '')}".strip(), name) from None
    except (BotoCoreError, Boto3Error) as away:
        _away_until = time.monotonic() + LEFT_ALONE
        raise StorageAway(errno.EIO, f"S3: {away}", name) from None
