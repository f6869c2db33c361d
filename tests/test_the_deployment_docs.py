"""docs/deploy.md does what it says: its blocks marked `sh run`, in their order, in a folder that stands for the whole disk."""

from __future__ import annotations

import grp
import os
import pwd
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house import open_folder
from tongdai.platform.database.postgres import enters

pytestmark = pytest.mark.long(seconds=70)
CLONE = Path(__file__).resolve().parent.parent
PLACES = ("/opt/tongdai", "/etc/tongdai", "/var/lib/tongdai", "/var/backups/tongdai", "/usr/local/bin")
# who stands for `tongdai`: not root, to whom every folder is open; and the Python of this edition that this user may run
SERVANT = pwd.getpwnam("nobody") if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())
PYTHONS = (Path(sys.executable), Path(f"/usr/bin/python{sys.version_info.major}.{sys.version_info.minor}"))
PYTHON = next((each for each in PYTHONS if each.exists() and enters(each.resolve().parent, SERVANT)), None)
USER, GROUP = SERVANT.pw_name, grp.getgrgid(SERVANT.pw_gid).gr_name


@pytest.fixture
def disk() -> Iterator[Path]:
    """An empty disk with an edition unpacked on it, twice."""
    root = open_folder()
    for edition in ("0.1.0", "0.2.0"):
        program = root / "opt" / "tongdai" / edition / "bin" / "tongdai"
        program.parent.mkdir(parents=True)
        program.write_text(f'#!/bin/sh\nexec "{PYTHON}" -m tongdai "$@"\n')
        program.chmod(0o755)
    (root / "usr" / "local" / "bin").mkdir(parents=True)
    yield root
    shutil.rmtree(root, ignore_errors=True)


def blocks() -> list[str]:
    return re.findall(r"^```sh run\n(.*?)^```", (CLONE / "docs" / "deploy.md").read_text(), re.DOTALL | re.MULTILINE)


@pytest.mark.skipif(PYTHON is None, reason="the Python of the tests lies where an ordinary user may not enter")
def test_an_empty_server_becomes_a_city_is_saved_upgraded_and_taken_back(disk: Path) -> None:
    script = "\n".join(blocks())
    for place in PLACES:
        script = script.replace(place, f"{disk}{place}")
    script = re.sub(r"-o tongdai\b", f"-o {USER}", script)
    script = re.sub(r"(-g|chgrp) tongdai\b", rf"\1 {GROUP}", script)
    script = re.sub(r"^", "umask 027\n", script, count=1)  # as a careful administrator's shell has it
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith(("TONGDAI_", "DATABASE_"))},
        "PATH": f"{disk}/usr/local/bin:{os.environ['PATH']}",
        "PYTHONPATH": os.pathsep.join(each for each in sys.path if each and enters(Path(each), SERVANT)),
        "TONGDAI_ETC": f"{disk}/etc/tongdai",
        "TONGDAI_USER": USER,
        "TONGDAI_HOME": f"{disk}/var/lib/tongdai",
        "TONGDAI_PROGRAM": f"{disk}/opt/tongdai/current/bin/tongdai",
    }
    done = subprocess.run(
        ["bash", "-euxo", "pipefail", "-c", script],
        cwd=CLONE, env=environment, capture_output=True, text=True, timeout=580, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-5000:]
    assert "Traceback" not in done.stderr
    assert (disk / "var/lib/tongdai/secrets").is_dir() and (disk / "var/lib/tongdai").owner() == USER
    assert not (disk / "var/lib/tongdai/trial").exists()
    assert (disk / "opt/tongdai/current").readlink() == Path("0.1.0")


def test_the_docs_name_no_file_that_is_not_there() -> None:
    text = (CLONE / "docs" / "deploy.md").read_text()
    for path in set(re.findall(r"\bdeploy/[\w./@-]*\w", text)):
        assert (CLONE / path).exists(), path
    for file in ("deploy.md", "security.md", "data-flows.md", "run.md"):
        for link in re.findall(r"\]\(([\w./-]+\.md)", (CLONE / "docs" / file).read_text()):
            assert (CLONE / "docs" / link).exists(), f"{file}: {link}"


def test_every_test_that_the_security_page_names_is_there() -> None:
    named = set(re.findall(r"`([\w/]+\.py)`", (CLONE / "docs" / "security.md").read_text()))
    assert len(named) > 40
    missing = {name for name in named if not ((CLONE / name).exists() or (CLONE / "src" / "tongdai" / name).exists())}
    assert not missing


def test_every_variable_the_docs_name_is_one_that_the_code_reads() -> None:
    code = "\n".join(path.read_text() for path in (CLONE / "src").rglob("*.py"))
    code += (CLONE / "deploy" / "caddy" / "Caddyfile").read_text() + (CLONE / "deploy" / "tongdai.sh").read_text()
    code += (CLONE / "deploy" / "container" / "compose.yaml").read_text()
    for file in ("deploy.md", "run.md"):
        for name in set(re.findall(r"TONGDAI_[A-Z_]*[A-Z]", (CLONE / "docs" / file).read_text())):
            assert name in code, f"{file}: {name}"
