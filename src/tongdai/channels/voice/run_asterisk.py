"""`tongdai run exchange`: Asterisk in the foreground, as the supervisor wants it."""

from __future__ import annotations

import os

import structlog

from tongdai.platform.decoders import connection
from tongdai.platform.parent_death import die_with_parent

from .asterisk.configuration import configure
from .asterisk.exchange import exchange
from .menu import menu
from .records import queue_log
from .speech.engines import Mute

log = structlog.get_logger(__name__)


def main() -> None:
    """Write the configuration and become Asterisk. It ends when its parent does."""
    it = exchange()
    configure(it)
    queue_log.tidy(it)
    try:
        menu.make_words_of_the_net(it)  # whoever rings before our process is there hears that she is recorded
    except Mute as mute:  # without them it still takes calls
        log.warning("exchange.net_mute", why=str(mute)[:200])
    connection.stop()
    command = it.command("-f", "-n")
    die_with_parent()
    os.execv(command[0], command)
