"""Play a part of the trial through the real ways in: SMPP, the portal's own form, the call taker's form, the desk.

The whole house runs in a fresh home with its clock running fast; only the SMSC and the HTTP client are the citizens' and
the staff's. At the end the report is held against what those two counted themselves.
"""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random

from rich.console import Console
from rich.progress import Progress

from tongdai.platform import processes
from tongdai.platform.home import home

from ..smsc_peer.peer import Peer
from . import matters
from .browsers import Browser, Refused
from .staff import Staff
from .stream import Told

out = Console(highlight=False)

SENT_UP_TO = date(2022, 3, 15)  # what is sent last is still committed, and the trial's count not yet over
A_MATTER_TAKES = 0.22  # seconds of real time, about
STARTS_WITHIN = 120.0


@dataclass
class Tally:
    """What the peers counted: matters by channel, answers given, and what went wrong."""

    received: Counter[str] = field(default_factory=Counter)
    codes: dict[int, str] = field(default_factory=dict)
    answered: int = 0
    rejected: int = 0
    wrong: list[str] = field(default_factory=list)


def play(count: int, *, seed: int, peer: Peer, port: int) -> bool:
    """Send `count` matters in, let the agencies answer, print the counts; whether the house's and the peers' agree."""
    told = _build(count, seed=seed)
    house = _open(port, peer, log=home() / "house.log")
    try:
        tally = _live(told, url=f"http://127.0.0.1:{port}", peer=peer, seed=seed)
    finally:
        house.send_signal(signal.SIGINT)
        house.wait(timeout=60)
    return _agrees(tally, len(told))


def _build(count: int, *, seed: int) -> list[Told]:
    """The city, and the matters that are sent: spread over the trial, in order."""
    from tongdai.platform.ground import ready

    with ready(as_owner=True):
        from tongdai.platform.installation import install

        from . import city, stream

        install(demo=True)
        built = city.build()
        whole = [told for told in stream.stream(seed=seed, wards=built.wards) if told.at.date() <= SENT_UP_TO]
        chosen = sorted(Random(f"through {seed}").sample(whole, count), key=lambda told: told.at)
        _run_fast(chosen)
    os.environ.pop("TONGDAI_DATABASE_AS", None)
    return chosen


def _run_fast(told: list[Told]) -> None:
    """The city's clock begins a little before the first matter, in half a minute, and runs fast from there."""
    from tongdai.platform.models import Installation

    span = (told[-1].at - told[0].at).total_seconds() + 1
    rate = span / max(20.0, A_MATTER_TAKES * len(told))
    begins = datetime.now(UTC) + timedelta(seconds=30)
    Installation.objects.update(city_at=told[0].at - timedelta(seconds=rate), real_at=begins, rate=rate)


def _open(port: int, peer: Peer, *, log: Path) -> subprocess.Popen[bytes]:
    with log.open("ab") as lines:
        house = subprocess.Popen(processes.tongdai("up"), stdout=lines, stderr=lines)
    deadline = time.monotonic() + STARTS_WITHIN
    while not (processes.answers(f"http://127.0.0.1:{port}/readyz") and peer.control.counts()["links"] == 1):
        if house.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"the house did not come up; its log is {log}")
        time.sleep(0.2)
    return house


def _live(told: list[Told], *, url: str, peer: Peer, seed: int) -> Tally:
    """Each matter when the city's clock has come to it; the agencies follow."""
    from tongdai.platform.ground import ready

    tally = Tally()
    with ready(), Progress(console=out) as bar:
        from tongdai.platform import clock

        clock.forget()
        people = Staff(url, seed=seed)
        step = bar.add_task("thí điểm qua các kênh / trial through the channels", total=len(told) * 2)
        for each in told:
            while clock.now() < each.at:
                time.sleep(0.01)
            _bring(each, url=url, peer=peer, people=people, tally=tally)
            bar.advance(step)
        clock.turn(to=clock.now(), rate=60.0)  # the trial isn't over while its agencies still work
        time.sleep(2 * clock.LOOKS_AGAIN_AFTER)
        _read_codes(told, peer, tally)
        for each in told:
            if each.number in tally.codes:
                people.deal_with(each, tally.codes[each.number], tally)
            bar.advance(step)
    return tally


def _bring(told: Told, *, url: str, peer: Peer, people: Staff, tally: Tally) -> None:
    try:
        if told.channel == "sms":
            peer.control.text(told.phone.lstrip("+"), told.text)
        elif told.channel == "web":
            tally.codes[told.number] = Browser(url).report(told)
        else:
            tally.codes[told.number] = people.write_down(told)
        tally.received[told.channel] += 1
    except Refused as refused:
        tally.wrong.append(f"{told.channel} {told.number}: {refused}")


def _read_codes(told: list[Told], peer: Peer, tally: Tally) -> None:
    """A texter learns the code by the text that comes back."""
    waiting = {each.number: each for each in told if each.channel == "sms"}
    deadline = time.monotonic() + 60
    while waiting and time.monotonic() < deadline:
        for number, each in list(waiting.items()):
            for text in peer.control.received_by(each.phone):
                if (code := matters.code_in(text["text"])) and code not in tally.codes.values():
                    tally.codes[number] = code
                    del waiting[number]
                    break
        time.sleep(0.3)
    tally.wrong += [f"sms {number}: no code came back" for number in waiting]


def _agrees(tally: Tally, sent: int) -> bool:
    """Print what the house counts beside what the peers counted."""
    from tongdai.platform.ground import ready

    with ready():
        from tongdai.cases.models import Answer, Case, Rejection

        counted = Counter(Case.objects.values_list("channel", flat=True))
        answers, rejections = Answer.objects.count(), Rejection.objects.count()
    for wrong in tally.wrong[:10]:
        out.print(f"[red]{wrong}[/red]")
    same = counted == tally.received and (answers, rejections) == (tally.answered, tally.rejected)
    out.print(
        f"các đầu kia đếm / the peers counted: {_by_channel(tally.received)},"
        f" {tally.answered} answered, {tally.rejected} rejected"
    )
    out.print(f"tổng đài đếm / the house counted:    {_by_channel(counted)}, {answers} answered, {rejections} rejected")
    out.print("[green]khớp / they agree[/green]" if same and not tally.wrong else "[red]KHÔNG KHỚP / THEY DIFFER[/red]")
    return same and not tally.wrong and sum(counted.values()) == sent


def _by_channel(counted: Counter[str]) -> str:
    return ", ".join(f"{channel} {counted[channel]}" for channel in ("voice", "sms", "web"))
