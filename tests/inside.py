"""A shell that stays open in a house: what is asked of its database costs no start of a process each time."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from pathlib import Path

LOOP = """
import contextlib, io, json, sys, traceback
from django.db import connections
for line in sys.stdin:
    said = io.StringIO()
    connections.close_all()  # the database may have been away meanwhile
    try:
        with contextlib.redirect_stdout(said):
            exec(json.loads(line), {})
        answer = [True, said.getvalue().strip()]
    except BaseException:
        answer = [False, traceback.format_exc()]
    print("answer:", json.dumps(answer), flush=True)
"""


class Inside:
    """Until it is stopped."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tongdai", "django", "shell", "-v", "0", "-c", LOOP],
            cwd=folder, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        self._one_at_a_time = threading.Lock()

    def stop(self) -> None:
        self._process.kill()
        self._process.wait()

    def told(self, asked: str, **names: object) -> str:
        """What these lines print; `names` fill their braces."""
        with self._one_at_a_time:
            return self._told(asked.format(**names) if names else asked)

    def _told(self, asked: str) -> str:
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write(json.dumps(asked) + "\n")
        self._process.stdin.flush()
        line = "\n"
        while line and not line.startswith("answer: "):  # else it is the log's
            line = self._process.stdout.readline()
        well, said = json.loads(line.removeprefix("answer: ") or '[false, "it ended"]')
        assert well, said
        return str(said)
