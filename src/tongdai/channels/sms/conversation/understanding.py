"""A text is understood once, before the transaction that takes it in: one value that says what is to be done with it.

Here all is asked that has to be known for that: whose code it is, what was offered to this phone, whether the base of
answers knows it. Nothing is written here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property

from tongdai.cases import codes
from tongdai.cases.access import proofs
from tongdai.cases.models import Case, CaseInteraction
from tongdai.cases.routing import suggest_topic
from tongdai.cases.triage.danger import Level
from tongdai.cases.triage.judgement import NOTHING, Judgement, judge
from tongdai.cases.triage.kind import Kind
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
from .before import Before, before, last_of, wanted_language
from .grammar import Choice, DossierStatus, Help, KeywordAlone, Matter, NoReply, WrongCode
from .reading import is_surely_no_danger, read

OFFERED_FOR = timedelta(hours=24)
MOST_OFFERED = 3
MOST_ROWS = 3
MOST_LISTED = 30  # rows of a table that is listed whole
LONGEST_QUESTION = 320  # characters of one asked without a keyword
A_SENTENCE = 4  # words after a table's keyword that may as well be a sentence: "Số nhà 5 Lạch Tray mất điện"
SHORT_CODE = 6  # digits, at most


@dataclass(frozen=True)
class Text:
    """What a citizen wrote, out of its parts in order.

    `scheme`: how it had been written before it was turned into Unicode. `incomplete`: parts of it never came. `late`: a
    part that came after its text was taken in without it, as these interactions (`taken_in_as`). `begun`: the first part
    of a long text, whose others are still to come. `wanted`: the language that the number asked for.
    """

    body: str
    parts: tuple[Part, ...]
    phone: str | None
    readable: bool = True
    scheme: str = ""
    incomplete: bool = False
    late: bool = False
    taken_in_as: tuple[int, ...] = ()
    begun: bool = False
    wanted: str = "vi"

    @property
    def key(self) -> str:
        """Names this very text, whatever is done with it."""
        return f"sms:{self.parts[-1].pk}"

    @cached_property
    def language(self) -> str:
        """What it is answered in: `en` where it is English, or where that was asked for and this is no Vietnamese; else `vi`."""
        if is_english(self.body):
            return "en"
        return self.wanted if self.body.isascii() else "vi"

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
        written_in = {"written_in": self.scheme} if self.scheme else {}
        return {"pieces": len(self.parts), **{name: True for name, so in marks.items() if so}, **written_in}


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
class GoOn:
    """Keep the text in the history of the number's own case that it goes on with. `kind`: as what it is acknowledged.

    `asked`: what it asks beside that, and nobody knows surely.
    """

    case_id: int
    kind: Kind
    asked: Answer | None = None


@dataclass(frozen=True)
class AnswerStatus:
    """Say how a case stands. `own_id`: its row, where the text comes from its proven number; `adds`: keep the text with it."""

    code: str
    own_id: int | None = None
    adds: bool = False


@dataclass(frozen=True)
class NoCase:
    """Say that there is none of this number's to tell about: it asked how its case stands."""


@dataclass(frozen=True)
class Refuse:
    """No more texts of our own accord to this number; `not refused`: again, as before."""

    refused: bool


@dataclass(frozen=True)
class Speak:
    """Write to this number in another language from now on: `en` or `vi`."""

    language: str


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
    Matter | Add | GoOn | AnswerStatus | NoCase | NoteConsent | Answer | AnswerRows | DossierStatus | Choice | WrongCode
    | KeywordAlone | Help | Refuse | Speak | NoReply | Automatic | Warn | Wait
)  # fmt: skip


@dataclass(frozen=True)
class Understanding:
    """What a text is, and what is to be done with it. `judged`: whether it speaks of danger."""

    text: Text
    todo: ToDo
    judged: Judgement

    @property
    def language(self) -> str:
        """What it is answered in: a question that is English to the base of answers is, few words though it has."""
        return (isinstance(self.todo, Answer) and self.todo.reply.language) or self.text.language


