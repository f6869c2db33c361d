"""Play the trial by the product's own actions, with the clock turned: every case is registered, assigned, answered."""

from __future__ import annotations

import gc
import heapq
import signal
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from multiprocessing import get_context
from multiprocessing.sharedctypes import Synchronized
from random import Random

from django.db import connection, connections, transaction

from tongdai.cases import deadlines
from tongdai.cases.actions.accept import accept
from tongdai.cases.actions.answer import answer
from tongdai.cases.actions.assign import assign
from tongdai.cases.actions.classify import classify
from tongdai.cases.actions.clear_doubt import clear_doubt
from tongdai.cases.actions.close import close
from tongdai.cases.actions.hand_back import hand_back
from tongdai.cases.actions.register import Matter, register
from tongdai.cases.actions.reject import reject
from tongdai.cases.actions.unmark_denunciation import unmark_denunciation
from tongdai.cases.actor import Actor
from tongdai.cases.models import Case
from tongdai.cases.routing import competent_agency
from tongdai.directory import freshness
from tongdai.directory.models import Agency, Place, Topic
from tongdai.people.models import Channel, Interaction
from tongdai.platform import clock
from tongdai.platform.clock import CITY_TZ
from tongdai.platform.database.installation import is_demo

from .. import on_duty
from . import matters
from .city import TrialCity
from .notified import record_notifications
from .stream import FIRST, Submission

KEY, PARTS = "trial:", 2
SETTLED_FROM, SETTLED_DAYS = (
    datetime(2022, 4, 4, 8, tzinfo=CITY_TZ),
    18,
)  # what the trial left open was answered in April
CLOSED_AFTER = timedelta(days=7)

Step = Callable[[datetime], None]


def is_played() -> bool:
    """Whether this database has the whole trial."""
    return not _missing_parts()


def play(stream: list[Submission], *, city: TrialCity, seed: int, progress: Callable[[int], None]) -> None:
    """All of it, each part in one transaction by a process of its own, in the order of time.

    A part that is there already adds nothing. `progress` is called with how many steps have been done so far.

    Raises:
        NotADemo: this database was not made as a demo; its clock is not turned.
        RuntimeError: a part failed; it left nothing behind, and the next run plays it.
    """
    if not is_demo():
        raise clock.NotADemo
    connections.close_all()
    fork = get_context("fork")
    done = [fork.Value("i", 0) for _ in range(PARTS)]
    running = [
        fork.Process(
            target=_play_part, args=(part, stream, city, seed, done[part]), name=f"trial part {part}", daemon=True
        )
        for part in _missing_parts()
    ]
    connections.close_all()
    try:
        with _undisturbed():
            for process in running:
                process.start()
        while any(process.is_alive() for process in running):
            progress(sum(each.value for each in done))
            running[0].join(timeout=0.2)
    except KeyboardInterrupt:
        for process in filter(lambda each: each.pid, running):
            process.kill()  # before the database is stopped under them: what a part wrote goes back whole
            process.join()
        raise
    if failed := [process.name for process in running if process.exitcode]:
        raise RuntimeError(f"{', '.join(failed)} failed")


def part_of(submission: Submission) -> int:
    """One person's matters are one part's: two long transactions must not wait for each other's contacts."""
    return zlib.crc32((submission.phone or str(submission.number)).encode()) % PARTS


