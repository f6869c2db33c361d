"""Files that are encrypted where they lie: the format of RFC 8188 (`aes128gcm`), of which any part can be read.

A header (salt, size of a record, the key's name), then records, each sealed by AES-128-GCM under a key of this file alone
(HKDF-SHA256 of the salt). A record's number is in its nonce and the last one says that it is: what was changed, moved or
cut off isn't opened.
"""

from __future__ import annotations

import base64
import io
import os
import struct
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import IO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.core.files.base import File

from ..errors import SettingRefused

SALT, TAG = 16, 16  # octets
LENGTH = 32  # octets of a key
RECORD = 65_536  # octets of a record, sealed
MORE, LAST = b"\x01", b"\x02"  # the delimiter after a record's content
_HEAD = struct.Struct("!16sIB")


class CannotOpen(OSError):
    """It is no file of ours, was changed or cut off, or its key isn't here."""


class KeyMissing(CannotOpen):
    """The file names a key that isn't here."""


@dataclass(frozen=True)
class Key:
    """A secret and the name it has in files."""

    secret: bytes

    @cached_property
    def name(self) -> str:
        """16 hexadecimal digits that tell nothing of it."""
        return HKDF(SHA256(), 8, None, b"tongdai: name of a key").derive(self.secret).hex()


def keys(given: Sequence[str], *, of: str) -> list[Key]:
    """The keys a setting names, each as `new_key` writes it.

    Raises:
        SettingRefused: one of them is none; its words are in no message.
    """
    found = []
    for number, word in enumerate(given, 1):
        try:
            secret = base64.b64decode(word.strip() + "=" * (-len(word.strip()) % 4), altchars=b"-_", validate=True)
        except ValueError:
            secret = b""
        if len(secret) < LENGTH:
            raise SettingRefused(
                f"{of}: khóa thứ {number} không phải khóa. Tạo khóa: `tongdai recordings key`, cách nhau dấu phẩy, mới nhất "
                f"đứng đầu. / number {number} is no key. Make one: `tongdai recordings key`; commas between, the newest first."
            )
        found.append(Key(secret))
    return found


def new_key() -> str:
    return written(os.urandom(LENGTH))


def written(secret: bytes) -> str:
    """As a setting has it."""
    return base64.urlsafe_b64encode(secret).decode().rstrip("=")


def encrypt(content: Iterable[bytes], key: Key, *, salt: bytes = b"", record: int = RECORD) -> Iterator[bytes]:
    """The file, in pieces. `salt` is random unless given, and never the same twice."""
    salt = salt or os.urandom(SALT)
    name = key.name.encode()
    yield _HEAD.pack(salt, record, len(name)) + name
    cipher = _Records(key, salt)
    room, held, number = record - TAG - 1, bytearray(), 0
    for chunk in content:
        held += chunk
        while len(held) > room:  # what may be the last record is kept back
            yield cipher.seal(number, bytes(held[:room]) + MORE)
            del held[:room]
            number += 1
    yield cipher.seal(number, bytes(held) + LAST)


def opened(file: IO[bytes], size: int, keys: Mapping[str, Key]) -> File[bytes]:
    """What is in an encrypted file of `size` octets, seekable, its `size` that of the content. Closing it closes `file`.

    Raises:
        KeyMissing: none of the keys, by name, is the file's.
        CannotOpen: it is no file of this format. Reading it raises this, too, where a record was changed or is missing.
    """
    found = _Opened(file, size, keys)
    content = File(io.BufferedReader(found, RECORD))
    content.size = found.length
    return content


class _Records:
    """The two keys of one file, and its records by number."""

    def __init__(self, key: Key, salt: bytes) -> None:
        self._cipher = AESGCM(_derived(key, salt, b"Content-Encoding: aes128gcm\0", 16))
        self._nonce = int.from_bytes(_derived(key, salt, b"Content-Encoding: nonce\0", 12))

    def seal(self, number: int, content: bytes) -> bytes:
        return self._cipher.encrypt(self._at(number), content, None)

    def open(self, number: int, sealed: bytes) -> bytes:
        """Its content and its delimiter. Raises InvalidTag."""
        return self._cipher.decrypt(self._at(number), sealed, None).rstrip(b"\0")

    def _at(self, number: int) -> bytes:
        return (self._nonce ^ number).to_bytes(12)


def _derived(key: Key, salt: bytes, purpose: bytes, length: int) -> bytes:
    return HKDF(SHA256(), length, salt, purpose).derive(key.secret)


class _Opened(io.RawIOBase):
    """The content of one file, record by record as it is asked for."""

    def __init__(self, file: IO[bytes], size: int, keys: Mapping[str, Key]) -> None:
        super().__init__()
        self._file = file
        head = file.read(_HEAD.size)
        if len(head) < _HEAD.size:
            raise CannotOpen("no header")
        salt, self._record, named = _HEAD.unpack(head)
        name = file.read(named).decode("ascii", "replace")
        if name not in keys:
            raise KeyMissing(name)
        self._begins = _HEAD.size + named
        room = self._record - TAG - 1
        if room < 1 or size < self._begins + TAG + 1:
            raise CannotOpen("no record")
        self._records = -(-(size - self._begins) // self._record)
        self.length = size - self._begins - self._records * (TAG + 1)
        self._cipher, self._room = _Records(keys[name], salt), room
        self._at = 0
        self._held: tuple[int, bytes] = (-1, b"")

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        self._at = max(0, offset + {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self.length}[whence])
        return self._at

    def tell(self) -> int:
        return self._at

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        number, skipped = divmod(self._at, self._room)
        if number >= self._records:
            return 0
        part = self._content(number)[skipped : skipped + len(buffer)]
        buffer[: len(part)] = part
        self._at += len(part)
        return len(part)

    def _content(self, number: int) -> bytes:
        if self._held[0] != number:
            self._file.seek(self._begins + number * self._record)
            last = number == self._records - 1
            try:
                found = self._cipher.open(number, self._file.read(self._record))
            except InvalidTag:
                raise CannotOpen(f"record {number} was changed") from None
            if found[-1:] != (LAST if last else MORE) or (not last and len(found) != self._room + 1):
                raise CannotOpen(f"record {number} of {self._records}: something was cut off, or added")
            self._held = number, found[:-1]
        return self._held[1]

    def close(self) -> None:
        if not self.closed:
            self._file.close()
        super().close()
