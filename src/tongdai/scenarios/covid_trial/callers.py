"""Those of the trial who ring 1022: sipp dials, listens, presses keys; the city's telephones ring and are taken up.

Most meet a call taker, who writes down what they say while they talk; some leave a message, some hang up while it
still rings, and ring again. What came of each call the telephones count themselves.
"""

from __future__ import annotations

import subprocess
import time
from collections import Counter
from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from random import Random
from threading import Lock
from typing import TypeVar

from django.conf import settings
from django.db import close_old_connections, connection
from django.db.models import Model, QuerySet

from tongdai.accounts.models import Role, User
from tongdai.channels.voice.agents import states
from tongdai.channels.voice.menu import menu
from tongdai.channels.voice.models import Agent, Call, Callback, Line, Order, Trunk
from tongdai.peers.sip.caller import Caller
from tongdai.peers.sip.telephone import Telephones
from tongdai.platform.clock import LOOKS_AGAIN_AFTER

from .browsers import Refused
from .staff import Staff
from .stream import Submission
from .tally import Tally

Row = TypeVar("Row", bound=Model)
LEAVE_A_MESSAGE, HANG_UP_FIRST = 0.12, 0.06  # of those who ring
MEETS_WITHIN = 90.0  # seconds a caller waits for somebody at most
AT_ONCE = 16  # callers on the line
RINGS = 2.0  # seconds, before a call taker takes it up
WRITES_DOWN_MESSAGES = "dieuphoi2"  # works the messages at a desk without a telephone


def make_lines() -> list[tuple[str, str]]:
    """The carrier's trunk from this machine, and a SIP telephone for each call taker, at work: (endpoint, secret)."""
    menu.usual_or_own()
    Trunk.objects.get_or_create(name="Nhà mạng", defaults={"host": "127.0.0.1:9", "addresses": ["127.0.0.1/32"]})
    found = []
    for user in User.objects.filter(role=Role.CALL_TAKER).order_by("pk"):
        line, _new = Line.objects.get_or_create(user=user, defaults={"kind": Line.Kind.SIP})
        states.set_state(user, Agent.State.READY)
        found.append((line.endpoint, line.secret))
    return found


