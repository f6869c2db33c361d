"""`make bench NAME=voice`: 200 calls at 20 a second through the menu to a message left, against a bare dialplan.

The bare dialplan does the same on the same Asterisk: records, answers, greets, takes a key, takes a message. Compared is
the CPU of a call: Asterisk's and, for ours, the voice process's.
"""

from __future__ import annotations

import asyncio
import time

from tests.house import House
from tongdai.peers.sip.crowd import Call, Crowd

from .figures import Figures, arguments, percentile
from .line import asterisk, cpu_seconds, line, pid_of_asterisk, sip, told

MOST = 2.0  # a call of ours may cost twice a bare one
CALLS, A_SECOND = 200, 20
BARE = """
; the bare dialplan of the benchmark
[from-trunk]
exten => 9999,1,Set(FILE={recordings}/bare-${{UNIQUEID}})
 same => n,MixMonitor(${{FILE}}.wav,r(${{FILE}}-r.wav)t(${{FILE}}-t.wav))
 same => n,Answer()
 same => n,Read(KEY,{greeting},1,,1,6)
 same => n,Playback({message})
 same => n,Playback({beep})
 same => n,Record({messages}/bare-${{UNIQUEID}}.wav,5,120,q)
 same => n,Hangup()
"""
SOUNDS = """
from tongdai.channels.voice.menu import menu
from tongdai.channels.voice.asterisk.exchange import exchange
it = exchange(); found = menu.load(it)
print(found.sound("greeting", "vi").with_suffix("")); print(found.sound("leave-message", "vi").with_suffix(""))
print(it.sounds / "beep"); print(it.recordings); print(it.messages); print(it.etc / "extensions.conf")
"""
LEFT = """
from tongdai.channels.voice.models import Call, Callback, Recording
print(Call.objects.filter(outcome="message").count(), Callback.objects.count(), Recording.objects.filter(kind="message").count())
"""


def main() -> int:
    given = arguments(__doc__ or "").parse_args()
    with line(greeting=True) as (house, _lines):
        greeting, message, beep, recordings, messages, dialplan = told(house, SOUNDS).splitlines()
        with open(dialplan, "a", encoding="utf-8") as file:
            file.write(
                BARE.format(beep=beep, greeting=greeting, message=message, recordings=recordings, messages=messages)
            )
        asterisk(house, "module load app_read.so")
        asterisk(house, "dialplan reload")
        exchange, ours = pid_of_asterisk(house), house.pids("run voice")
        bare = _measure(house, exchange, dialled="9999")
        run = _measure(house, [*exchange, *ours], dialled="1022")
        time.sleep(60)
        calls, callbacks, kept = (int(number) for number in told(house, LEFT).split())
    starts = [1000 * (call.first_sound_at - call.dialled_at) for call in run[0] if call.first_sound_at]
    failed = (
        sum(1 for call in run[0] if not call.first_sound_at or call.refused) + (CALLS - calls) + (CALLS - callbacks)
    )
    bare_starts = [1000 * (call.first_sound_at - call.dialled_at) for call in bare[0] if call.first_sound_at]
    figures = Figures(
        name="voice", value=1000 * run[1] / CALLS, unit="ms CPU a call", most=MOST, ratio=run[1] / bare[1],
        p50_ms=percentile(starts, 0.5), p99_ms=percentile(starts, 0.99), failed=failed, lost=CALLS - callbacks,
        extra={"bare_ms_a_call": 1000 * bare[1] / CALLS, "messages_kept": kept, "bare_p99_ms": percentile(bare_starts, 0.99)},
    )  # fmt: skip
    return figures.publish(given.json)


def _measure(house: House, pids: list[int], *, dialled: str) -> tuple[list[Call], float]:
    before = cpu_seconds(pids)
    calls = asyncio.run(_all(sip(house), dialled))
    time.sleep(2)
    return calls, cpu_seconds(pids) - before


async def _all(exchange: tuple[str, int], dialled: str) -> list[Call]:
    crowd = await Crowd(exchange).open()
    begun, calls, tasks = time.monotonic(), [], []
    for number in range(CALLS):
        await asyncio.sleep(max(0.0, begun + number / A_SECOND - time.monotonic()))
        call = Call(crowd, f"0912{number:06}", dialled=dialled)
        calls.append(call)
        tasks.append(asyncio.create_task(_leave_a_message(call)))
    await asyncio.gather(*tasks)
    crowd.close()
    return calls


async def _leave_a_message(call: Call) -> None:
    await call.dial()
    try:
        async with asyncio.timeout(20):
            await call.heard.wait()
    except TimeoutError:
        call.hang_up()
        return
    await asyncio.sleep(1)
    await call.press("9")
    await asyncio.sleep(0.5)
    await call.press("2")  # in a queue 9 offers to keep one's place, too; in the greeting it means nothing here
    await asyncio.sleep(6.5)  # the words, and the tone
    await call.speak(2)
    call.hang_up()


if __name__ == "__main__":
    raise SystemExit(main())
