"""A text is understood once, before the transaction that takes it in: one value that says what is to be done with it.

Here all is asked that has to be known for that: whose code it is, what was offered to this phone, whether the base of
answers knows it. Nothing is written here.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property

from tongdai.cases import codes
from tongdai.cases.access import proofs
from tongdai.cases.models import Case, CaseInteraction
from tongdai.cases.routing import suggest_topic
from tongdai.cases.triage.judgement import Judgement, judge
from tongdai.channels import limits
from tongdai.directory.freshness import Fresh
from tongdai.knowledge.ask import Reply, ask
from tongdai.knowledge.dossiers import one_stop
from tongdai.knowledge.lookups import row_search
from tongdai.knowledge.models import LookupRow, LookupTable, State
from tongdai.knowledge.search.finder import Certainty
from tongdai.language.english import is_english
from tongdai.language.text import fold
from tongdai.people.purposes import Purpose
from tongdai.platform.clock import today

from ..consents import consents
from ..models import Offer, Part
from . import grammar
from .automatic import Automatic, machine
from .grammar import Choice, DossierStatus, Help, KeywordAlone, Matter, NoReply, WrongCode

OFFERED_FOR = timedelta(hours=24)
MOST_OFFERED = 3
MOST_ROWS = 3
MOST_LISTED = 30  # rows of a table that is listed whole
LONGEST_QUESTION = 160  # characters of one asked without a keyword
A_SENTENCE = 4  # words after a table's keyword that may as well be a sentence: "Số nhà 5 Lạch Tray mất điện"
_UNHAPPY = re.compile(
    r"\b(?:(?:chua|khong|ko|k|chang) (?:thay|duoc|tra|nhan|giai quyet|ai|chiu|lam|xong|den|goi)|mai (?:chua|khong|van)|"
    r"phan anh|khieu nai|to cao|de nghi|kien nghi|yeu cau|qua han|tre hen|cham|lau roi|lau qua|nhung nhieu|hach sach|"
    r"thai do|tai sao|vi sao|hong|bi)\b"
)  # somebody waits, or complains: a person should read it


@dataclass(frozen=True)
class Text:
    """What a citizen wrote, out of its parts in order.

    `incomplete`: parts of it never came. `late`: a part that came after its text was taken in without it. `begun`: the
    first part of a long text, whose others are still to come.
    """

    body: str
    parts: tuple[Part, ...]
    phone: str | None
    readable: bool = True
    incomplete: bool = False
    late: bool = False
    begun: bool = False

    @property
    def key(self) -> str:
        """Names this very text, whatever is done with it."""
        return f"sms:{self.parts[-1].pk}"

    @cached_property
    def language(self) -> str:
        """What it is answered in: `en` where it is English, else `vi`."""
        return "en" if is_english(self.body) else "vi"

    @property
    def sender(self) -> str:
        return self.parts[0].sender

    @property
    def destination(self) -> str:
        return self.parts[0].destination

    @cached_property
    def digest(self) -> str:
        """Of the words, by which the same text is known again."""
        return hashlib.sha256(grammar.same_words(self.body).encode("utf-8", "replace")).hexdigest()

    @property
    def detail(self) -> dict[str, str | int | bool]:
        """How it came, as its interaction has it on record."""
        marks = {"unreadable": not self.readable, "incomplete": self.incomplete, "late": self.late}
        return {"pieces": len(self.parts), **{name: True for name, so in marks.items() if so}}


# ── what is to be done ───────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Warn:
    """Say whom to ring, at once: the first part of a long text speaks of danger."""


@dataclass(frozen=True)
class Wait:
    """Do nothing before the other parts have come."""


@dataclass(frozen=True)
class Add:
    """Keep the text with a case that is there already; with none if that case isn't known."""

    case_id: int | None


@dataclass(frozen=True)
class AnswerStatus:
    """Say how a case stands. `own_id`: its row, where the text comes from its proven number; `adds`: keep the text with it."""

    code: str
    own_id: int | None = None
    adds: bool = False


