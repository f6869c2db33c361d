"""What a text says of a case that is there: by its code, or because its own number has it. Who is a stranger to it learns no more
than anyone may."""

from __future__ import annotations

from datetime import datetime

from tongdai.cases import codes
from tongdai.cases.access import proofs
from tongdai.cases.actions.rate import LEAST, MOST, unrated
from tongdai.cases.actions.reopen import may_reopen
from tongdai.cases.actor import Actor
from tongdai.cases.models import Case, CaseInteraction
from tongdai.cases.states import OPEN
from tongdai.cases.triage.danger import Level
from tongdai.cases.triage.judgement import Judgement
from tongdai.cases.triage.kind import Kind
from tongdai.language.text import fold
from tongdai.people.models import Channel

from ..consents import consents
from . import grammar
from .before import Before, LastCase, before, last_of
from .grammar import Choice, Matter, NoReply, WrongCode
from .questions import offered
from .reading import read
from .stars import stars_of
from .text import Text
from .todo import AnswerStatus, Courtesy, GoOn, NoCase, NoteConsent, Rate, Reopen, Reply, TellCodes, ToDo, Withdraw

CITIZEN = Actor.citizen(channel=Channel.SMS)
REPLIES = frozenset({Kind.MATTER, Kind.DETAIL, Kind.STRAY})  # what a text may be that says what was asked
YES_OR_NO = frozenset({
    "co", "da co", "khong", "da khong", "ko", "k", "chua", "da chua", "roi", "dung", "dung roi", "dung vay", "khong dung", "sai",
    "yes", "no",
})  # fmt: skip
MOST_TOLD = 4  # open cases of one number that are told in one text


def by_code(asked: grammar.Status, text: Text, judged: Judgement, *, at: datetime) -> ToDo:
    """What its own number adds is kept with the case; a stranger's words after a code may be a matter of theirs."""
    case = with_code(asked.code, text)
    if not asked.rest:
        return AnswerStatus(asked.code, case.pk if case else None)
    if case is not None:
        return quoted(case, text, judged, at=at, words=asked.rest if case.waits else "")
    is_matter = read(asked.rest, judged=judged, before=Before()).kind is Kind.MATTER
    return Matter(text.body) if is_matter else AnswerStatus(asked.code)


def with_code(code: str, text: Text) -> Case | None:
    """The case with this code, if the text comes from its proven number."""
    case = Case.objects.select_related("contact").filter(code=code).first()
    return case if case is not None and proofs.is_number_of(case, text.phone) else None


def quoted(case: Case, text: Text, judged: Judgement, *, at: datetime, words: str = "") -> ToDo:
    """Its own number quotes its code: what isn't surely something else asks how it stands, and is kept with it.

    `words`: what it says beside the code, where that alone is to be read.
    """
    last = last_of(case, at=at)
    reading = read(words or text.body, judged=judged, before=Before(last))
    if reading.kind is Kind.WITHDRAWAL and last.is_open:
        return Withdraw(case.pk, named=True)
    if reading.kind is Kind.RATING:
        return rated(text.body, last)
    if reading.kind in (Kind.WITHDRAWAL, Kind.THANKS):
        return GoOn(case.pk, reading.kind)
    if reading.kind is Kind.NO_NAME:
        return NoteConsent(case.pk, agrees=False)
    if case.waits and (reading.kind in REPLIES or says_yes_or_no(words)):
        return Reply(case.pk, named=True)
    in_danger = judged.level is Level.LIFE or judged.own_life
    if in_danger and not last.is_open:  # nobody looks there any more
        return Matter(text.body)
    if judged.denunciation and not case.confidential and not last.is_open:  # never before who may be accused in it
        return Matter(text.body)
    if reading.kind in (Kind.MATTER, Kind.DETAIL) and may_be_reopened(last, at=at):
        return Reopen(case.pk)
    return AnswerStatus(case.code, case.pk, adds=True)


def says_yes_or_no(words: str) -> bool:
    """Whether it is one of the short words that mean nothing but an answer to what was asked."""
    return fold(words).strip(" .,!").removesuffix(" a") in YES_OR_NO


