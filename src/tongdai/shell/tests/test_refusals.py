"""What can't be done just now is said in words: to people as a page, to programs as RFC 9457 has it."""

from __future__ import annotations

import errno

import pytest
from django.db import OperationalError
from django.http import HttpResponse
from django.test import Client, RequestFactory
from psycopg import errors as sql

from tests.city import City
from tongdai.shell.errors import ErrorsMiddleware
from tongdai.shell.refusals import REFUSALS, is_disk_full, refuse

pytestmark = pytest.mark.django_db
SAID = {  # RFC 9110, and 6585 for 429
    "too_large": (413, "nặng quá"), "too_slow": (408, "chậm quá"), "too_many": (429, "quá nhiều"),
    "away": (503, "đang tạm ngừng"), "disk_full": (503, "hết chỗ lưu"), "busy": (503, "rất đông"),
}  # fmt: skip


def test_these_are_all() -> None:
    assert set(SAID) == set(REFUSALS)


@pytest.mark.parametrize("why", SAID)
@pytest.mark.parametrize("language", ["vi", "en"])
def test_each_refusal_says_what_happened_and_what_to_do(why: str, language: str) -> None:
    client = Client()
    client.cookies["language"] = language
    page = client.get("/", **{"tongdai.refused": why})
    status, in_vietnamese = SAID[why]
    words = page.content.decode()
    assert page.status_code == status
    assert (in_vietnamese in words) == (language == "vi") and "tel:1022" in words
    assert page.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("why", SAID)
def test_a_program_reads_it_as_json(why: str) -> None:
    answer = refuse(RequestFactory().get("/", headers={"Accept": "application/json"}), why)  # type: ignore[arg-type]
    assert answer.status_code == SAID[why][0] and answer.headers["Content-Type"] == "application/problem+json"
    assert f'"code": "{why}"' in answer.content.decode()


def test_what_is_too_heavy_may_be_photos_or_files_of_anybody() -> None:
    words = str(REFUSALS["too_large"].explanation)
    assert "ảnh hay tệp" in words and "10 MB" in words and "6 ảnh" not in words


def test_no_header_of_a_stranger_passes_for_a_refusal() -> None:
    assert Client(headers={"tongdai.refused": "busy", "Tongdai-Refused": "busy"}).get("/quy-tac/").status_code == 200


@pytest.mark.parametrize("trouble", [OSError(errno.ENOSPC, "full"), OSError(errno.EDQUOT, "quota")])
def test_a_disk_that_fills_up_under_any_page_is_a_503_in_words(trouble: OSError) -> None:
    request = RequestFactory().get("/")
    answer = ErrorsMiddleware(lambda _: HttpResponse()).process_exception(request, trouble)
    assert answer is not None and answer.status_code == 503 and "hết chỗ lưu" in answer.content.decode()


def test_a_database_whose_disk_is_full_is_told_from_one_that_is_away(city: City) -> None:
    full, away = OperationalError("full"), OperationalError("away")
    full.__cause__, away.__cause__ = sql.DiskFull(), sql.AdminShutdown()
    assert is_disk_full(full) and not is_disk_full(away) and not is_disk_full(OSError(errno.EIO, "broken"))
