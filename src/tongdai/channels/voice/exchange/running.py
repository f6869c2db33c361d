"""`tongdai run exchange`: Asterisk in the foreground, as the supervisor wants it."""

from __future__ import annotations

import os

from tongdai.platform.dying import die_with_parent

from .. import net_notes
from .configuration import configure
from .home import exchange


def main() -> None:
    """Write the configuration and become Asterisk. It ends when its parent does."""
    it = exchange()
    configure(it)
    net_notes.tidy(it)
    command = it.command("-f", "-n")
    die_with_parent()
    os.execv(command[0], command)
