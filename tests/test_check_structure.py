"""`make check-structure` finds what grew crooked, in a small made-up house."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest

from deploy.check_structure import circles, crowded_folders, long_lines

Made = Callable[[dict[str, str]], tuple[str, Path]]
_number = count()


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Made:
    """A package of these files, by name and text; its name and its folder."""

    def make(files: dict[str, str]) -> tuple[str, Path]:
        package = f"made_up_{next(_number)}"
        for name, text in files.items():
            file = tmp_path / package / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text.replace("HOUSE", package), encoding="utf-8")
            for folder in file.relative_to(tmp_path).parents:
                if file.suffix == ".py" and folder != Path():
                    (tmp_path / folder / "__init__.py").touch()
        monkeypatch.syspath_prepend(str(tmp_path))
        return package, tmp_path / package

    return make


def test_modules_that_only_look_down_make_no_circle(made: Made) -> None:
    package, _ = made({"board.py": "", "calls.py": "from . import board", "desk.py": "from . import board, calls"})
    assert list(circles(package)) == []


@pytest.mark.parametrize(
    "looks_back",
    [
        "from . import calls",
        "def ring():\n    from .calls import give\n    give()",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from .calls import Call",
    ],
    ids=["openly", "inside a function", "for its types alone"],
)
def test_a_circle_is_found_however_it_is_hidden(made: Made, looks_back: str) -> None:
    package, _ = made({"board.py": looks_back, "calls.py": "import HOUSE.board"})
    (found,) = circles(package)
    assert found.startswith(f"{package}.board imports {package}.calls imports {package}.board: a circle.")


def test_of_a_large_knot_the_shortest_circle_is_shown(made: Made) -> None:
    package, _ = made({"a.py": "from . import b, c", "b.py": "from . import c", "c.py": "from . import a"})
    (found,) = circles(package)
    assert found.startswith(f"{package}.a imports {package}.c imports {package}.a:")


def test_a_test_may_import_whom_it_tests(made: Made) -> None:
    package, _ = made({"board.py": "from .tests import examples", "tests/examples.py": "from .. import board"})
    assert list(circles(package)) == []


def test_fourteen_modules_are_a_folder_fifteen_a_crowd(made: Made) -> None:
    _, folder = made({f"sms/part_{n}.py": "" for n in range(14)})
    assert list(crowded_folders(folder)) == []
    (folder / "sms" / "one_more.py").touch()
    (found,) = crowded_folders(folder)
    assert found.startswith("sms: 15 modules in one folder, 14 at most.")


@pytest.mark.parametrize("listing", ["actions", "notifications/templates", "tests", "migrations"])
def test_a_folder_that_is_a_list_may_be_long(made: Made, listing: str) -> None:
    _, folder = made({f"{listing}/part_{n}.py": "" for n in range(30)})
    assert list(crowded_folders(folder)) == []


def test_a_template_line_that_nobody_sees_the_end_of_is_found(made: Made) -> None:
    _, folder = made({
        "desk/templates/desk/case.html": f"<p>\n{'ấ' * 160}\n</p>\n",
        "desk/templates/desk/strip.html": f"<p>\n{'ấ' * 161}\n</p>\n",
        "desk/static/long.html": "x" * 500,
        "desk/models.py": "x" * 500,
    })  # fmt: skip
    (found,) = long_lines(folder)
    assert found.startswith("desk/templates/desk/strip.html:2: 161 characters, 160 at most.")