def understand(text: Text, *, at: datetime) -> Understanding:
    """What is to be done with this text. Reads, and writes nothing; call it outside the transaction of the intake."""
    judged = judge(text.body)
    if (judged.level is not Level.NONE or judged.own_life) and is_surely_no_danger(text.body):
        judged = NOTHING
    if text.begun:
        return Understanding(text, Warn() if judged.rung else Wait(), judged)
    if kind := _machine(text):
        return Understanding(text, kind, judged)
    if text.late:
        return Understanding(text, Add(_case_of_the_other_parts(text)), judged)
    text = replace(text, wanted=wanted_language(text.phone))
    asked = grammar.asks_for(text.body, tables=_keywords(), dossier=one_stop.code_in)
    if judged.own_life and isinstance(asked, grammar.Question | DossierStatus):  # no procedure stands beside it
        asked = Matter(text.body)
    if asked == Choice(0) and (offer := offered(text.phone, at=at)):  # the question that was not answered, for a person
        text = replace(text, body=offer.question)
        return Understanding(text, Matter(text.body), judge(text.body))
    return Understanding(text, _in_view_of_what_is_known(asked, text, judged, at=at), judged)


def offered(phone: str | None, *, at: datetime) -> Offer | None:
    """What this phone may still choose from."""
    if not phone:
        return None
    return Offer.objects.select_related("inquiry").filter(phone=phone, offered_at__gt=at - OFFERED_FOR).first()


def _machine(text: Text) -> Automatic | None:
    """Which machine's words these are, or whose name is no number of a person's. Danger passes, whatever a text looks like."""
    if text.phone is None and _is_a_name(text.sender):
        return None if judge(text.body).shown else Automatic.NAME
    found = machine(text.body)
    return found.kind if found and not judge(found.may_cry).shown else None


def _is_a_name(sender: str) -> bool:
    """`VIETTEL`, `191`: a company's name or a short code; a hidden sender is nobody's name."""
    return any(sign.isalpha() for sign in sender) or 0 < len(sender.lstrip("+")) <= SHORT_CODE


def _in_view_of_what_is_known(asked: grammar.Asked, text: Text, judged: Judgement, *, at: datetime) -> ToDo:
    """What the words ask for, now that we may look whose code it is and what went before, what the tables and the base know."""
    match asked:
        case grammar.Status():
            return _about_a_case(asked, text, judged, at=at)
        case grammar.Consent():
            return _consent(asked, text, judged, at=at)
        case grammar.Question():
            return _question_or_not(asked, text, judged, at=at)
        case grammar.LookUp():
            todo = _look_up(asked, text, judged)
            return _without_a_keyword(text, judged, at=at) if isinstance(todo, Matter) else todo
        case Choice():
            return _digit(asked, text, at=at)
        case Matter() | NoReply():
            return _without_a_keyword(text, judged, at=at)
        case grammar.Refusal():
            return Refuse(refused=True)
        case _:
            return asked


# ── what no keyword of ours says ─────────────────────────────────────────────────────────────────────────────────────


def _without_a_keyword(text: Text, judged: Judgement, *, at: datetime) -> ToDo:
    """By the words, and by what went before them. What isn't whole or can't be read is a matter: a person looks."""
    if not text.readable or text.incomplete:
        return Matter(text.body)
    if (code := grammar.code_within(text.body)) and (own := _own_case(code, text)):
        return _with_its_code(own, text, judged, at=at)
    gone_before = before(text.phone, at=at)
    reading = read(text.body, judged=judged, before=gone_before)
    if code and reading.kind is not Kind.MATTER:
        return AnswerStatus(code)
    match reading.kind:
        case Kind.MATTER:
            return Matter(text.body)
        case Kind.QUESTION:
            todo = _asked_in_words(text, gone_before, at=at)
            if reading.last and not (isinstance(todo, Answer) and todo.reply.certainty is Certainty.FOUND):
                return GoOn(reading.last.case.pk, reading.kind, todo if isinstance(todo, Answer) else None)
            return todo
        case Kind.STATUS:
            return AnswerStatus(reading.last.case.code, reading.last.case.pk, adds=True) if reading.last else NoCase()
        case Kind.HELP:
            return Help()
        case Kind.STOP | Kind.START:
            return Refuse(refused=reading.kind is Kind.STOP)
        case Kind.LANGUAGE:
            return Speak("vi" if "viet" in fold(text.body) else "en")
    return GoOn(reading.last.case.pk, reading.kind) if reading.last else NoReply()


def _with_its_code(case: Case, text: Text, judged: Judgement, *, at: datetime) -> ToDo:
    """Its own number quotes it: what isn't surely something else asks how it stands, and is kept with it."""
    reading = read(text.body, judged=judged, before=Before(last_of(case, at=at)))
    if reading.kind in (Kind.WITHDRAWAL, Kind.RATING, Kind.THANKS):
        return GoOn(case.pk, reading.kind)
    if (judged.level is Level.LIFE or judged.own_life) and not last_of(
        case, at=at
    ).is_open:  # nobody looks there any more
        return Matter(text.body)
    return AnswerStatus(case.code, case.pk, adds=True)


