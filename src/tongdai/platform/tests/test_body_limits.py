"""How large a body an address takes."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.urls import reverse

import tongdai
from tongdai.platform.web.body_limits import FORM, MEGABYTE, NOTHING, most_bytes

PACKAGE = Path(tongdai.__file__).parent
# every form that sends files → where it sends them, and the megabytes that arrive there
WITH_FILES = {
    "portal/report/report.html": ("portal:report", [], 128),
    "portal/follow/_reply_form.html": ("portal:reply", ["12345678901"], 128),
    "desk/case/_doing.html": ("desk:answer", ["12345678901"], 128),
    "desk/articles/procedures.html": ("desk:knowledge_procedures", [], 80),
    "desk/articles/table.html": ("desk:knowledge_table", ["co-quan"], 80),
    "desk/settings/settings.html": ("desk:settings_import", [], 8),
    "desk/menu/text.html": ("desk:menu_take", ["goodbye", "vi"], 16),
    "desk/menu/many.html": ("desk:menu_many", [], 64),
}


@pytest.mark.parametrize("form", WITH_FILES)
def test_a_form_with_files_may_send_them(form: str) -> None:
    name, arguments, megabytes = WITH_FILES[form]
    assert most_bytes("POST", reverse(name, args=arguments)) == megabytes * MEGABYTE


def test_no_form_with_files_is_forgotten_here() -> None:
    templates = [path for path in PACKAGE.glob("*/templates/**/*.html") if "multipart/form-data" in path.read_text()]
    assert {path.as_posix().split("/templates/")[1] for path in templates} == set(WITH_FILES)


@pytest.mark.parametrize(
    ("method", "path", "most"),
    [("POST", "/tim/", FORM), ("POST", "/khong-co/", NOTHING), ("GET", "/phan-anh/", NOTHING), ("PUT", "/ban/", FORM)],
)
def test_whatever_sends_no_files_takes_a_form_at_most(method: str, path: str, most: int) -> None:
    assert most_bytes(method, path) == most
