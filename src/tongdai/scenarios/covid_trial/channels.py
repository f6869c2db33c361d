"""Play a part of the trial through the real ways in: SMPP, the portal's own form, the telephone, the desk.

The whole house runs in a fresh home, its clock turned from matter to matter; only the SMSC, the telephones and the HTTP
client are the citizens' and the staff's. At the end the report is held against what those counted themselves.
"""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import cycle
from pathlib import Path
from random import Random

from rich.console import Console
from rich.progress import Progress

from tongdai.peers.smsc.peer import Peer
from tongdai.people.models import Channel
from tongdai.platform.home import home
from tongdai.platform.processes import supervisor

from . import matters
from .browsers import Browser, Refused
from .callers import Callers, counted_by_the_house, make_lines
from .staff import Staff
from .stream import Submission
from .tally import Tally

out = Console(highlight=False)

SENT_UP_TO = date(2022, 3, 15)  # what is sent last is still committed, and the trial's count not yet over
STARTS_WITHIN = 300.0  # seconds, on a busy machine
ONE_IN_LOOKS_UP = 8  # of those who know their code, by telephone
# in the trial's own mix a handful of forms would come among very many calls, and calls cost by far the most
IN_TURN = (Channel.VOICE, Channel.SMS, Channel.VOICE, Channel.WEB)


def play(count: int, *, seed: int, peer: Peer, port: int, rings: bool) -> bool:
    """Send `count` matters in, let the agencies answer, print the counts; whether the house's and the peers' agree.

    `rings`: there is an exchange, and sipp to call it; else what callers say is written down without a call.
    """
    submissions, lines = _build(count, seed=seed, rings=rings)
    house = _start(log=home() / "house.log")
    try:
        _wait_until_open(house, port, peer, rings=rings)
        tally = _live(submissions, lines, url=f"http://127.0.0.1:{port}", peer=peer, seed=seed)
    finally:
        house.send_signal(signal.SIGINT)
        house.wait(timeout=60)
    return _agrees(tally, len(submissions))


def _build(count: int, *, seed: int, rings: bool) -> tuple[list[Submission], list[tuple[str, str]]]:
    """The city, the matters that are sent: spread over the trial, in order; and the call takers' lines."""
    from tongdai.platform.processes.bootstrap import ready

    with ready(as_owner=True):
        from tongdai.platform import clock
        from tongdai.platform.database.installation import install

        from . import city, stream

        install(demo=True)
        built = city.build()
        whole = [each for each in stream.stream(seed=seed, wards=built.wards) if each.at.date() <= SENT_UP_TO]
        chosen = sorted(_that_open_cases(whole, count, chance=Random(f"through {seed}")), key=lambda each: each.at)
        lines = make_lines() if rings else []
        clock.turn(to=chosen[0].at, rate=1.0)
    os.environ.pop("TONGDAI_DATABASE_AS", None)
    return chosen, lines


def _that_open_cases(whole: list[Submission], count: int, *, chance: Random) -> list[Submission]:
    """So many of them. A question by text is answered, and a number's second text goes on with its first: neither is counted."""
    from tongdai.channels.sms.conversation.grammar import Matter
    from tongdai.channels.sms.conversation.text import Text
    from tongdai.channels.sms.conversation.understanding import understand
    from tongdai.channels.sms.models import Part

    chosen: list[Submission] = []
    texters: set[str] = set()
    for each in in_turn(chance.sample(whole, len(whole))):
        if each.channel == Channel.SMS:
            part = Part(sender=each.phone, destination="1022")
            text = Text(body=each.text, parts=(part,), phone=each.phone)
            if each.phone in texters or not isinstance(understand(text, at=each.at).todo, Matter):
                continue
            texters.add(each.phone)
        chosen.append(each)
        if len(chosen) == count:
            break
    return chosen


def in_turn(drawn: Sequence[Submission]) -> Iterator[Submission]:
    """By one channel after the other, and of each the first of an outcome before what is like it: few have each of them."""
    known: set[str] = set()
    first: list[Submission] = []
    later: list[Submission] = []
    for each in drawn:
        (later if _outcome(each) in known else first).append(each)
        known.add(_outcome(each))
    waiting = {channel: deque(each for each in first + later if each.channel == channel) for channel in IN_TURN}
    for channel in cycle(IN_TURN):
        if not any(waiting.values()):
            return
        if waiting[channel]:
            yield waiting[channel].popleft()


def _outcome(submission: Submission) -> str:
    """What becomes of it, as `Staff.deal_with` has it: help for the sick is never rejected."""
    if submission.topic == "denunciation":
        return "denunciation"
    if submission.outcome.rejected and submission.topic != "covid-help":
        return "rejected"
    return "answered" if submission.outcome.answered_after is not None else "open"


