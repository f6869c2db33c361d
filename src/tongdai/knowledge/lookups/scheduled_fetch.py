"""Tables that are fetched by themselves, on a schedule: a file (CSV, XLSX) or JSON, from an address.

Whatever comes instead (an error, a sign-in page, an empty list, too much) changes nothing: the old rows stay, and the
editors' page says since when and why.
"""

from __future__ import annotations

import csv
import hashlib
import json
import tempfile
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
from django.db import transaction
from django.utils.translation import gettext as _

from tongdai.platform import jobs
from tongdai.platform.clock import day_of, now
from tongdai.platform.network import outgoing

from ..importing.sheets import MOST_BYTES, NotATable, is_web_page
from ..models import LookupTable, State, TableImport
from . import table_import

TIMEOUT = 60.0  # seconds for the whole file
FETCH = "knowledge.lookups.pull"


class NotFetched(Exception):
    """What came is no table. The message is for the editor."""


def due(*, at: datetime) -> list[LookupTable]:
    """The published tables (their address was approved) whose time has come: `pull` holds `url` and `minutes`."""
    tables = LookupTable.objects.filter(state=State.PUBLISHED).exclude(pull={})
    return [
        table
        for table in tables
        if table.pulled_at is None or table.pulled_at + timedelta(minutes=int(table.pull.get("minutes", 60))) <= at
    ]


def fetch(table: LookupTable, *, at: datetime) -> TableImport | None:
    """Fetch it and take it in; None where it is the same as before, or can't be had (`pull_trouble` says why)."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            file, digest = _fetch(table, Path(folder))
            same = digest == table.pull.get("digest")
            work = None if same else table_import.begin(table, file, as_of=day_of(at), by=None, at=at)
            trouble = ""
        except (NotFetched, NotATable) as wrong:
            work, digest, trouble = None, table.pull.get("digest", ""), str(wrong)
    with transaction.atomic():
        current = LookupTable.objects.select_for_update(of=("self",)).get(pk=table.pk)
        current.pull = current.pull | {"digest": digest}
        current.pulled_at, current.pull_trouble = at, trouble[:300]
        current.save(update_fields=["pull", "pulled_at", "pull_trouble"])
    return work


def _fetch(table: LookupTable, folder: Path) -> tuple[Path, str]:
    """(file, digest of what came)."""
    url = str(table.pull.get("url", ""))
    if urlsplit(url).scheme not in {"http", "https"}:
        raise NotFetched(_("Địa chỉ phải bắt đầu bằng http:// hoặc https://."))
    try:
        answer = outgoing.get(url, seconds=TIMEOUT, most_bytes=MOST_BYTES, redirects=3)
    except outgoing.TooMuch as refused:
        raise NotFetched(_("Nguồn gửi quá nhiều (hơn 60 MB).")) from refused
    except outgoing.Inside as refused:
        raise NotFetched(
            _("Địa chỉ dẫn vào mạng nội bộ ({host}), không lấy từ đó được.").format(host=refused)
        ) from refused
    except (httpx.HTTPError, httpx.InvalidURL) as away:
        raise NotFetched(_("Không tới được nguồn.")) from away
    if answer.status != 200:
        raise NotFetched(_("Nguồn trả lời lỗi {status}.").format(status=answer.status))
    kind, body = answer.headers.get("content-type", ""), answer.body
    digest = hashlib.sha256(body).hexdigest()
    if "html" in kind or is_web_page(body[:100_000].decode("utf-8-sig", "replace")):
        raise NotFetched(_("Nguồn gửi một trang web, có thể là trang đăng nhập, không phải bảng."))
    if "json" in kind or body[:50].lstrip()[:1] in (b"[", b"{"):
        return _from_json(body, table.pull.get("rows", ""), folder), digest
    file = folder / ("bang.xlsx" if body[:4] == b"PK\x03\x04" else "bang.csv")
    file.write_bytes(body)
    return file, digest


def _from_json(body: bytes, path: str, folder: Path) -> Path:
    """A list of objects, at `path` (`data.items`) or at the top, as a CSV file with their keys as columns."""
    try:
        data: Any = json.loads(body)
    except (ValueError, RecursionError) as wrong:
        raise NotFetched(_("Nguồn gửi JSON bị hỏng.")) from wrong
    for step in filter(None, path.split(".")):
        data = data.get(step) if isinstance(data, dict) else None
    rows = [each for each in data if isinstance(each, dict)] if isinstance(data, list) else []
    if not rows:
        raise NotFetched(_("Nguồn gửi một danh sách trống."))
    names = list(dict.fromkeys(name for row in rows for name in row))
    file = folder / "bang.csv"
    with file.open("w", encoding="utf-8-sig", newline="") as out:
        writer = csv.DictWriter(out, names, delimiter=";")
        writer.writeheader()
        writer.writerows({name: "" if value is None else value for name, value in row.items()} for row in rows)
    return file


@jobs.periodic(name=FETCH, queue="lookups", cron="*/5 * * * *")
def _job(_due: int) -> None:
    for table in due(at=now()):
        fetch(table, at=now())
