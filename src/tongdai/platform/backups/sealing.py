"""`age` around a backup: for recipients (public keys), for a passphrase, or for both; opened with the same tool anywhere.

age knows one secret a file for a passphrase, and keeps it in memory whole. So a passphrase guards a key made for this one
backup: the file is then a zip of `key.age` (that key, under the passphrase) and `city.tar.age`; `unzip`, `age -d key.age`,
`age -d -i` open it.
"""

from __future__ import annotations

import contextlib
import os
import threading
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import pyrage
import typer

from .trouble import BackupTrouble, disk_in_words

AGE, ZIP = b"age-encryption.org/v1", b"PK"
KEY, CITY = "key.age", "city.tar.age"
SHORTEST = 12  # characters of a passphrase: whoever steals the file may try for years


@dataclass(frozen=True)
class Seal:
    """For whom a backup is closed; nobody: it is plain."""

    recipients: tuple[str, ...] = ()
    passphrase: str = ""

    @property
    def is_plain(self) -> bool:
        return not (self.recipients or self.passphrase)

    @property
    def suffix(self) -> str:
        return ".tar" if self.is_plain else ".zip" if self.passphrase else ".tar.age"

    def check(self) -> None:
        """
        Raises:
            BackupTrouble: a recipient is none, or the passphrase is short.
        """
        _recipients(self.recipients)
        if self.passphrase and len(self.passphrase) < SHORTEST:
            raise BackupTrouble(
                f"Câu mật khẩu phải có ít nhất {SHORTEST} ký tự. / The passphrase needs {SHORTEST} characters at least."
            )


@dataclass(frozen=True)
class Keys:
    """What somebody brings to open a backup."""

    identity: Path | None = None
    passphrase_file: Path | None = None

    def passphrase(self) -> str:
        """From its file, else typed.

        Raises:
            BackupTrouble: there is neither.
        """
        if self.passphrase_file:
            return read_passphrase(self.passphrase_file)
        if os.isatty(0):
            return str(typer.prompt("Câu mật khẩu / passphrase", hide_input=True, err=True))
        raise BackupTrouble(
            "Bản lưu này cần câu mật khẩu: --passphrase-file FILE. / This backup needs its passphrase: --passphrase-file FILE."
        )


def new_identity() -> tuple[str, str]:
    """A new pair: what goes into a file that is kept away from this machine, and the recipient that may be known."""
    made = pyrage.x25519.Identity.generate()
    return f"# public key: {made.to_public()}\n{made}\n", str(made.to_public())


def read_passphrase(file: Path) -> str:
    """The first line of a file.

    Raises:
        BackupTrouble: it can't be read.
    """
    with disk_in_words(file):
        return file.read_text().split("\n", 1)[0].strip()


@contextlib.contextmanager
def sealed(raw: IO[bytes], seal: Seal) -> Iterator[IO[bytes]]:
    """A stream whose content ends up sealed in `raw`.

    Raises:
        OSError: `raw` takes no more.
    """
    to = _recipients(seal.recipients)
    if seal.is_plain:
        yield raw
    elif not seal.passphrase:
        with _encrypted(raw, to) as stream:
            yield stream
    else:
        own = pyrage.x25519.Identity.generate()
        with zipfile.ZipFile(raw, "w", zipfile.ZIP_STORED) as outer:
            outer.writestr(KEY, pyrage.passphrase.encrypt(str(own).encode(), seal.passphrase))
            with outer.open(CITY, "w", force_zip64=True) as inner, _encrypted(inner, [*to, own.to_public()]) as stream:
                yield stream


def opened(file: Path, keys: Keys, *, folder: Path) -> Path:
    """The tar inside, whole and unchanged: the file itself where it is plain, else decrypted into `folder`.

    Raises:
        BackupTrouble: the wrong key, no key, a file that was cut or changed, no backup at all, no room.
    """
    with disk_in_words(file), file.open("rb") as raw:
        start = raw.read(len(AGE))
    if start == AGE:
        with disk_in_words(folder), file.open("rb") as raw:
            return _decrypted(raw, _identities(keys), folder / "city.tar")
    if start.startswith(ZIP):
        with disk_in_words(folder), file.open("rb") as raw:
            return _out_of_zip(raw, keys, file, folder)
    return file


