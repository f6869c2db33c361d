"""Where photos, recordings, prompts and sent files lie, by one setting: this home, a shared folder, or an S3 bucket.

`TONGDAI_STORAGE` is empty, an absolute path, or `s3://KEY:SECRET@HOST/BUCKET?region=…`. Whatever it is, whoever opens
a file sees what a folder would do: `FileNotFoundError` for what isn't there, another `OSError` for what can't be reached.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from ..errors import SettingRefused

EXAMPLE = "TONGDAI_STORAGE=s3://KEY:SECRET@s3.thanh-pho.vn/tongdai?region=hn"
PARAMETERS = ("region", "tls", "ca", "style")
MODES = {"file_permissions_mode": 0o600, "directory_permissions_mode": 0o700}


class StorageAway(OSError):
    """The S3 server can't be reached, or refuses; nothing was written."""


def default(setting: str, *, home: Path) -> dict[str, Any]:
    """Django's STORAGES["default"] for the setting; a secret in it is in no message.

    Raises:
        SettingRefused: it is none of the three, or has parameters that mean nothing.
    """
    if setting.startswith("s3://"):
        return {"BACKEND": "tongdai.platform.files.bucket.Bucket", "OPTIONS": _bucket(setting)}
    folder = Path(setting) if setting else home / "files"
    if "://" in setting or not folder.is_absolute():
        raise _refused("phải là đường dẫn đầy đủ hoặc s3://…", "must be a full path or s3://…")
    return {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": folder, **MODES},
    }


def folder() -> Path | None:
    """The folder that files lie in; None where they lie in a bucket."""
    from django.conf import settings

    options: dict[str, Any] = settings.STORAGES["default"].get("OPTIONS", {})
    return Path(options["location"]) if "bucket_name" not in options and "location" in options else None


def shown() -> str:
    """Where files lie, to be read by anybody: no key, no secret."""
    from django.conf import settings

    options: dict[str, Any] = settings.STORAGES["default"]["OPTIONS"]
    if "bucket_name" not in options:
        return str(options["location"])
    return "/".join(filter(None, [options["endpoint_url"], options["bucket_name"], options["location"]]))


def _bucket(setting: str) -> dict[str, Any]:
    try:
        parts = urlsplit(setting)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise _refused("địa chỉ S3 viết sai", "the S3 address is misspelt") from None
    given = dict(parse_qsl(parts.query, keep_blank_values=True))
    bucket, _, below = unquote(parts.path).strip("/").partition("/")
    if not host or not bucket or parts.fragment:
        raise _refused(
            "thiếu máy chủ hoặc thùng chứa; dấu # / @ trong mật khẩu viết là %23 %2F %40",
            "no host or no bucket; # / @ in a secret are written %23 %2F %40",
        )
    if unknown := sorted(set(given) - set(PARAMETERS)):
        raise _refused(f"không có tham số {', '.join(unknown)}", f"there is no parameter {', '.join(unknown)}")
    if given.get("tls", "yes") not in ("yes", "no") or given.get("style", "path") not in ("path", "virtual"):
        raise _refused("tls=yes|no, style=path|virtual", "tls=yes|no, style=path|virtual")
    if bool(parts.username) != bool(parts.password):
        raise _refused("cần cả khóa và mật khẩu, hoặc không có cả hai", "key and secret go together, or neither")
    scheme = "http" if given.get("tls") == "no" else "https"
    return {
        "access_key": unquote(parts.username) if parts.username else None,
        "secret_key": unquote(parts.password) if parts.password else None,
        "endpoint_url": f"{scheme}://{f'[{host}]' if ':' in host else host}" + (f":{port}" if port else ""),
        "bucket_name": bucket,
        "location": below,
        "region_name": given.get("region", "us-east-1"),
        "verify": given.get("ca") or None,
        "addressing_style": given.get("style", "path"),
    }


def _refused(vietnamese: str, english: str) -> SettingRefused:
    return SettingRefused(f"TONGDAI_STORAGE: {vietnamese}. Ví dụ: {EXAMPLE} / {english}. Example: {EXAMPLE}")
