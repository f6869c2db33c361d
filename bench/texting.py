"""Citizens who text a city of its own: what `conversation.py` measures with. Import it when the database is ready.

Each text goes in as real PDUs through the whole intake, the city's clock turned to its minute; then the jobs that it queued
are run, and what it left is read from the rows. Each citizen has a number of their own, and nothing of theirs stays.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterable, Iterator, Set
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from unittest.mock import patch

from django.db import transaction
from django.db.models import Max, Model, QuerySet
from django.utils.translation import override
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from smpplib import smpp
from smpplib.client import Client

from tongdai.accounts.models import Role, User
from tongdai.cases import codes
from tongdai.cases.actions.answer import answer as give_answer
from tongdai.cases.actions.register import Matter, register
from tongdai.cases.actor import Actor
from tongdai.cases.models import Case, CaseInteraction
from tongdai.cases.states import OPEN, State
from tongdai.cases.transition import RING_ON_DUTY, STOP_RINGING
from tongdai.cases.triage import kind
from tongdai.cases.triage.danger import Level
from tongdai.cases.triage.judgement import readable
from tongdai.channels import outbound
from tongdai.channels.sms.conversation import reading
from tongdai.channels.sms.conversation.automatic import Automatic
from tongdai.channels.sms.encoding import splitting
from tongdai.channels.sms.inbound import intake
from tongdai.channels.sms.inbound.pdus import Arrival, Data, Report, read
from tongdai.channels.sms.inbound.retries import Window
from tongdai.channels.sms.models import Link, Part
from tongdai.channels.sms.protocol.wire import parsed
from tongdai.directory.places.loading import load_province
from tongdai.knowledge.importing import seed
from tongdai.knowledge.importing.procedures import imports
from tongdai.knowledge.models import Inquiry
from tongdai.knowledge.search import cache
from tongdai.people.models import Channel, Contact, Interaction
from tongdai.people.purposes import Purpose
from tongdai.platform import clock
from tongdai.platform.clock import CITY_TZ
from tongdai.platform.database.installation import install
from tongdai.scenarios import building, tables
from tongdai.scenarios.today import city as todays_city

BEGINNING = datetime(2025, 11, 24, 9, 0, tzinfo=CITY_TZ)  # a Monday, after every day that the conversations name
FOUNDED = BEGINNING - timedelta(days=30)  # before every earlier text
ANSWERED_WITHIN = timedelta(days=1)  # before the first text: people write soon after an answer
NOBODYS_CODE = "1022102210" + codes.check_digit("1022102210")  # what is quoted by one who has no case
NOT_OF_THE_CITIZEN = (RING_ON_DUTY, STOP_RINGING)  # jobs

_CODE_MARK = re.compile(r"\{code(?P<loose>:loose)?\}")
_CODE_AS_WRITTEN = re.compile(r"\bHP-[0-9A-Z]{4}-[0-9A-Z]{4}\b")  # as those who wrote the conversations imagined it
_CODE = re.compile(r"\b\d{4}\s\d{4}\s\d{3}\b")
_VIETNAMESE = re.compile("[À-ỹ]")  # a letter of it stands in whatever is written in it
_KEYWORDS = re.compile(r"\b(?:TTHC|TRA|HS)\b")
_CLIENT = Client("127.0.0.1", 2775, allow_unknown_opt_params=True)  # counts the sequence numbers, connects to nobody


@dataclass(frozen=True)
class Done:
    """What the product did upon a text. `words`: as it was sent, codes filled in; `facts`: as `conversation.py` counts them."""

    words: str
    facts: frozenset[str]
    replies: tuple[str, ...]


@contextmanager
def city(file: Path) -> Iterator[Line]:
    """The demo's Hải Phòng of today without its cases, the portal's procedures of this file, and the line to it."""
    install(demo=True)
    with clock.turned_here() as turn_to:
        turn_to(FOUNDED)
        _build(file)
        turn_to(BEGINNING)
        with transaction.atomic():  # made once; no citizen here changes what is published
            made = cache.read_anew()
        cache.LOOK_EVERY = float("inf")
        print(f"{len(made.index)} entries to answer from", flush=True)
        line = Line(turn_to)
        with patch("tongdai.cases.actions.register.new_code", line.draw_code):  # the same in each run
            line.open_a_strangers_case()
            yield line


@contextmanager
def learned_without(hands: Set[str]) -> Iterator[None]:
    """Kinds of words are told apart by a model that has learned nothing from these hands; of none: by the city's own."""
    if not hands:
        yield
        return
    with TemporaryDirectory() as folder:
        made = kind.train(file=Path(folder) / "kinds.npz", without=hands)
    with patch.object(reading, "kinds_of", lambda words: kind.told_by(made, readable(words))):
        yield