@dataclass(frozen=True)
class NoteConsent:
    """Keep what the case's own number answered to a question of the city's."""

    case_id: int
    agrees: bool


@dataclass(frozen=True)
class Answer:
    """Answer a question, or offer what may be meant. `bare`: it came without a keyword."""

    words: str
    reply: Reply
    bare: bool


@dataclass(frozen=True)
class AnswerRows:
    """Tell rows of the tables with this keyword; `rows` is empty where none fits. `by_place`: they are asked for by ward."""

    keyword: str
    words: str
    tables: Sequence[LookupTable]
    rows: Sequence[LookupRow]
    by_place: bool


ToDo = (
    Matter | Add | AnswerStatus | NoteConsent | Answer | AnswerRows | DossierStatus | Choice | WrongCode | KeywordAlone | Help
    | NoReply | Automatic | Warn | Wait
)  # fmt: skip


@dataclass(frozen=True)
class Understanding:
    """What a text is, and what is to be done with it. `judged`: whether it speaks of danger."""

    text: Text
    todo: ToDo
    judged: Judgement


def understand(text: Text, *, at: datetime) -> Understanding:
    """What is to be done with this text. Reads, and writes nothing; call it outside the transaction of the intake."""
    judged = judge(text.body)
    if text.begun:
        return Understanding(text, Warn() if judged.rung else Wait(), judged)
    if kind := _machine(text):
        return Understanding(text, kind, judged)
    if text.late:
        return Understanding(text, Add(_case_of_the_other_parts(text)), judged)
    asked = grammar.asks_for(text.body, tables=_keywords(), dossier=one_stop.code_in)
    if asked == Choice(0) and (offer := offered(text.phone, at=at)):  # the question that was not answered, for a person
        text = replace(text, body=offer.question)
        return Understanding(text, Matter(text.body), judge(text.body))
    todo = _in_view_of_what_is_known(asked, text, judged)
    if isinstance(asked, Matter | grammar.LookUp) and isinstance(todo, Matter):
        todo = _surely_a_question(text, todo, judged, at=at) or todo
    return Understanding(text, todo, judged)


def offered(phone: str | None, *, at: datetime) -> Offer | None:
    """What this phone may still choose from."""
    if not phone:
        return None
    return Offer.objects.select_related("use").filter(phone=phone, offered_at__gt=at - OFFERED_FOR).first()


def _machine(text: Text) -> Automatic | None:
    """Which machine's words these are. Danger passes, whatever else a text looks like."""
    found = machine(text.body)
    return found.kind if found and not judge(found.may_cry).shown else None


def _in_view_of_what_is_known(asked: grammar.Asked, text: Text, judged: Judgement) -> ToDo:
    """What the words ask for, now that we may look whose code it is and what the tables and the base know."""
    match asked:
        case grammar.Status():
            return _about_a_case(asked, text)
        case grammar.Consent():
            return _consent(asked, text)
        case grammar.Question():
            return _question(asked, text)
        case grammar.LookUp():
            return _look_up(asked, text, judged)
        case _:
            return asked


# ── cases ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _about_a_case(asked: grammar.Status, text: Text) -> AnswerStatus | Matter:
    """A stranger's words after a code are a matter; what its own number adds is kept with the case."""
    case = _own_case(asked.code, text)
    if case is None and asked.rest:
        return Matter(text.body)
    return AnswerStatus(asked.code, case.pk if case else None, adds=bool(asked.rest))


def _consent(asked: grammar.Consent, text: Text) -> ToDo:
    """To whom nothing was asked, a yes alone is no matter, and a no may be one: a person looks."""
    digits = asked.digits
    if digits and not codes.is_valid(digits):
        return WrongCode(digits)
    if not digits:
        waiting = consents().waiting_for(text.phone) if text.phone else None
        if waiting is None:
            return NoReply() if asked.agrees else Matter(text.body)
        digits = waiting.code
    case = _own_case(digits, text)
    return NoteConsent(case.pk, asked.agrees) if case else AnswerStatus(digits)