def is_reply(text: Text, kind: Kind) -> bool:
    """Whether words of this kind, after a question and without a code, are the reply; an OK alone has only read it."""
    return kind is Kind.DETAIL or (kind is Kind.STRAY and not grammar.is_a_nod(text.body))


def may_be_reopened(last: LastCase, *, at: datetime) -> bool:
    """Whether more about this case reopens it."""
    return may_reopen(last.case, by=CITIZEN, at=at)


def rated(words: str, last: LastCase) -> ToDo:
    """What they rate with so many stars; words that give none, or of what was never answered, are kept with the case."""
    stars = stars_of(words) if last.is_answered else None
    return GoOn(last.case.pk, Kind.RATING) if stars is None else Rate(last.case.pk, stars)


def consent(asked: grammar.Consent, text: Text) -> ToDo | None:
    """A yes or no to what the city asked. To whom nothing was asked, a yes alone is no matter, and a no may be one: None."""
    digits = asked.digits
    if digits and not codes.is_valid(digits):
        return WrongCode(digits)
    if not digits:
        waiting = consents().waiting_for(text.phone, agrees=asked.agrees) if text.phone else None
        if waiting is None:
            return NoReply() if asked.agrees else None
        digits = waiting.code
    case = with_code(digits, text)
    return NoteConsent(case.pk, asked.agrees) if case else AnswerStatus(digits)


def is_asked_for_consent(text: Text) -> bool:
    """Whether this number was asked for a consent and has said neither yes nor no."""
    phone = text.phone
    return phone is not None and any(consents().waiting_for(phone, agrees=each) for each in (True, False))


def without_a_name(text: Text, last: LastCase | None) -> ToDo:
    """`toi ko muon lo ten`: a no to what the city asks about their name; where nothing is asked, it stands in the history."""
    waiting = consents().waiting_for(text.phone, agrees=False) if text.phone else None
    if waiting is not None:
        return NoteConsent(waiting.pk, agrees=False)
    return GoOn(last.case.pk, Kind.NO_NAME) if last else Courtesy(Kind.NO_NAME)


def codes_of(text: Text, last: LastCase | None) -> ToDo:
    """`ma so toi quen roi`: the number is the one they were sent to, so it is told them again, as how a case stands is."""
    found = Case.objects.filter(contact__phone=text.phone, number_proven_at__isnull=False, erased_at=None)
    own = list(found.filter(state__in=OPEN).order_by("-received_at", "-pk").values_list("pk", flat=True)[:MOST_TOLD])
    if not own and last is not None:
        own = [last.case.pk]
    return TellCodes(tuple(own)) if own and text.phone else NoCase()


def digit(asked: Choice, text: Text, *, at: datetime) -> ToDo:
    """A lone digit chooses from what was offered; where nothing was, it rates what the last case was answered.

    A 0 calls for a person: where a case is open, it is said who has it and how to go on.
    """
    last = None if offered(text.phone, at=at) else before(text.phone, at=at).last
    if last is None:
        return asked
    if last.case.waits and asked.number:  # how many, how often
        return Reply(last.case.pk)
    if last.is_open:
        return GoOn(last.case.pk, Kind.HELP) if asked.number == 0 else _of_an_older_case(asked.number, text)
    return Rate(last.case.pk, asked.number) if last.is_answered else GoOn(last.case.pk, Kind.RATING)


def _of_an_older_case(number: int, text: Text) -> ToDo:
    """With a newer case open, a digit still rates what an older one was answered: its text invited to that."""
    answered = Case.objects.filter(contact__phone=text.phone, number_proven_at__isnull=False, erased_at=None)
    answered = answered.filter(answered_at__isnull=False).exclude(state__in=OPEN).order_by("-answered_at", "-pk")
    case = answered.first()
    if case is not None and LEAST <= number <= MOST and unrated(case) is not None:
        return Rate(case.pk, number)
    return NoReply()


def of_the_other_parts(text: Text) -> int | None:
    """The case that was opened from the parts of this text which came in time."""
    links = CaseInteraction.objects.filter(interaction__in=text.taken_in_as).order_by("-pk")
    return links.values_list("case", flat=True).first()
