"""The process that holds the wire to the carrier, where the city has one."""

from __future__ import annotations

import os

from tongdai.platform.processes.supervisor import Spec


def services() -> list[Spec]:
    """None without a message centre."""
    return [Spec("sms", ("run", "sms"))] if os.environ.get("TONGDAI_SMSC") else []