def _missing_parts() -> list[int]:
    """A part is there wholly or not at all, so one row of it tells."""
    played = Interaction.objects.filter(direction=Interaction.Direction.IN)
    return [part for part in range(PARTS) if not played.filter(key__startswith=f"{KEY}{part}:").exists()]


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Ctrl-C waits: a part that is just being born would take it for its own."""
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})


def _play_part(part: int, stream: list[Submission], city: TrialCity, seed: int, done: Synchronized[int]) -> None:
    # born with SIGINT blocked, and so it stays: Ctrl-C reaches the parent, which ends its parts
    gc.disable()  # a million short-lived rows: collecting them costs a tenth of the time
    connection.features.uses_savepoints = False  # a part stands or falls whole; setting them costs a tenth, too
    with transaction.atomic(), freshness.unchanged(), clock.turned_here() as turn_to:
        before, agenda = last_job(), Agenda()
        for submission in stream:
            if part_of(submission) == part:
                life = Life(submission, city=city, agenda=agenda, chance=Random(f"{seed} {submission.number}"))
                agenda.at(submission.at, life.begin)
        for moment, step in agenda:
            turn_to(moment)
            step(moment)
            done.value += 1
        record_notifications(f"{KEY}{part}:")
        forget_jobs_since(before)


class Agenda:
    """What is still to happen, the earliest first; steps add further ones."""

    def __init__(self) -> None:
        self._heap: list[tuple[datetime, int, Step]] = []
        self._count = 0

    def at(self, moment: datetime, step: Step) -> None:
        self._count += 1
        heapq.heappush(self._heap, (moment, self._count, step))

    def __iter__(self) -> Iterator[tuple[datetime, Step]]:
        while self._heap:
            moment, _, step = heapq.heappop(self._heap)
            yield moment, step


@dataclass
class Life:
    """One case from receipt to close, step by step, as its outcome says."""

    submission: Submission
    city: TrialCity
    agenda: Agenda
    chance: Random
    case: Case = field(init=False)
    rung: bool = False

    def begin(self, at: datetime) -> None:
        submission, topic = self.submission, self.city.topics[self.submission.topic]
        texted = submission.channel == Channel.SMS
        by = (
            Actor.staff(self.chance.choice(self.city.call_takers))
            if submission.channel == Channel.VOICE
            else Actor.citizen(channel=submission.channel)
        )
        made = register(
            Matter(
                text=submission.text,
                channel=submission.channel,
                phone=submission.phone,
                name=submission.name,
                proven=submission.channel != Channel.WEB,
                topic=None if texted else topic,
                place=None if texted else submission.place,
                visibility=Case.Visibility.PRIVATE if submission.phone else Case.Visibility.ANONYMOUS,
            ),
            key=f"{KEY}{part_of(submission)}:{submission.number}",
            by=by,
            at=at,
        )
        self.case = Case.objects.get(pk=made.case_id)
        self._alarm(at)
        self.agenda.at(at + submission.outcome.assigned_after, self.sort)

    def sort(self, at: datetime) -> None:
        """The coordinator puts it where it belongs, or tells the citizen why not."""
        topic = self.city.topics[self.submission.topic]
        if self.case.confidential and not topic.confidential:  # by its own words alone
            self.case = unmark_denunciation(self.case, by=self._coordinator(), at=at)
        if self.case.perhaps_denunciation and not topic.confidential:
            self.case = clear_doubt(self.case, by=self._coordinator(), at=at)
        by = self._coordinator()
        if self.case.topic_id != topic.pk or self.case.place_id is None:
            self.case = classify(self.case, by=by, topic=topic, place=self.submission.place, at=at)
            by = self._coordinator()
            self._alarm(at)
        if self.submission.outcome.rejected and not topic.urgent:
            self.case = reject(
                self.case, by=by, ground="no_content", reason="Chưa rõ việc gì, ở đâu; xin kể thêm và gửi lại.", at=at
            )
            self.agenda.at(at + CLOSED_AFTER, self.end)
            return
        wrong = self._agency_of("covid-policy" if topic.code != "covid-policy" else "covid-lookup")
        if self.submission.outcome.handed_back and not topic.confidential:
            self.case = assign(self.case, by=by, agency=wrong, at=at)
            self.agenda.at(self._at_work(at + timedelta(minutes=self.chance.randrange(20, 90))), self.turn_back)
        else:
            self.case = assign(self.case, by=by, agency=self._competent(), at=at)
            self._plan_work(at)

    def turn_back(self, at: datetime) -> None:
        self.case = hand_back(
            self.case, by=self._officer(), reason="Không thuộc thẩm quyền", competent=self._competent(), at=at
        )
        self.rung = False
        self._alarm(at)
        self.agenda.at(at + timedelta(minutes=self.chance.randrange(5, 40)), self.assign_again)

    def assign_again(self, at: datetime) -> None:
        self.case = assign(self.case, by=self._coordinator(), agency=self._competent(), at=at)
        self._plan_work(at)

    def work(self, at: datetime) -> None:
        self.case = accept(self.case, by=self._officer(), at=at)
        after = self.submission.outcome.answered_after
        due = (
            SETTLED_FROM + timedelta(days=self.chance.uniform(0, SETTLED_DAYS)) if after is None else self._after(after)
        )
        self.agenda.at(self._at_work(max(due, at + timedelta(minutes=4))), self.reply)

    def reply(self, at: datetime) -> None:
        submission, lead = self.submission, self.city.names[self.case.lead_id or 0]
        text = matters.answer_to(submission.topic, place=submission.place, agency=lead, chance=self.chance)
        self.case = answer(self.case, by=self._officer(), text=text, at=at)
        self.agenda.at(at + CLOSED_AFTER, self.end)

    def end(self, at: datetime) -> None:
        self.case = close(self.case, by=Actor.system(), at=at)

    def _alarm(self, at: datetime) -> None:
        """An urgent one rings who was on duty, a moment later; one that rings already goes on ringing."""
        if not self.case.untaken or self.rung:
            return
        self.rung = True
        chance = Random(f"alarm {self.submission.number} {at}")
        past = on_duty.Past(lambda: self.case, self.city.turns, chance, self._replace_case)
        self.agenda.at(at + timedelta(seconds=3), lambda moment: past.begin(moment, self.agenda.at))

    def _replace_case(self, case: Case) -> None:
        self.case = case

    def _plan_work(self, at: datetime) -> None:
        soonest = max(self._after(self.submission.outcome.accepted_after), at + timedelta(minutes=2))
        self.agenda.at(self._at_work(soonest), self.work)

    def _at_work(self, moment: datetime) -> datetime:
        """When the agency's officer does it: in working hours, but for help for the sick."""
        return moment if self.city.topics[self.submission.topic].urgent else deadlines.due_at(moment, hours=0)

    def _after(self, share: float) -> datetime:
        """The moment at which this share of the topic's limit has passed since receipt.

        In working time; help for the sick was on duty day and night, Sundays and Tết too.
        """
        topic = self.city.topics[self.submission.topic]
        hours = share * topic.limit_hours
        if topic.urgent:
            return self.submission.at + timedelta(hours=hours)
        return deadlines.due_at(self.submission.at, hours=hours)

    def _competent(self) -> Agency:
        return self._agency_of(self.submission.topic)

    def _agency_of(self, topic: str) -> Agency:
        found = self.city.topics[topic]
        return _competent(found, self.submission.place if found.by_place else None)

    def _coordinator(self) -> Actor:
        if self.case.confidential:
            return Actor.staff(self.city.inspector)
        return Actor.staff(self.chance.choice(self.city.coordinators))

    def _officer(self) -> Actor:
        return Actor.staff(self.chance.choice(self.city.officers[self.case.lead_id or 0]))


@cache
def _competent(topic: Topic, place: Place | None) -> Agency:
    """The rules don't change within the trial: ask them once for each topic, or pair where it goes by place."""
    found = competent_agency(topic, place, on=FIRST)
    if found is None:
        raise LookupError(f"nobody answers for {topic.code} at {place.code if place else 'any place'}")
    return found


def last_job() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(id), 0) FROM procrastinate_jobs")
        return int(cursor.fetchone()[0])


def forget_jobs_since(job: int) -> None:
    """What these jobs would do is recorded already, as the trial had it: nobody is texted about 2022 today.

    Only this transaction's own jobs are seen here: the house isn't running while its city is being filled.
    """
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs WHERE id > %s AND queue_name = 'notify'", [job])