def _build(file: Path) -> None:
    load_province("31")
    _topics, wards, _people = todays_city.build()
    building.staff([("dieuphoi", "Đỗ Thu Hằng", Role.COORDINATOR, None)], demo=True)
    tables.build(wards, at=FOUNDED)
    seed.start(at=FOUNDED, today=FOUNDED.date())
    imports.load(file, at=FOUNDED, today=FOUNDED.date())
    seed.aliases()
    app.perform_import_paths()  # type: ignore[no-untyped-call]


class Line:
    """The number that all of them text, over one unbroken connection."""

    def __init__(self, turn_to: Callable[[datetime], None]) -> None:
        self.turn_to = turn_to
        self._chance = Random()  # seeded anew for each citizen
        self._link = Link.objects.create(smsc="bench", bind="bench", carrier="bench", started_at=FOUNDED)
        self._turns, self._citizens = itertools.count(1), itertools.count(1)
        self.coordinator = User.objects.get(username="dieuphoi")
        self.inspector = User.objects.get(username="thanhtra2")
        self.strangers_code, self.last_job = "", 0  # the last job that was done

    def open_a_strangers_case(self) -> None:
        """Somebody else's, whose code may be texted too."""
        self._chance.seed(0)
        matter = Matter(text="Cống trước nhà số 8 bị tắc", channel=Channel.SMS, phone="+84903000000", proven=True)
        stranger = register(matter, key="bench:stranger", by=Actor.citizen(channel=Channel.SMS), at=FOUNDED)
        self.strangers_code = stranger.code
        self.last_job = max(ProcrastinateJob.objects.values_list("pk", flat=True), default=0)

    @contextmanager
    def citizen(self, *, code: str) -> Iterator[Citizen]:
        """A citizen with a number of their own. `code`: how their words name an earlier case of theirs."""
        phone = f"+84912{next(self._citizens):06}"
        self._chance.seed(phone)
        with transaction.atomic():
            yield Citizen(self, phone, code=code)
            transaction.set_rollback(True)

    def draw_code(self) -> str:
        """A code for a new case, by the dice of this citizen."""
        digits = f"{self._chance.randrange(10 ** (codes.LENGTH - 1)):0{codes.LENGTH - 1}}"
        return digits + codes.check_digit(digits)

    def bring(self, sender: str, words: str, *, at: datetime) -> None:
        """A text arrives as a phone cuts it, alone in its window; all before it has surely been acknowledged."""
        self.turn_to(at)
        turn = next(self._turns)
        arrived = _arrivals(sender.lstrip("+"), words, reference=turn % 256)
        intake.take_in(arrived, window=Window(self._link, turn, turn - 1), at=at)


def _arrivals(sender: str, words: str, *, reference: int) -> list[Arrival | Report]:
    out = splitting.split(words, reference=reference)
    packed = (
        smpp.make_pdu(
            "deliver_sm",
            client=_CLIENT,
            source_addr_ton=1,
            source_addr_npi=1,
            source_addr=sender,
            destination_addr="1022",
            esm_class=out.esm_class,
            data_coding=out.data_coding,
            short_message=part,
        ).generate()
        for part in out.parts
    )
    arrived = [read(parsed(pdu, client=_CLIENT)) for pdu in packed]
    return [each for each in arrived if not isinstance(each, Data)]


