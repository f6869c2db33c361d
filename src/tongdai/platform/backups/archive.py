"""The tar inside a backup, and the manifest at its end: with it the file is whole."""

from __future__ import annotations

import hashlib
import io
import json
import tarfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, Any

from ..database.version import product_version, unknown
from .sealing import CUT
from .trouble import BackupTrouble

DUMP, KEY, FILES, FOLDERS, MANIFEST = "database.dump", "secrets/key", "files/", "folders/", "manifest.json"
FORMAT = 1


@dataclass
class Manifest:
    """What a backup says of itself."""

    made_at: str
    format: int = FORMAT
    product: str = "tongdai"
    edition: str = field(default_factory=product_version)
    server: int = 0  # PostgreSQL's, 150004
    tables: dict[str, int] = field(default_factory=dict)  # rows of each
    migrations: list[list[str]] = field(default_factory=list)
    digests: dict[str, str] = field(default_factory=dict)  # sha256 of each member


class Writer:
    """Adds members one after the other; `finish` makes it whole."""

    def __init__(self, stream: IO[bytes], manifest: Manifest) -> None:
        self._tar = tarfile.open(fileobj=_Onward(stream), mode="w", format=tarfile.PAX_FORMAT)  # noqa: SIM115
        self._manifest = manifest

    def add(self, name: str, content: IO[bytes], size: int) -> None:
        """Exactly `size` octets of `content`."""
        member = tarfile.TarInfo(name)
        member.size, member.mode, member.mtime = size, 0o600, int(time.time())
        reader = _Hashing(content)
        self._tar.addfile(member, reader)
        self._manifest.digests[name] = reader.digest.hexdigest()

    def finish(self) -> None:
        """The manifest, last."""
        written = json.dumps(asdict(self._manifest), ensure_ascii=False).encode()
        member = tarfile.TarInfo(MANIFEST)
        member.size, member.mode = len(written), 0o600
        self._tar.addfile(member, io.BytesIO(written))
        self._tar.close()


class Reader:
    """An opened backup, every member of it proven when read."""

    def __init__(self, tar: tarfile.TarFile) -> None:
        self._tar = tar
        self._members = {member.name: member for member in tar.getmembers() if member.isfile()}
        self.manifest = self._read_manifest()
        if set(self.manifest.digests) != set(self._members) - {MANIFEST}:
            raise BackupTrouble(CUT)

    def names(self, below: str = "") -> list[str]:
        """Of the members, those below a folder."""
        return [name for name in self.manifest.digests if name.startswith(below)]

    def size(self, name: str) -> int:
        return self._members[name].size

    def copy(self, name: str, target: IO[bytes]) -> None:
        """One member.

        Raises:
            BackupTrouble: it isn't what was saved.
        """
        source = _Hashing(self._open(name))
        while piece := source.read(1 << 20):
            target.write(piece)
        if source.digest.hexdigest() != self.manifest.digests[name]:
            raise BackupTrouble(CUT)

    def text(self, name: str) -> str:
        """A short member, as words."""
        content = io.BytesIO()
        self.copy(name, content)
        return content.getvalue().decode()

    def _open(self, name: str) -> IO[bytes]:
        found = self._tar.extractfile(self._members[name])
        assert found is not None
        return found

    def _read_manifest(self) -> Manifest:
        if MANIFEST not in self._members:
            raise BackupTrouble(CUT if DUMP in self._members else NOT_OURS)
        try:
            written: dict[str, Any] = json.loads(self._open(MANIFEST).read())
        except ValueError:
            raise BackupTrouble(CUT) from None
        if written.get("product") != "tongdai":
            raise BackupTrouble(NOT_OURS)
        made_by, this = written.get("edition", "?"), product_version()
        strange = unknown((app, name) for app, name in written.get("migrations", ()))
        if written.get("format") != FORMAT or strange:
            raise BackupTrouble(
                f"Bản lưu này của bản {made_by}, mới hơn bản đang chạy ({this}). Chưa đổi gì. Cài bản {made_by} rồi khôi "
                f"phục. / This backup was made by edition {made_by}, newer than this one ({this}). Nothing was changed. "
                f"Install edition {made_by}, then restore."
            )
        return Manifest(**written)


@contextmanager
def read(file: Path) -> Iterator[Reader]:
    """
    Raises:
        BackupTrouble: this is no backup, not a whole one, or one of a newer edition.
    """
    try:
        with tarfile.open(file, mode="r:") as tar:
            yield Reader(tar)
    except tarfile.TarError:
        with file.open("rb") as raw:
            began_as_ours = DUMP.encode() in raw.read(2048)
        raise BackupTrouble(CUT if began_as_ours else NOT_OURS) from None


class _Onward(io.RawIOBase):
    """A pipe as a tar wants it: that knows how far it is. (Its own stream mode writes once more when it is collected.)"""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream, self._at = stream, 0

    def write(self, octets: Any) -> int:
        self._at += len(octets)
        return self._stream.write(octets)

    def tell(self) -> int:
        return self._at


class _Hashing:
    def __init__(self, content: IO[bytes]) -> None:
        self._content = content
        self.digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        octets = self._content.read(size)
        self.digest.update(octets)
        return octets


NOT_OURS = (
    "Tệp này không phải bản lưu của tongdai. Chưa đổi gì. / This file is no backup of tongdai. Nothing was changed."
)
