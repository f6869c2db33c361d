"""Which version this is, and whether the database was made for a newer one: old code never writes into it."""

from __future__ import annotations

from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, version

from django.db import Error, connection
from django.db.migrations.loader import MigrationLoader

from ..errors import CannotStart


def product_version() -> str:
    """Of this code, as `tongdai --version` prints it."""
    try:
        return version("tongdai")
    except PackageNotFoundError:
        return "?"


def unknown_migrations() -> list[str]:
    """What was done to the database that this code knows nothing of (`cases.0042_…`): it is older than the database."""
    loader = MigrationLoader(connection)
    return _unknown(loader, loader.applied_migrations or ())


def unknown(applied: Iterable[tuple[str, str]]) -> list[str]:
    """Of these migrations, (app, name), those that this code doesn't have."""
    return _unknown(MigrationLoader(None), applied)


def _unknown(loader: MigrationLoader, applied: Iterable[tuple[str, str]]) -> list[str]:
    known = loader.disk_migrations or {}
    return sorted(f"{app}.{name}" for app, name in applied if app in loader.migrated_apps and (app, name) not in known)


def refuse_a_newer_database() -> None:
    """
    Raises:
        CannotStart: the database is newer than this code. One that is away is waited for, as always.
    """
    try:
        if found := unknown_migrations():
            raise CannotStart(newer(found))
    except Error:
        pass


def newer(found: list[str]) -> str:
    """The sentence for it."""
    named = ", ".join(found[:3]) + (" …" if len(found) > 3 else "")
    made_by, this = _made_by(), product_version()
    return (
        f"Cơ sở dữ liệu này mới hơn chương trình: bản {made_by} đã cập nhật nó ({named}), đây là bản {this}. Chưa ghi gì. "
        f"Cài lại bản {made_by}, hoặc khôi phục bản lưu trước khi nâng cấp. / This database is newer than this program: "
        f"edition {made_by} has updated it ({named}), this is {this}. Nothing was written. Install edition {made_by} "
        "again, or restore the backup made before the upgrade."
    )


def _made_by() -> str:
    from ..models import Installation

    try:
        return Installation.objects.values_list("edition", flat=True).filter(pk=1).first() or "?"
    except Error:
        return "?"