def _digit(asked: Choice, text: Text, *, at: datetime) -> ToDo:
    """A lone digit chooses from what was offered; where nothing was, it rates what the last case was answered."""
    last = None if offered(text.phone, at=at) else before(text.phone, at=at).last
    if last is None:
        return asked
    return NoReply() if last.is_open else GoOn(last.case.pk, Kind.RATING)


def _asked_in_words(text: Text, gone_before: Before, *, at: datetime) -> Answer | Matter:
    """`lam can cuoc het bao nhieu tien?`: answered like one with a keyword; for a person where it can't be now.

    What is asked a little later is asked about the same: of both together more may be known.
    """
    words = text.body.strip()
    if not text.phone or len(words) > LONGEST_QUESTION or not _may_answer(text.phone, at=at):
        return Matter(text.body)
    reply = _ask(words, text)
    if reply.certainty is not Certainty.FOUND and gone_before.question:
        both = f"{gone_before.question} {words}"
        if len(both) <= LONGEST_QUESTION and (more := _ask(both, text)).certainty is Certainty.FOUND:
            return Answer(both, more, bare=True)
    return Answer(words, reply, bare=True)


# ── cases ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _about_a_case(asked: grammar.Status, text: Text, judged: Judgement, *, at: datetime) -> ToDo:
    """What its own number adds is kept with the case; a stranger's words after a code may be a matter of theirs."""
    case = _own_case(asked.code, text)
    if not asked.rest:
        return AnswerStatus(asked.code, case.pk if case else None)
    if case is not None:
        return _with_its_code(case, text, judged, at=at)
    is_matter = read(asked.rest, judged=judged, before=Before()).kind is Kind.MATTER
    return Matter(text.body) if is_matter else AnswerStatus(asked.code)


def _consent(asked: grammar.Consent, text: Text, judged: Judgement, *, at: datetime) -> ToDo:
    """To whom nothing was asked, a yes alone is no matter, and a no may be one: a person looks."""
    digits = asked.digits
    if digits and not codes.is_valid(digits):
        return WrongCode(digits)
    if not digits:
        waiting = consents().waiting_for(text.phone) if text.phone else None
        if waiting is None:
            return NoReply() if asked.agrees else _without_a_keyword(text, judged, at=at)
        digits = waiting.code
    case = _own_case(digits, text)
    return NoteConsent(case.pk, asked.agrees) if case else AnswerStatus(digits)


def _own_case(code: str, text: Text) -> Case | None:
    """The case with this code, if the text comes from its proven number."""
    case = Case.objects.select_related("contact").filter(code=code).first()
    return case if case is not None and proofs.is_number_of(case, text.phone) else None


def _case_of_the_other_parts(text: Text) -> int | None:
    """The case that was opened from the parts of this text which came in time."""
    links = CaseInteraction.objects.filter(interaction__in=text.taken_in_as).order_by("-pk")
    return links.values_list("case", flat=True).first()


# ── questions ────────────────────────────────────────────────────────────────────────────────────────────────────────


def _question_or_not(asked: grammar.Question, text: Text, judged: Judgement, *, at: datetime) -> ToDo:
    """`hỏi kết quả`, `hoi hon hom qua` (hôi hơn hôm qua): the word alone makes no question where the whole says otherwise."""
    todo = _question(asked, text)
    if isinstance(todo, Answer) and (asked.by_command or todo.reply.certainty is Certainty.FOUND):
        return todo
    otherwise = _without_a_keyword(text, judged, at=at)
    nothing_else = isinstance(otherwise, Matter | Answer | NoReply | NoCase)
    return todo if isinstance(todo, Answer) and nothing_else else otherwise


def _question(asked: grammar.Question, text: Text) -> Answer | Matter:
    """`Hoi phu nu phuong keu rac`: it began like a question, but speaks of something to be done, or of danger."""
    reply = _ask(asked.words, text)
    to_be_done = judge(asked.words).shown or (not asked.sure and suggest_topic(asked.words) is not None)
    if to_be_done and reply.certainty is not Certainty.FOUND:
        return Matter(text.body)
    return Answer(asked.words, reply, bare=False)


def _may_answer(phone: str, *, at: datetime) -> bool:
    return limits.left(phone, limits.of_a_conversation(Purpose.ANSWER), at=at) > 0


def _ask(words: str, text: Text) -> Reply:
    """What the base knows; of a procedure its name alone, for most texts are no questions."""
    return ask(words, most=MOST_OFFERED, names_only=True, language=text.language)


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