def _own_case(code: str, text: Text) -> Case | None:
    """The case with this code, if the text comes from its proven number."""
    case = Case.objects.select_related("contact").filter(code=code).first()
    return case if case is not None and proofs.is_number_of(case, text.phone) else None


def _case_of_the_other_parts(text: Text) -> int | None:
    """The case that was opened from the parts of this text which came in time."""
    part = text.parts[0]
    in_time = Part.objects.filter(
        sender=part.sender,
        destination=part.destination,
        reference=part.reference,
        total=part.total,
        state=Part.State.PARTIAL,
    )
    links = CaseInteraction.objects.filter(interaction__in=in_time.values("interaction")).order_by("-pk")
    return links.values_list("case", flat=True).first()


# ── questions ────────────────────────────────────────────────────────────────────────────────────────────────────────


def _question(asked: grammar.Question, text: Text) -> Answer | Matter:
    """`Hoi phu nu phuong keu rac`: it began like a question, but speaks of something to be done, or of danger."""
    reply = _ask(asked.words)
    to_be_done = judge(asked.words).shown or (not asked.sure and suggest_topic(asked.words) is not None)
    if to_be_done and reply.certainty is not Certainty.FOUND:
        return Matter(text.body)
    return Answer(asked.words, reply, bare=False)


def _surely_a_question(text: Text, matter: Matter, judged: Judgement, *, at: datetime) -> Answer | None:
    """`lam can cuoc het bao nhieu tien?`: no keyword, but surely something that is known, and nothing to be done.

    In any doubt it is a matter; and so it is where it couldn't be answered now.
    """
    body = text.body.strip()
    if not text.phone or text.incomplete or not text.readable or len(body) > LONGEST_QUESTION:
        return None
    if judged.shown or suggest_topic(body) is not None or _UNHAPPY.search(fold(body)):
        return None
    reply = _ask(matter.text)
    if reply.certainty is not Certainty.FOUND or reply.part is None or not _may_answer(text.phone, at=at):
        return None
    return Answer(matter.text, reply, bare=True)


def _may_answer(phone: str, *, at: datetime) -> bool:
    return limits.left(phone, limits.of_a_conversation(Purpose.ANSWER), at=at) > 0


def _ask(words: str) -> Reply:
    """What the base knows; of a procedure its name alone, for most texts are no questions."""
    return ask(words, most=MOST_OFFERED, names_only=True)


# ── tables ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def _look_up(asked: grammar.LookUp, text: Text, judged: Judgement) -> AnswerRows | Matter:
    """`COVID le chan`: the rows for that place, `SO cong an`: those of that name; `SO`: all of them.

    `Số nhà 5 Lạch Tray mất điện` began like a keyword, but is a sentence; what speaks of danger is a matter, too.
    """
    if judged.shown:
        return Matter(text.body)
    tables = list(LookupTable.objects.on(today()).filter(state=State.PUBLISHED, keyword__iexact=asked.keyword))
    by_place = row_search.has_places(tables)
    if asked.words:
        rows, topic = row_search.rows_for(asked.words, tables=tables, most=MOST_ROWS), suggest_topic(asked.words)
        is_long = topic is not None or len(asked.words.split()) >= A_SENTENCE
        if (topic is not None and not by_place) if rows else is_long:
            return Matter(text.body)
    else:
        rows = [] if by_place else row_search.whole(tables, most=MOST_LISTED)
    return AnswerRows(asked.keyword, asked.words, tables, rows, by_place)


_keywords = Fresh(
    lambda: frozenset(
        fold(keyword)
        for keyword in LookupTable.objects.filter(state=State.PUBLISHED)
        .exclude(keyword="")
        .values_list("keyword", flat=True)
    )
)
"""The keywords of the published look-up tables, folded: `COVID`."""