def _start(*, log: Path) -> subprocess.Popen[bytes]:
    with log.open("ab") as lines:
        return subprocess.Popen(supervisor.tongdai("up"), stdout=lines, stderr=lines)


def _wait_until_open(house: subprocess.Popen[bytes], port: int, peer: Peer, *, rings: bool) -> None:
    """The web, the SMSC's link and the voice process: who rings before that is in the exchange's net, where no key counts."""
    deadline = time.monotonic() + STARTS_WITHIN
    voice = supervisor.ready_file("voice")
    while not (
        supervisor.answers(f"http://127.0.0.1:{port}/readyz")
        and peer.control.counts()["links"] == 1
        and (voice.exists() or not rings)
    ):
        if house.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"the house did not come up; its log is {home() / 'house.log'}")
        time.sleep(0.2)


def _live(submissions: list[Submission], lines: list[tuple[str, str]], *, url: str, peer: Peer, seed: int) -> Tally:
    """Each matter with the city's clock turned to it; the agencies follow."""
    from tongdai.platform.processes.bootstrap import ready

    tally = Tally()
    with ready(), Progress(console=out) as bar:
        from tongdai.platform import clock

        clock.forget()
        people = Staff(url, seed=seed)
        callers = Callers(lines, people=people, tally=tally, seed=seed) if lines else None
        step = bar.add_task("thí điểm qua các kênh / trial through the channels", total=len(submissions) * 2)
        for each in submissions:
            while callers and callers.busy:
                time.sleep(0.05)
            clock.turn(to=max(each.at, clock.now()), rate=1.0)
            _bring(each, url=url, peer=peer, people=people, callers=callers, tally=tally)
            bar.advance(step)
        clock.turn(to=clock.now(), rate=60.0)  # the trial isn't over while its agencies still work
        if callers:
            callers.wait()
        time.sleep(2 * clock.LOOKS_AGAIN_AFTER)
        _read_codes(submissions, peer, tally)
        for each in submissions:
            if each.number in tally.codes:
                people.deal_with(each, tally.codes[each.number], tally)
            bar.advance(step)
        if callers:
            for each in submissions[::ONE_IN_LOOKS_UP]:
                if each.phone and each.number in tally.codes:
                    callers.look_up(each, tally.codes[each.number])
            callers.wait()
            time.sleep(1)  # the last of them has just hung up
            callers.stop()
    return tally


def _bring(
    submission: Submission, *, url: str, peer: Peer, people: Staff, callers: Callers | None, tally: Tally
) -> None:
    try:
        if submission.channel == Channel.VOICE and callers:
            callers.ring(submission)
            return
        if submission.channel == "sms":
            peer.control.text(submission.phone.lstrip("+"), submission.text)
        elif submission.channel == "web":
            tally.codes[submission.number] = Browser(url).report(submission)
        else:
            tally.codes[submission.number] = people.write_down(submission)
        tally.received[submission.channel] += 1
    except Refused as refused:
        tally.wrong.append(f"{submission.channel} {submission.number}: {refused}")


def _read_codes(submissions: list[Submission], peer: Peer, tally: Tally) -> None:
    """A texter learns the code by the text that comes back."""
    waiting = {each.number: each for each in submissions if each.channel == "sms"}
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
    from tongdai.platform.processes.bootstrap import ready

    with ready():
        from tongdai.cases.models import Answer, Case, Rejection

        counted = Counter(Case.objects.values_list("channel", flat=True))
        answers, rejections = Answer.objects.count(), Rejection.objects.count()
        calls = counted_by_the_house()
    for wrong in tally.wrong[:10]:
        out.print(f"[red]{wrong}[/red]")
    same = counted == tally.received and (answers, rejections) == (tally.answered, tally.rejected)
    telephones = Counter({what: tally.calls[what] for what in CALLS})
    out.print(
        f"các đầu kia đếm / the peers counted: {_by_channel(tally.received)},"
        f" {tally.answered} answered, {tally.rejected} rejected"
    )
    out.print(f"tổng đài đếm / the house counted:    {_by_channel(counted)}, {answers} answered, {rejections} rejected")
    if any(telephones.values()):
        out.print(f"các máy gọi đếm / the telephones counted: {_calls(telephones)}")
        out.print(f"tổng đài đếm / the house counted:        {_calls(calls)}")
    same = same and calls == telephones
    out.print("[green]khớp / they agree[/green]" if same and not tally.wrong else "[red]KHÔNG KHỚP / THEY DIFFER[/red]")
    return same and not tally.wrong and sum(counted.values()) == sent


CALLS = ("answered", "message", "abandoned", "looked up")


def _calls(counted: Counter[str]) -> str:
    return ", ".join(f"{counted[what]} {what}" for what in CALLS)


def _by_channel(counted: Counter[str]) -> str:
    return ", ".join(f"{channel} {counted[channel]}" for channel in ("voice", "sms", "web"))
