"""What a fresh machine may lack: packages of the system, Python's venv, Node."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house import open_folder

ROOT = Path(__file__).parent.parent
pytestmark = pytest.mark.long(seconds=40)
NOBODY = 65534


def programs(folder: Path, *, without: tuple[str, ...]) -> str:
    """A PATH with every program of this machine but these."""
    folder.mkdir()
    for place in ("/usr/local/bin", "/usr/bin", "/bin", "/usr/sbin", "/sbin"):
        for program in Path(place).iterdir() if Path(place).is_dir() else ():
            link = folder / program.name
            if not program.name.startswith(without) and not link.is_symlink():
                link.symlink_to(program)
    return str(folder)


def test_without_rights_the_one_line_to_run_is_printed() -> None:
    folder = open_folder()
    path = programs(folder / "bin", without=("chromium", "sudo"))
    script = shutil.copy(ROOT / "deploy" / "test_machine.sh", folder)
    as_nobody = {"user": NOBODY, "group": NOBODY} if os.geteuid() == 0 else {}
    done = subprocess.run(
        ["/bin/sh", script], env={"PATH": path}, capture_output=True, text=True, check=False, cwd="/", **as_nobody
    )
    assert done.returncode == 2, done.stdout + done.stderr
    assert done.stderr.startswith("sudo apt-get install -y --no-install-recommends")
    assert "chromium" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_python_without_venv_gets_its_environment_all_the_same(tmp_path: Path) -> None:
    python = tmp_path / "python3"
    python.write_text(
        f'#!/bin/sh\n[ "$1 $2" != "-m venv" ] || {{ echo "ensurepip is not available" >&2; exit 1; }}\n'
        f'exec "{sys.base_prefix}/bin/python3" "$@"\n'
    )
    python.chmod(0o755)
    made = tmp_path / "venv"
    subprocess.run([ROOT / "deploy" / "make_venv.sh", made], env={**os.environ, "PYTHON": str(python)}, check=True)
    found = subprocess.run(
        [made / "bin" / "python", "-m", "pip", "--version"], capture_output=True, text=True, check=True
    )
    assert str(made) in found.stdout


def test_without_node_the_front_end_is_built_by_the_one_from_the_package_index(tmp_path: Path) -> None:
    house = tmp_path / "house"
    house.mkdir()
    for name in ("Makefile", "package.json", "package-lock.json", "requirements-node.lock", "requirements.lock"):
        shutil.copy(ROOT / name, house / name)
    shutil.copy(ROOT / "pyproject.toml", house / "pyproject.toml")
    shutil.copytree(ROOT / "frontend", house / "frontend")
    subprocess.run([ROOT / "deploy" / "make_venv.sh", house / ".venv"], check=True)
    (house / ".venv" / ".installed").touch()
    path = programs(tmp_path / "bin", without=("node", "npm", "npx"))
    front = "src/tongdai/static/dist/manifest.json"
    done = subprocess.run(
        ["make", front], cwd=house, env={**os.environ, "PATH": path}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert (house / ".venv" / "bin" / "npm").exists()
    assert "desk.ts" in (house / front).read_text()
