"""What can go wrong with a backup, in words."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ..errors import CannotStart


class BackupTrouble(CannotStart):
    """What happened, what was kept, what to do."""


@contextmanager
def disk_in_words(where: Path) -> Iterator[None]:
    """What a disk refuses while something is written there.

    Raises:
        BackupTrouble: instead of OSError.
    """
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise BackupTrouble(
                f"Đĩa hết chỗ ở {where}. Phần viết dở đã xóa, bản lưu cũ còn nguyên. Dọn bớt rồi làm lại. / No room left at "
                f"{where}. What was half written is removed, earlier backups are untouched. Free some and do it again."
            ) from None
        why, place = error.strerror or type(error).__name__, error.filename or where
        raise BackupTrouble(f"{why}: {place}. Chưa đổi gì. / Nothing was changed.") from None