def _out_of_zip(raw: IO[bytes], keys: Keys, file: Path, folder: Path) -> Path:
    try:
        with zipfile.ZipFile(raw) as outer, outer.open(CITY) as inner:
            if keys.identity:
                return _decrypted(inner, _identities(keys), folder / "city.tar")
            own = _with_passphrase(outer.read(KEY), keys.passphrase())
            return _decrypted(inner, [pyrage.x25519.Identity.from_str(own)], folder / "city.tar")
    except (zipfile.BadZipFile, KeyError):
        raise BackupTrouble(CUT) from None


def _decrypted(raw: IO[bytes], identities: Sequence[Any], target: Path) -> Path:
    with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
        writer = _Remembers(out)
        try:
            pyrage.decrypt_io(raw, writer, identities)
        except pyrage.DecryptError as error:
            raise BackupTrouble(_WRONG_KEY if "No matching keys" in str(error) else CUT) from None
        except (OSError, zipfile.BadZipFile):
            if writer.trouble:
                raise writer.trouble from None
            raise BackupTrouble(CUT) from None
    return target


class _Remembers:
    """A writer that keeps what the disk said: the library in between makes other words of it."""

    def __init__(self, out: IO[bytes]) -> None:
        self.out = out
        self.trouble: OSError | None = None

    def write(self, octets: bytes) -> int:
        try:
            return self.out.write(octets)
        except OSError as error:
            self.trouble = error
            raise

    def flush(self) -> None:
        self.out.flush()


@contextlib.contextmanager
def _encrypted(raw: IO[bytes], recipients: Sequence[Any]) -> Iterator[IO[bytes]]:
    """The library pulls, a tar pushes: a pipe and a thread between them."""
    writer = _Remembers(raw)
    reading, writing = os.pipe()
    thread = threading.Thread(target=_encrypt, args=(reading, writer, recipients), name="age", daemon=True)
    thread.start()
    stream = os.fdopen(writing, "wb")
    try:
        yield stream
    except BrokenPipeError:
        pass  # why, the thread knows
    finally:
        with contextlib.suppress(BrokenPipeError):
            stream.close()
        thread.join()
    if writer.trouble:
        raise writer.trouble


def _encrypt(reading: int, writer: _Remembers, recipients: Sequence[Any]) -> None:
    with os.fdopen(reading, "rb") as source:
        try:
            pyrage.encrypt_io(source, writer, recipients)
        except (pyrage.EncryptError, OSError) as error:
            writer.trouble = writer.trouble or OSError(str(error))


def _recipients(given: Sequence[str]) -> list[Any]:
    try:
        return [pyrage.x25519.Recipient.from_str(each) for each in given]
    except pyrage.RecipientError:
        raise BackupTrouble(
            "Khóa công khai của bản lưu phải có dạng age1… (`tongdai backup key FILE` tạo một cặp). / A backup's recipient "
            "reads age1… (`tongdai backup key FILE` makes a pair)."
        ) from None


def _identities(keys: Keys) -> list[Any]:
    """Of a file as `age-keygen` writes it, itself under a passphrase or not."""
    if not keys.identity:
        raise BackupTrouble(
            "Bản lưu này đã mã hóa: cần tệp khóa riêng, --identity FILE. / This backup is encrypted: it needs the identity "
            "file, --identity FILE."
        )
    with disk_in_words(keys.identity):
        written = keys.identity.read_bytes()
    if written.startswith(AGE):
        written = _with_passphrase(written, keys.passphrase()).encode()
    lines = [line.strip() for line in written.decode(errors="replace").splitlines()]
    try:
        found = [pyrage.x25519.Identity.from_str(line) for line in lines if line and not line.startswith("#")]
    except pyrage.IdentityError:
        found = []
    if not found:
        raise BackupTrouble(
            f"{keys.identity} không phải tệp khóa riêng của age. / {keys.identity} is no identity file of age."
        )
    return found


def _with_passphrase(sealed_key: bytes, passphrase: str) -> str:
    try:
        return str(pyrage.passphrase.decrypt(sealed_key, passphrase).decode())
    except pyrage.DecryptError:
        raise BackupTrouble("Câu mật khẩu không đúng. Chưa đổi gì. / Wrong passphrase. Nothing was changed.") from None


_WRONG_KEY = (
    "Khóa này không mở được bản lưu này: nó được khóa cho người khác. Chưa đổi gì. / This identity doesn't open this backup: "
    "it was sealed for another. Nothing was changed."
)
CUT = (
    "Bản lưu bị cắt cụt hoặc đã bị sửa: không dùng được. Chưa đổi gì. Lấy bản khác, hoặc chép lại từ nơi lưu. / This backup was "
    "cut short or changed: it is of no use. Nothing was changed. Take another, or copy it anew."
)
