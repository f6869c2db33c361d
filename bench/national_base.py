"""A database of its own with all procedures of the national portal's file, and what the product ships: for the benchmarks.

The file lies beside the repo at ../shared/data, or in TONGDAI_TEST_DATA.
"""

from __future__ import annotations

import os
import shutil
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def national_file() -> Path | None:
    """Where it lies; None, and said so, where it isn't here."""
    file = Path(os.environ.get("TONGDAI_TEST_DATA", "../shared/data")) / "procedures.jsonl.gz"
    if file.exists():
        return file
    print(f"{file} is not here: set TONGDAI_TEST_DATA to the folder that holds procedures.jsonl.gz")
    return None


@contextmanager
def national_base(file: Path) -> Iterator[None]:
    """Inside: Django is set up, and the database holds the portal's procedures with the words and aliases that ship."""
    home = Path(tempfile.mkdtemp(prefix="tongdai-bench-"))
    home.chmod(0o755)
    os.environ |= {"TONGDAI_HOME": str(home), "TONGDAI_PORT": str(_free_port()), "TONGDAI_LIVE_PORT": str(_free_port())}
    os.environ.pop("DATABASE_URL", None)
    try:
        from tongdai.platform.processes.bootstrap import ready

        with ready(as_owner=True):
            _fill(file)
            yield
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _fill(file: Path) -> None:
    from tongdai.knowledge.importing import seed
    from tongdai.knowledge.importing.procedures import imports
    from tongdai.platform.clock import now, today
    from tongdai.platform.database.installation import install

    install()
    seed.start(at=now(), today=today())
    outcome = imports.load(file, at=now(), today=today())
    seed.aliases()
    print(f"{len(outcome.added)} procedures, {len(outcome.troubled)} of them for an editor", flush=True)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
