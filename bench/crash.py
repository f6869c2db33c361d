"""`make bench NAME=crash`: our voice process killed (-9), then hung (SIGSTOP), during 50 talks and 20 who wait.

`dropped`: talks that were cut. `lost`: callers who got neither a person nor a call-back nor a message taken.
`recovery_s`: from the process's return until what an agent presses is done again.
"""

from __future__ import annotations

import asyncio
import os
import signal
import time

from tests.house import House
from tongdai.scenarios.sip_peers.crowd import Call, Crowd
from tongdai.scenarios.sip_peers.telephone import Telephones

from .figures import Figures, arguments
from .line import line, phones, sip, told

TALKS, WAITS, HUNG_FOR, WITHIN = 50, 20, 15.0, 5.0
HOLD = """
import os, time
from tongdai.channels.voice import orders
from tongdai.channels.voice.models import Call, Order
from tongdai.platform.clock import now
while not os.path.exists("{flag}"):
    time.sleep(0.02)
begun = time.time()
while time.time() - begun < 60:
    call = Call.objects.filter(state="talking").order_by("?").first()
    order = orders.give(Order.Kind.{kind}, by=call.agent, call=call, at=now())
    for _ in range(20):
        order.refresh_from_db()
        if order.done_at:
            break
        time.sleep(0.1)
    if order.done_at and not order.refused:
        break
print(time.time())
"""
OWED = """
from tongdai.channels.voice.models import Call, Callback
numbers = {numbers!r}
served = set(Call.objects.filter(number__in=numbers, answered_at__isnull=False).values_list("number", flat=True))
owed = set(Callback.objects.filter(contact__phone__in=numbers).values_list("contact__phone", flat=True))
print(len(set(numbers) - served - owed))
"""
TALKING = "from tongdai.channels.voice.models import Call; print(Call.objects.filter(state='talking').count())"


def main() -> int:
    given = arguments(__doc__ or "").parse_args()
    rounds = {}
    for name, hang in (("killed", False), ("hung", True)):
        with line(agents=TALKS, greeting=False) as (house, lines):
            telephones = Telephones(phones(house), lines, after=0.3, hertz=700)
            try:
                rounds[name] = asyncio.run(_round(house, hang=hang))
            finally:
                telephones.stop()
        print(name, rounds[name], flush=True)
    recovery = max(each["recovery_s"] for each in rounds.values())
    dropped = int(sum(each["dropped"] for each in rounds.values()))
    extra: dict[str, float | int | str] = {"dropped": dropped, "recovery_s": recovery}
    for name, each in rounds.items():
        extra |= {f"{what}_{name}": value for what, value in each.items()}
    figures = Figures(
        name="crash", value=recovery, unit="s until under control", most=1.0, ratio=recovery / WITHIN,
        lost=int(sum(each["lost"] for each in rounds.values())), failed=dropped, extra=extra,
    )  # fmt: skip
    return figures.publish(given.json)


async def _round(house: House, *, hang: bool) -> dict[str, float | int]:
    crowd = await Crowd(sip(house)).open()
    talking = [await Call(crowd, f"0912{number:06}").dial() for number in range(TALKS)]
    await _until(lambda: int(told(house, TALKING)) == TALKS, within=60)
    waiting = [await Call(crowd, f"0913{number:06}").dial() for number in range(WAITS)]
    await asyncio.sleep(6)
    speaking = [asyncio.create_task(call.speak(600)) for call in talking[::5]]  # all would take a core of this machine
    flag = house.folder / "away"
    pressing = asyncio.create_task(asyncio.to_thread(told, house, HOLD.format(kind="HOLD", flag=flag)))
    await asyncio.sleep(6)  # its Django is up and waits
    [voice] = house.pids("run voice")
    os.kill(voice, signal.SIGSTOP if hang else signal.SIGKILL)
    if hang:
        await asyncio.sleep(HUNG_FOR)
        os.kill(voice, signal.SIGCONT)
    else:
        await _until(lambda: house.pids("run voice") not in ([], [voice]), within=30)
    back = time.time()
    flag.touch()
    done = float(await pressing)
    await asyncio.sleep(8)
    dropped = sum(call.ended.is_set() for call in talking)
    for task in speaking:
        task.cancel()
    for call in (*talking, *waiting):
        call.hang_up()
    await asyncio.sleep(8)
    numbers = [f"+84913{number:06}" for number in range(WAITS)]
    lost = int(told(house, OWED.format(numbers=numbers)))
    crowd.close()
    return {"dropped": dropped, "lost": lost, "recovery_s": done - back}


async def _until(true, *, within: float) -> None:  # type: ignore[no-untyped-def]
    end = time.monotonic() + within
    while not await asyncio.to_thread(true):
        if time.monotonic() > end:
            raise TimeoutError("it did not come true in time")
        await asyncio.sleep(0.2)


if __name__ == "__main__":
    raise SystemExit(main())
