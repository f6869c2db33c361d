"""Recordings in storage: encrypted as they are put there, decrypted as they are heard.

With the first of TONGDAI_RECORDING_KEYS, or with one derived from TONGDAI_SECRET_KEY, which is always read: a city that
sets keys of its own, and one that never does, need no other step. A file names its key, and so does its row.
"""

from __future__ import annotations

import os
import secrets
import tempfile
from collections.abc import Iterable, Iterator
from typing import IO

from django.conf import settings
from django.core.files import File
from django.core.files.storage import default_storage
from django.utils.crypto import salted_hmac

from tongdai.platform.files import storage
from tongdai.platform.files.encryption import CannotOpen, Key, encrypt
from tongdai.platform.files.encryption import opened as opened_with
from tongdai.platform.home import home

from ..models import Recording

ENDING = "flac.enc"
CHUNK = 1 << 18


def keys() -> list[Key]:
    """The newest first; the last are derived from the house's own."""
    return [*settings.RECORDING_KEYS, *map(derived, [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS])]


def derived(secret: str | bytes) -> Key:
    # The salt is part of every key derived so far: it stays as it is, whatever this module is called.
    return Key(salted_hmac("tongdai.channels.voice.recordings", "", secret=secret, algorithm="sha256").digest())


def save(name: str, content: IO[bytes]) -> tuple[str, str]:
    """Encrypt what is left of `content` into storage; the name it has there and its key's.

    Raises:
        OSError: storage doesn't take it.
    """
    key = keys()[0]
    with sealed(_chunks(content), key) as made:
        return put(f"{name}.{ENDING}", made), key.name


def put(name: str, content: File[bytes]) -> str:
    """Into storage, and there onto the disk: what it was made of may go. The name it has there. Raises OSError."""
    name = default_storage.save(name, content)
    if folder := storage.folder():
        for each in (folder / name, (folder / name).parent):
            number = os.open(each, os.O_RDONLY)
            try:
                os.fsync(number)
            finally:
                os.close(number)
    return name


def sealed(content: Iterable[bytes], key: Key) -> File[bytes]:
    """Encrypted, in a file without a name; whoever opens the disk finds nothing else."""
    home().mkdir(parents=True, exist_ok=True, mode=0o700)
    made = tempfile.TemporaryFile(dir=home())  # noqa: SIM115 - its user closes it
    for chunk in encrypt(content, key):
        made.write(chunk)
    made.seek(0)
    return File(made)


def opened(recording: Recording) -> File[bytes]:
    """What was said, to be read from any place.

    Raises:
        FileNotFoundError: it isn't there.
        CannotOpen: its key isn't here, or it was changed.
    """
    try:
        return decrypted(recording.file, recording.key)
    except FileNotFoundError:
        now = Recording.objects.get(pk=recording.pk)
        if now.file in ("", recording.file):
            raise
        return decrypted(now.file, now.key)  # it has had another key meanwhile


def decrypted(name: str, key: str) -> File[bytes]:
    """As `opened`. `key`: the key's name; empty where it is plain, as an earlier version left it."""
    file = default_storage.open(name, "rb")
    if not key:
        return file
    try:
        return opened_with(file, file.size, {each.name: each for each in keys()})
    except CannotOpen:
        file.close()
        raise


def files_of(recording: Recording) -> list[str]:
    """Its names in storage: what goes with it."""
    return [name for name in (recording.file, recording.spare) if name]


def another_name(recording: Recording) -> str:
    """One that no file has had."""
    folder, _, last = recording.file.rpartition("/")
    return f"{folder}/{last.partition('.')[0]}.{secrets.token_hex(6)}.{ENDING}"


def _chunks(content: IO[bytes]) -> Iterator[bytes]:
    while chunk := content.read(CHUNK):
        yield chunk
