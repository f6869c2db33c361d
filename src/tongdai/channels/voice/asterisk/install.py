"""Bring Asterisk, and the engine that speaks its prompts, into a folder of our own, from Debian's packages.

Debian 12 has no Asterisk. The packages of a later release are fetched by apt with a private state, unpacked beside the
system and run by their own dynamic loader: nothing of the machine is touched, no root, no chroot.
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

RELEASE = "forky"
PACKAGES = ("asterisk", "asterisk-modules", "espeak-ng", "sox")
KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
DONE = "unpacked"  # a file that says that the whole tree is there

APT = """
Dir::State "{folder}/state";
Dir::State::status "{folder}/status";
Dir::Cache "{folder}/cache";
Dir::Etc::sourcelist "{folder}/sources.list";
Dir::Etc::sourceparts "-";
Dir::Etc::preferencesparts "-";
APT::Install-Recommends "false";
APT::Sandbox::User "";
"""


class CannotInstall(Exception):
    """It can't be brought in on this machine; the message says why and what to do instead."""


def is_installed(tree: Path) -> bool:
    return (tree / DONE).exists()


def install(tree: Path, *, report: Callable[[str], None]) -> None:
    """Fetch and unpack it into `tree`, some 270 MB; nothing where it is already.

    Raises:
        CannotInstall: no Debian, no archive to fetch from, no network, no room.
    """
    if is_installed(tree):
        return
    mirror = _mirror()
    scratch = tree.with_name(tree.name + ".new")
    shutil.rmtree(scratch, ignore_errors=True)
    apt, unpacked = scratch / "apt", scratch / "tree"
    for folder in ("state/lists/partial", "cache/archives/partial"):
        (apt / folder).mkdir(parents=True)
    unpacked.mkdir()
    (apt / "status").touch()
    (apt / "sources.list").write_text(f"deb [signed-by={KEYRING}] {mirror} {RELEASE} main\n")
    (apt / "apt.conf").write_text(APT.format(folder=apt))
    try:
        report("tải gói Asterisk (80 MB) / fetching Asterisk (80 MB)")
        _apt(apt, "update")
        _apt(apt, "install", "--yes", "--download-only", *PACKAGES)
        archives = sorted((apt / "cache" / "archives").glob("*.deb"))
        report(f"mở {len(archives)} gói / unpacking {len(archives)} packages")
        for archive in archives:
            _run(["dpkg-deb", "--extract", archive, unpacked])
        (unpacked / DONE).touch()
        shutil.rmtree(tree, ignore_errors=True)
        unpacked.rename(tree)
    except OSError as trouble:
        raise CannotInstall(f"{trouble.strerror}: {trouble.filename}") from trouble
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _mirror() -> str:
    """The Debian archive this machine itself installs from."""
    if not (shutil.which("apt-get") and shutil.which("dpkg-deb") and KEYRING.exists()):
        raise CannotInstall(
            "Máy này không phải Debian. Dùng Asterisk có sẵn: TONGDAI_ASTERISK=/đường/dẫn/asterisk. / "
            "This is no Debian. Use an Asterisk 22 of your own: TONGDAI_ASTERISK=/path/to/asterisk"
        )
    targets = subprocess.run(
        ["apt-get", "indextargets", "--format", "$(SITE) $(RELEASE) $(ORIGIN)"],
        capture_output=True,
        text=True,
        check=False,
    )
    sites = [(line.split()[0], "Debian" in line.split()) for line in targets.stdout.splitlines() if line.strip()]
    for site, known in sites:  # before the first `apt-get update` the origin isn't known: then by its name
        if (known or site.rstrip("/").endswith("/debian")) and "security" not in site:
            return site
    raise CannotInstall(
        "Máy này chưa có nguồn Debian trong apt. / apt knows no Debian archive on this machine: see man sources.list."
    )


def _apt(folder: Path, *arguments: str) -> None:
    _run(["apt-get", "--quiet", *arguments], APT_CONFIG=str(folder / "apt.conf"))


def _run(command: list[str | Path], **environment: str) -> None:
    import os

    done = subprocess.run(
        command, env={**os.environ, "LC_ALL": "C.UTF-8", **environment}, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise CannotInstall(f"{command[0]} {command[1]}: {(done.stderr or done.stdout).strip()[-400:]}")
