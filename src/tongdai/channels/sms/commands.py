"""`tongdai run sms`."""

from __future__ import annotations

from tongdai.platform.commands import run
from tongdai.platform.processes import bootstrap, heartbeat


@run.command()
def sms() -> None:
    """The wire to the SMSC."""
    bootstrap.set_up(directly=True)
    heartbeat.beat_by_thread()
    from . import smsc

    smsc.main()
