"""A shell that stays open in a house: what is asked of its database costs no start of a process each time."""

from __future__ import annotations

import contextlib
import json
import os
import threading
from collections.abc import Callable

from tests.nursery import Process

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
    """Until it is stopped. `begin` starts `tongdai ARGUMENTS` with the files it is given, as `House.begin` does."""

    def __init__(self, begin: Callable[..., Process]) -> None:
        theirs_in, ours_out = os.pipe()
        ours_in, theirs_out = os.pipe()
        self._asks, self._hears = open(ours_out, "w"), open(ours_in)  # noqa: SIM115 -- closed by `stop`
        self._process = begin("django", "shell", "-v", "0", "-c", LOOP, files=(theirs_in, theirs_out, 2))
        os.close(theirs_in)
        os.close(theirs_out)
        self._one_at_a_time = threading.Lock()

    def stop(self) -> None:
        self._process.kill()
        self._process.wait()
        self._hears.close()
        with contextlib.suppress(BrokenPipeError):
            self._asks.close()

    def told(self, asked: str, **names: object) -> str:
        """What these lines print; `names` fill their braces."""
        with self._one_at_a_time:
            return self._told(asked.format(**names) if names else asked)

    def _told(self, asked: str) -> str:
        self._asks.write(json.dumps(asked) + "\n")
        self._asks.flush()
        line = "\n"
        while line and not line.startswith("answer: "):  # else it is the log's
            line = self._hears.readline()
        well, said = json.loads(line.removeprefix("answer: ") or '[false, "it ended"]')
        assert well, said
        return str(said)
