"""The wheel carries everything: installed in a fresh environment, `tongdai up` works from an empty folder."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.house import House, open_folder

pytestmark = pytest.mark.long(seconds=50)
ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    made = subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "--no-build-isolation", "-w", str(folder), str(ROOT)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert made.returncode == 0, made.stderr
    return next(folder.glob("*.whl"))


def test_it_holds_the_built_front_end_the_translations_the_model_and_no_tests(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert "tongdai/static/dist/manifest.json" in names
    assert {f"tongdai/cases/triage/made/{part}.npz" for part in ("model", "kinds", "second_look")} <= set(names)
    assert any(name.endswith("locale/en/LC_MESSAGES/django.mo") for name in names)
    assert not any("/tests/" in name for name in names)


def test_installed_afresh_it_brings_an_empty_city_up(wheel: Path) -> None:
    folder = open_folder()
    python = folder / "venv" / "bin" / "python"
    uv = Path(sys.executable).with_name("uv")  # as pip installs them, in a tenth of its time
    subprocess.run([uv, "venv", "-q", "--python", sys.executable, folder / "venv"], check=True)
    install = [uv, "pip", "install", "-q", "--python", python]
    subprocess.run([*install, "--require-hashes", "-r", ROOT / "requirements.lock"], check=True)
    subprocess.run([*install, "--no-deps", wheel], check=True)
    with House(home=folder, python=str(python)) as house:
        assert house.answers("/readyz") and house.answers("/") and "/ban/khoi-dau/" in house.printed()
