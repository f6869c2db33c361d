"""Asterisk is killed while people speak: what they said until then is kept, and a message is a task."""

from __future__ import annotations

import os
import signal
from pathlib import Path

from tests.house import House

from .hearing import as_samples, loudness, out_of_storage, wait_until
from .line import NEEDS_EXCHANGE, dial, told

pytestmark = NEEDS_EXCHANGE
HEARD = 64_000  # octets: four seconds

KEPT = """
from tongdai.channels.voice.models import Recording
print(*[r.file for r in Recording.objects.filter(call__number="{number}", kind="{kind}")])
"""
TASKS = """
from tongdai.channels.voice.models import Callback
owed = Callback.objects.filter(contact__phone="{number}")
print([(c.call.outcome, c.call.recordings.filter(kind="message").exists()) for c in owed])
"""
RUNS = """
from tongdai.channels.voice.status import telephone
from tongdai.platform.clock import now
print(telephone(at=now()).runs)
"""


def test_what_was_said_until_asterisk_was_killed_is_kept(house: House) -> None:
    exchange = house.folder / "var" / "exchange"
    before = set(exchange.glob("recordings/*-in.wav"))
    talks = dial(house, 60.0, number="0912000081", hertz=440)
    leaves = dial(house, 1.5, "9", 6.5, number="0912000082", hertz=620, speaks_for=60, waits_for_bye=True)

    def written() -> list[Path]:
        return [*set(exchange.glob("recordings/*-in.wav")) - before, *exchange.glob("spool/recording/message-*.wav")]

    wait_until(lambda: sum(file.stat().st_size > HEARD for file in written()) == 3, within=60)
    killed = house.pids("asterisk.conf")
    for pid in killed:
        os.kill(pid, signal.SIGKILL)
    try:
        for number, kind, hertz in (("+84912000081", "talk", 440), ("+84912000082", "message", 620)):
            wait_until(lambda number=number, kind=kind: told(house, KEPT, number=number, kind=kind), within=60)
            kept = out_of_storage(house, told(house, KEPT, number=number, kind=kind))
            sound = as_samples(kept, house.folder / "kept.wav")
            assert sound.stat().st_size > HEARD and loudness(sound, hertz) > 0.8
        assert told(house, TASKS, number="+84912000082") == str([("message", True)])
    finally:
        talks.breaks_off()
        leaves.breaks_off()
        wait_until(
            lambda: house.pids("asterisk.conf") and not set(killed) & set(house.pids("asterisk.conf")), within=60
        )
        wait_until(lambda: told(house, RUNS) == "True", within=60)
