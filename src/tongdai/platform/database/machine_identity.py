"""Whether this machine is one of the city's: it signs with the city's key, and its storage is the city's storage.

Two machines on one database that each made a key of their own, or have each a folder, look well, until a link or a photo
of the one doesn't open on the other. So the database knows a digest of the key, and the name that a file in the storage
bears; the owner writes both at the first start.
"""

from __future__ import annotations

import secrets

import structlog
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import Error
from django.utils.crypto import salted_hmac

from ..errors import CannotStart
from ..models import Installation

log = structlog.get_logger(__name__)
FILE = "city-of-this-storage"

WORDS = {
    "key": (
        "Máy này ký bằng khóa khác khóa của thành phố: đường dẫn và phiên đăng nhập của máy này không dùng được ở máy kia. Đặt "
        "TONGDAI_SECRET_KEY giống nhau ở mọi máy (khóa ở secrets/key của máy đầu tiên). Cố ý đổi khóa: `tongdai migrate "
        "--adopt`, đường dẫn đã gửi sẽ không mở được. / This machine signs with another key than the city's. Set the same "
        "TONGDAI_SECRET_KEY everywhere (the first machine's is in its secrets/key). To change it on purpose: `tongdai migrate "
        "--adopt`; links that were sent won't open."
    ),
    "storage": (
        "Nơi giữ tệp của máy này không phải nơi giữ tệp của thành phố: ảnh và ghi âm ở đây máy khác không thấy. Đặt "
        "TONGDAI_STORAGE giống nhau ở mọi máy. Vừa chuyển chỗ: chép hết tệp sang, cả tệp city-of-this-storage; hoặc `tongdai "
        "migrate --adopt`. / The files of this machine don't lie where the city's do. Set the same TONGDAI_STORAGE "
        "everywhere. If they have moved: copy all of them, the file city-of-this-storage too, or `tongdai migrate --adopt`."
    ),
}


def record_identity(*, adopt: bool = False) -> None:
    """Write what is not yet known of this city; `adopt`: this machine's key and storage are the city's from now on."""
    row = Installation.objects.get(pk=1)
    if adopt or not row.key_mark:
        row.key_mark = _key()
    if adopt or not row.storage_mark:
        try:
            row.storage_mark = _storage() or _name_the_storage()
        except OSError as away:
            log.error("storage.away", why=str(away))
    row.save(update_fields=["key_mark", "storage_mark"])


def mismatches() -> list[str]:
    """Which of `key` and `storage` are not the city's. A storage that is away is not taken for another's."""
    row = Installation.objects.only("key_mark", "storage_mark").filter(pk=1).first()
    if row is None:
        return []
    found = []
    if row.key_mark and row.key_mark != _key():
        found.append("key")
    try:
        if row.storage_mark and row.storage_mark != _storage():
            found.append("storage")
    except OSError as away:
        log.error("storage.away", why=str(away))
    return found


def refuse_mismatches() -> None:
    """
    Raises:
        CannotStart: this machine has another key or storage than the city. A database that is away is waited for.
    """
    try:
        found = mismatches()
    except Error:
        return
    if found:
        raise CannotStart("\n".join(WORDS[each] for each in found))


def _key() -> str:
    return salted_hmac("tongdai.platform.marks", "city", algorithm="sha256").hexdigest()


def _storage() -> str:
    try:
        with default_storage.open(FILE, "rb") as file:
            return str(file.read(100).decode())
    except FileNotFoundError:
        return ""


def _name_the_storage() -> str:
    name = secrets.token_hex(16)
    default_storage.save(FILE, ContentFile(name.encode()))
    return name
