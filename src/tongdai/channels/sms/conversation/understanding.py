"""A text is understood once, before the transaction that takes it in: one value that says what is to be done with it.

Here all is asked that has to be known for that: whose code it is (`own_case`), what was offered to this phone and whether
the base of answers knows it (`questions`), whether a table does (`tables`). Nothing is written here.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from tongdai.cases.triage.danger import Level
from tongdai.cases.triage.judgement import NOTHING, Judgement, judge
from tongdai.cases.triage.kind import Kind
from tongdai.knowledge.dossiers import one_stop
from tongdai.knowledge.search.certainty.result import Certainty
from tongdai.language.text import fold

from . import grammar, own_case, questions, tables
from .automatic import Automatic, machine
from .before import Before, before, wanted_language
from .grammar import Choice, Help, Matter, NoReply, Refuse
from .reading import is_plainly_stray, is_surely_no_danger, read
from .text import Text
from .todo import Add, Answer, AnswerStatus, Courtesy, GoOn, NoCase, Reopen, Reply, Speak, ToDo, Wait, Warn, Withdraw

SHORT_CODE = 6  # digits, at most


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
    if (judged.level is not Level.NONE or judged.own_life) and is_surely_no_danger(text.body, judged):
        judged = NOTHING
    if text.begun:
        return Understanding(text, Warn() if judged.rung else Wait(), judged)
    if kind := _machine(text):
        return Understanding(text, kind, judged)
    if text.late:
        return Understanding(text, Add(own_case.of_the_other_parts(text)), judged)
    text = replace(text, wanted=wanted_language(text.phone))
    asked = grammar.asks_for(text.body, tables=tables.keywords(), dossier=one_stop.code_in)
    if judged.own_life and isinstance(asked, grammar.Question | grammar.DossierStatus):  # no procedure stands beside it
        asked = Matter(text.body)
    if asked == Choice(0) and (offer := questions.offered(text.phone, at=at)):  # what was not answered, for a person
        text = replace(text, body=offer.question)
        return Understanding(text, Matter(text.body), judge(text.body))
    return Understanding(text, _in_view_of_what_is_known(asked, text, judged, at=at), judged)


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
            return own_case.by_code(asked, text, judged, at=at)
        case grammar.Consent():
            if not asked.digits and (waits := _waiting_case(text, at=at)) and not own_case.is_asked_for_consent(text):
                return Reply(waits)  # "có", "không": what was asked
            return own_case.consent(asked, text) or _without_a_keyword(text, judged, at=at)
        case grammar.Question():
            return _question_or_not(asked, text, judged, at=at)
        case grammar.LookUp():
            todo = tables.look_up(asked, text, judged)
            return _without_a_keyword(text, judged, at=at) if isinstance(todo, Matter) else todo
        case Choice():
            return own_case.digit(asked, text, at=at)
        case Matter() | NoReply():
            return _without_a_keyword(text, judged, at=at)
        case _:
            return asked


def _question_or_not(asked: grammar.Question, text: Text, judged: Judgement, *, at: datetime) -> ToDo:
    """`hỏi kết quả`, `hoi hon hom qua` (hôi hơn hôm qua): the word alone makes no question where the whole says otherwise."""
    todo = questions.with_a_keyword(asked, text)
    if isinstance(todo, Answer) and (asked.by_command or todo.reply.certainty is Certainty.FOUND):
        return todo
    otherwise = _without_a_keyword(text, judged, at=at)
    nothing_else = isinstance(otherwise, Matter | Answer | NoReply | NoCase | Courtesy)
    return todo if isinstance(todo, Answer) and nothing_else else otherwise


# ── what no keyword of ours says ─────────────────────────────────────────────────────────────────────────────────────


def _without_a_keyword(text: Text, judged: Judgement, *, at: datetime) -> ToDo:
    """By the words, and by what went before them. What isn't whole or can't be read is a matter: a person looks."""
    if not text.readable or text.incomplete:
        return Matter(text.body)
    if (code := grammar.code_within(text.body)) and (own := own_case.with_code(code, text)):
        return own_case.quoted(own, text, judged, at=at, words=grammar.without_codes(text.body) if own.waits else "")
    gone_before = before(text.phone, at=at)
    reading = read(text.body, judged=judged, before=gone_before)
    if code and reading.kind is not Kind.MATTER:
        return AnswerStatus(code)
    last = reading.last
    waits = gone_before.last if gone_before.last and gone_before.last.case.waits else None
    if waits and (own_case.says_yes_or_no(text.body) or own_case.is_reply(text, reading.kind)):
        return Reply(waits.case.pk)
    match reading.kind:
        case Kind.MATTER:
            return Matter(text.body)
        case Kind.DETAIL if last and not last.is_open:
            return Reopen(last.case.pk) if own_case.may_be_reopened(last, at=at) else Matter(text.body)
        case Kind.QUESTION:
            return _question(text, gone_before, about=last.case.pk if last else None, at=at)
        case Kind.STATUS:
            return AnswerStatus(last.case.code, last.case.pk, adds=True) if last else NoCase()
        case Kind.CODE:
            return own_case.codes_of(text, last)
        case Kind.NO_NAME:
            return own_case.without_a_name(text, last)
        case Kind.INSULT | Kind.MISTAKE:
            return GoOn(last.case.pk, reading.kind) if last else Courtesy(reading.kind)
        case Kind.RATING if last:
            return own_case.rated(text.body, last)
        case Kind.WITHDRAWAL if last and last.is_open:
            return Withdraw(last.case.pk)
        case Kind.HELP:
            return Help()
        case Kind.STOP | Kind.START:
            return Refuse(refused=reading.kind is Kind.STOP)
        case Kind.LANGUAGE:
            return Speak("vi" if "viet" in fold(text.body) else "en")
    if last:
        return GoOn(last.case.pk, reading.kind)
    return NoReply() if grammar.is_a_nod(text.body) or is_plainly_stray(text.body) else Courtesy(reading.kind)


def _waiting_case(text: Text, *, at: datetime) -> int | None:
    """The case of this number that waits for a reply, if that is what was spoken of last."""
    last = before(text.phone, at=at).last
    return last.case.pk if last and last.case.waits else None


def _question(text: Text, gone_before: Before, *, about: int | None, at: datetime) -> ToDo:
    """What is not surely known is kept with the open case (`about`) it is asked beside, unless it goes on with a question."""
    todo = questions.in_words(text, gone_before, at=at)
    answer = todo if isinstance(todo, Answer) else None
    if about is None or answer and answer.reply.certainty is Certainty.FOUND:
        return todo
    if answer and answer.reply.answers and gone_before.question:
        return answer
    return GoOn(about, Kind.QUESTION, answer)
