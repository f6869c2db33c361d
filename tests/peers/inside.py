"""A shell that stays open in a house: what is asked of its database costs no start of a process each time."""

from __future__ import annotations

import json
import subprocess
import sys

from tests.house import House

LOOP = """
import contextlib, io, json, sys, traceback
for line in sys.stdin:
    said = io.StringIO()
    try:
        with contextlib.redirect_stdout(said):
            exec(json.loads(line), {})
        answer = [True, said.getvalue().strip()]
    except BaseException:
        answer = [False, traceback.format_exc()]
    print(json.dumps(answer), flush=True)
"""


class Inside:
    """Use it as a context."""

    def __init__(self, house: House) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tongdai", "django", "shell", "-v", "0", "-c", LOOP],
            cwd=house.folder, env=house.environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip

    def __enter__(self) -> Inside:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.wait()

    def told(self, asked: str, **names: object) -> str:
        """What these lines print; `names` fill their braces."""
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write(json.dumps(asked.format(**names) if names else asked) + "\n")
        self._process.stdin.flush()
        well, said = json.loads(self._process.stdout.readline())
        assert well, said
        return str(said)