class Citizen:
    """One number, and what it texts."""

    def __init__(self, line: Line, phone: str, *, code: str) -> None:
        self._line, self._phone, self._code = line, phone, code

    def had_a_case(self, words: str, *, answer: str, ago: timedelta) -> None:
        """They texted a matter so long ago; it stands open, or has been answered since.

        What the intake takes for no matter is registered all the same: the conversation is about a case.
        """
        at = BEGINNING - ago
        self.text(words, after=-ago)
        case = self._cases().first()
        if case is None:
            matter = Matter(text=words, channel=Channel.SMS, phone=self._phone, proven=True)
            opened = register(matter, key=f"bench:{self._phone}", by=Actor.citizen(channel=Channel.SMS), at=at)
            case = Case.objects.get(pk=opened.case_id)
        if answer:
            at = BEGINNING - min(ago / 2, ANSWERED_WITHIN)
            self._line.turn_to(at)
            by = self._line.inspector if case.confidential else self._line.coordinator
            give_answer(case, by=Actor.staff(by), text=answer, at=at)
        self._do_jobs()

    def text(self, words: str, *, after: timedelta) -> Done:
        """They text this; `{code}` in it stands for the code of their case."""
        words = self._with_codes(words)
        at, before = BEGINNING + after, _last_rows()
        open_before = set(self._cases().filter(state__in=OPEN).values_list("pk", flat=True))
        had_case, language, was_written_to = self._cases().exists(), self._language(), self._is_written_to(at)
        self._line.bring(self._phone, words, at=at)
        self._do_jobs()
        replies = self._replies(since=before[Interaction])
        facts = {_kind_of(each) for each in replies} | self._of_cases(before, open_before=open_before)
        if replies and Inquiry.objects.filter(pk__gt=before[Inquiry]).exists():
            facts.add("answer")
        if self._language() != language or any(not _VIETNAMESE.search(each.body) for each in replies):
            facts.add("language")
        if had_case:
            facts.add("case")
        is_written_to = self._is_written_to(at)
        if not is_written_to:
            facts |= {"stop", "stopped"} if was_written_to else {"stop"}
        elif not was_written_to:
            facts.add("start")
        if self._is_lost(since=before[Part]):
            facts.add("lost")
        return Done(words, frozenset(facts), tuple(each.body for each in replies))

    def _with_codes(self, words: str) -> str:
        """The words with the codes that the city really gave: their own first case's, or a stranger's."""
        own = self._cases().values_list("code", flat=True).first() or NOBODYS_CODE
        named = {self._code: own} if self._code else {}
        words = _CODE_AS_WRITTEN.sub(lambda found: _typed(named.get(found[0], self._line.strangers_code)), words)
        return _CODE_MARK.sub(lambda found: own if found["loose"] else _typed(own), words)

    def _cases(self) -> QuerySet[Case]:
        return Case.objects.filter(contact__phone=self._phone).order_by("pk")

    def _language(self) -> str:
        return Contact.objects.filter(phone=self._phone).values_list("language", flat=True).first() or "vi"

    def _is_written_to(self, at: datetime) -> bool:
        """Whether what the city sends of its own accord is queued for this number: asked by queueing it, and taken back."""
        with transaction.atomic():
            queued = outbound.send(self._phone, "1022", purpose=Purpose.REMINDER, key=f"bench:{self._phone}:ask", at=at)
            transaction.set_rollback(True)
        return queued.text is not None and queued.text.state == Interaction.State.QUEUED

    def _replies(self, *, since: int) -> list[Interaction]:
        """What was sent back, but for the text of the register."""
        out = Interaction.objects.filter(
            address=self._phone, direction=Interaction.Direction.OUT, channel=Channel.SMS, pk__gt=since
        )
        return list(out.exclude(case_link__event__action="register").order_by("pk"))

    def _of_cases(self, before: dict[type[Model], int], *, open_before: set[int]) -> set[str]:
        """What became of their cases by a text."""
        facts = set()
        opened = self._cases().filter(pk__gt=before[Case])
        arrived = Interaction.objects.filter(pk__gt=before[Interaction], direction=Interaction.Direction.IN)
        joined = Case.objects.filter(
            pk__in=CaseInteraction.objects.filter(interaction__in=arrived, case__lte=before[Case]).values("case")
        )
        if opened:
            facts.add("opened")
        if joined:
            facts.add("joined")
        if any(case.urgent or case.danger_level != Level.NONE for case in [*opened, *joined]):
            facts.add("danger")
        if Case.objects.filter(pk__in=open_before).exclude(state__in=OPEN).exists():
            facts.add("closed")
        return facts

    def _is_lost(self, *, since: int) -> bool:
        """Whether the text was put aside because of an error of ours."""
        aside = Part.objects.filter(sender=self._phone, state=Part.State.DEAD_LETTER, pk__gt=since)
        return aside.exclude(trouble__in=list(Automatic)).exists()

    def _do_jobs(self) -> None:
        """What the worker does within seconds, and the carrier, who delivers all that waits."""
        while jobs := list(
            ProcrastinateJob.objects.filter(pk__gt=self._line.last_job, scheduled_at=None).order_by("-priority", "pk")
        ):
            self._line.last_job = max(job.pk for job in jobs)
            for job in jobs:
                if job.task_name not in NOT_OF_THE_CITIZEN:
                    app.tasks[job.task_name](**job.args)
        waiting = Interaction.objects.filter(address=self._phone, state=Interaction.State.QUEUED)
        waiting.update(state=Interaction.State.DELIVERED, settled_at=clock.now())


def _last_rows() -> dict[type[Model], int]:
    return {
        rows: rows._default_manager.aggregate(last=Max("pk"))["last"] or 0
        for rows in (Case, Interaction, Inquiry, Part)
    }


def _typed(code: str) -> str:
    """As it is displayed, with the spaces that a phone types."""
    return " ".join(codes.spoken(code).split())


def _kind_of(reply: Interaction) -> str:
    """What a reply is for: help, status, answer, or only words."""
    if reply.purpose == Purpose.RECEIPT and _KEYWORDS.search(reply.body):
        return "help"
    if _CODE.search(reply.body):
        return "status" if reply.purpose == Purpose.ANSWER or _names_a_state(reply.body) else "words"
    return "answer" if reply.purpose == Purpose.ANSWER else "words"


def _names_a_state(words: str) -> bool:
    return any(label in words for label in _labels())


def _labels() -> Iterable[str]:
    for language in ("vi", "en"):
        with override(language):
            yield from (str(state.label) for state in State)