class Callers:
    """Their telephones, and those of the city's call takers."""

    def __init__(self, lines: list[tuple[str, str]], *, people: Staff, tally: Tally, seed: int) -> None:
        self._exchange = ("127.0.0.1", settings.SIP_PORT)
        self._city = Telephones(("127.0.0.1", settings.PHONES_PORT), lines, after=RINGS, hertz=440)
        self._people, self._tally = people, tally
        self._chance = Random(f"callers {seed}")
        self._threads = ThreadPoolExecutor(AT_ONCE)
        self._ringing: list[Future[None]] = []
        self._taken: set[tuple[str, int]] = set()
        self._counts = Lock()
        _wait_until_there(endpoint for endpoint, _secret in lines)

    def ring(self, submission: Submission) -> None:
        """In a thread of its own: talks last."""
        drawn = self._chance.random()
        if drawn < LEAVE_A_MESSAGE:
            self._begin(self._leave_a_message, submission)
        elif drawn < LEAVE_A_MESSAGE + HANG_UP_FIRST:
            self._begin(self._hang_up_and_ring_again, submission)
        else:
            self._begin(self._talk, submission)

    def look_up(self, submission: Submission, code: str) -> None:
        """She keys her code, hears how it stands, and hangs up."""
        self._begin(self._key, submission, code)

    @property
    def busy(self) -> bool:
        """As many are on the line as the city's call takers can talk with."""
        return sum(not each.done() for each in self._ringing) >= AT_ONCE

    def wait(self) -> None:
        """Until everybody has hung up. What nobody foresaw in one of the threads is raised here."""
        wait(self._ringing)
        for each in self._ringing:
            each.result()

    def stop(self) -> None:
        self._threads.shutdown(cancel_futures=True)
        self._city.stop()

    def _begin(self, action, *given) -> None:  # type: ignore[no-untyped-def]
        self._ringing.append(self._threads.submit(self._do, action, *given))

    def _do(self, action, submission: Submission, *given: str) -> None:  # type: ignore[no-untyped-def]
        close_old_connections()
        try:
            action(submission, *given)
        except (Refused, RuntimeError, TimeoutError, subprocess.TimeoutExpired) as trouble:
            with self._counts:
                self._tally.wrong.append(f"voice {submission.number}: {trouble}")
        finally:
            connection.close()

    def _talk(self, submission: Submission) -> None:
        caller = self._dial(submission, 0.6, "0", waits_for_bye=True)
        try:
            call = self._met(submission)
            assert call.agent
            code = self._people.write_down(submission, by=call.agent.username, call=call.pk)
            self._hang_up(caller, call, by=call.agent.username)
            self._people.is_ready(by=call.agent.username)
        except BaseException:
            caller.breaks_off()
            raise
        self._count("answered", submission, code)

    def _hang_up(self, caller: Caller, call: Call, *, by: str) -> None:
        """Pressed again where it was refused: an order over which the city's clock is turned is too old to be done."""
        refused = Order.objects.filter(call=call, kind=Order.Kind.HANG_UP).exclude(refused="")
        pressed, deadline = 0, time.monotonic() + MEETS_WITHIN
        while not caller.has_ended() and time.monotonic() < deadline:
            if refused.count() == pressed:
                self._people.hang_up(by=by)
                pressed += 1
            time.sleep(0.1)
        caller.done()

    def _hang_up_and_ring_again(self, submission: Submission) -> None:
        self._dial(submission, 0.6, "0", 0.8).done()
        self._count("abandoned")
        self._talk(submission)

    def _leave_a_message(self, submission: Submission) -> None:
        self._dial(submission, 0.6, "9", 9.0, speaks_for=3.0, waits_for_bye=True).done()
        self._count("message")
        call = self._first(Call.objects.filter(number=submission.phone, outcome=Call.Outcome.MESSAGE))
        time.sleep(2 * LOOKS_AGAIN_AFTER)  # until the desk's clock, too, has come to when she is to be rung back
        owed = Callback.objects.filter(contact=call.contact, event=None, state=Callback.State.WAITING).first()
        code = self._people.write_down(submission, by=WRITES_DOWN_MESSAGES, call=call.pk)
        if owed:
            self._people.rang_back(owed.pk, by=WRITES_DOWN_MESSAGES)
        self._count("written down", submission, code)

    def _key(self, submission: Submission, code: str) -> None:
        self._dial(submission, 0.6, "2", 0.8, code, 4.0).done()
        self._count("looked up")

    def _dial(
        self, submission: Submission, *steps: float | str, speaks_for: float = 0, waits_for_bye: bool = False
    ) -> Caller:
        number = "0" + submission.phone.removeprefix("+84")
        return Caller(self._exchange, *steps, number=number, speaks_for=speaks_for, waits_for_bye=waits_for_bye)

    def _met(self, submission: Submission) -> Call:
        """Her call, once a call taker has it: the pop on that desk shows which."""
        talks = Call.objects.filter(number=submission.phone, state=Call.State.TALKING).select_related("agent")
        return self._first(talks)

    def _first(self, rows: QuerySet[Row]) -> Row:
        """The first of these that nobody here has met before, as soon as there is one."""
        deadline = time.monotonic() + MEETS_WITHIN
        while time.monotonic() < deadline:
            with self._counts:
                for row in rows.all():
                    if (row._meta.label, row.pk) not in self._taken:
                        self._taken.add((row._meta.label, row.pk))
                        return row
            time.sleep(0.1)
        raise TimeoutError("nobody came to the telephone")

    def _count(self, what: str, submission: Submission | None = None, code: str = "") -> None:
        with self._counts:
            self._tally.calls[what] += 1
            if submission:
                self._tally.codes[submission.number] = code
                self._tally.received["voice"] += 1


def _wait_until_there(endpoints: Iterable[str]) -> None:
    """Until the voice process has heard of all these telephones: before, whoever rings meets nobody."""
    users = {int(endpoint.removeprefix("line-")) for endpoint in endpoints}
    deadline = time.monotonic() + MEETS_WITHIN
    while Agent.objects.filter(user__in=users, online=True).count() < len(users):
        if time.monotonic() > deadline:
            raise RuntimeError("the city's telephones are not known to the house")
        time.sleep(0.1)


def counted_by_the_house() -> Counter[str]:
    """The same of the house's own rows."""
    calls = Call.objects.filter(direction=Call.Direction.IN)
    outcomes = Counter(calls.values_list("outcome", flat=True))
    return Counter(
        {
            "answered": calls.exclude(answered_at=None).count(),
            "abandoned": outcomes[Call.Outcome.ABANDONED],
            "message": outcomes[Call.Outcome.MESSAGE] + calls.exclude(case=None).filter(answered_at=None).count(),
            "looked up": outcomes[Call.Outcome.LOOKED_UP],
        }
    )
