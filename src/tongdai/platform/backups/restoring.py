"""Bring a saved city back into an empty home (or an empty DATABASE_URL), with the key its links were signed with."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import IO

from rich.console import Console

from ..database import connection_settings
from ..home import home
from ..processes import services
from ..processes.bootstrap import ready
from . import archive, dumping
from .archive import DUMP, FILES, FOLDERS, KEY, Reader
from .sealing import Keys, opened
from .trouble import BackupTrouble, disk_in_words

out = Console(highlight=False, soft_wrap=True)


def bring_back(file: Path, keys: Keys, *, step: Callable[[str, int], None]) -> None:
    """A city that is there is never written over. The database comes last, in one transaction: without it nothing counts.

    Raises:
        BackupTrouble: what stood in the way; no city is here then, and the same command can be given again.
    """
    file = file.absolute()
    try:
        with services.alone(), disk_in_words(home()), ready(as_owner=True):
            _refuse_a_city()
            with tempfile.TemporaryDirectory(dir=home(), prefix="restore-") as folder:
                step("mở / opening", 1)
                with archive.read(opened(file, keys, folder=Path(folder))) as saved:
                    _bring_back(saved, Path(folder), step)
    except services.AlreadyUp as holder:
        raise BackupTrouble(
            f"Nhà này đang chạy (tiến trình {holder}): dừng rồi làm lại. / This home is up (process {holder}): stop it first."
        ) from None


def _bring_back(saved: Reader, folder: Path, step: Callable[[str, int], None]) -> None:
    from django.db import connection

    from ..database.installation import install

    _files(saved, step)
    step("cơ sở dữ liệu / database", 1)
    with (folder / DUMP).open("wb") as target:
        saved.copy(DUMP, target)
    sentence = _key(saved.text(KEY))
    connection.ensure_connection()
    version = connection.connection.info.server_version
    dumping.load(folder / DUMP, connection_settings.parameters(), server=version)
    connection.close()
    install()
    out.print(
        f"Đã khôi phục bản lưu lúc / Restored, as saved at {saved.manifest.made_at}: "
        f"{sum(saved.manifest.tables.values())} dòng / rows, {len(saved.names(FILES))} tệp / files.\n{sentence}\n`tongdai up`"
    )


def _files(saved: Reader, step: Callable[[str, int], None]) -> None:
    """Into storage as storage makes them: folders and files keep the modes that close them to others."""
    from django.core.files import File
    from django.core.files.storage import default_storage

    names = [*saved.names(FILES), *saved.names(FOLDERS)]
    step("tệp / files", len(names) or 1)
    for name in names:
        with tempfile.TemporaryFile(dir=home()) as content:
            saved.copy(name, content)
            content.seek(0)
            if name.startswith(FOLDERS):
                _put(home() / name.removeprefix(FOLDERS), content)
            else:
                stored = name.removeprefix(FILES)
                default_storage.delete(stored)  # of a try before this one
                if default_storage.save(stored, File(content)) != stored:
                    raise BackupTrouble(f"Không ghi được / can't write: {stored}")


def _put(path: Path, content: IO[bytes]) -> None:
    """A file outside storage, its folders ours alone."""
    inside = path.resolve().is_relative_to(home().resolve())
    if not inside:
        raise BackupTrouble(archive.NOT_OURS)
    for folder in reversed([path.parent, *path.parent.parents]):
        folder.mkdir(exist_ok=True, mode=0o700)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as target:
        shutil.copyfileobj(content, target)


def _key(saved: str) -> str:
    """The city's own key goes where this home's was, which nothing was ever signed with; the sentence about it."""
    if (given := os.environ.get("TONGDAI_SECRET_KEY")) and given != saved:
        return (
            "[red]TONGDAI_SECRET_KEY đang đặt khác khóa của thành phố này: các đường dẫn đã gửi sẽ không mở được. Bỏ biến ấy đi, "
            "hoặc đặt lại đúng khóa cũ. / TONGDAI_SECRET_KEY is set to another key than this city's: links that were sent won't "
            "open. Unset it, or set the former key.[/red]"
        )
    file = home() / KEY
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    before = file.read_text().strip() if file.exists() else ""
    if before and before != saved:
        file.replace(file.with_name("key.before-restore"))
    if before != saved:
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as target:
            target.write(saved)
    return (
        "Khóa ký của thành phố đã về theo: đường dẫn đã gửi cho người dân vẫn mở được. / The city's own key came back with it: "
        "links that citizens hold still open."
    )


def _refuse_a_city() -> None:
    from django.db import connection

    if connection.introspection.table_names():
        raise BackupTrouble(
            "Nơi này đã có một thành phố, không ghi đè. Dùng TONGDAI_HOME (hay cơ sở dữ liệu) trống. / There is a city here "
            "already, and it is not written over. Use an empty TONGDAI_HOME (or database)."
        )
