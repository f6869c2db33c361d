"""A whole text becomes what it asks for: a new case, one more voice in an earlier one, a status, or a word of help."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property
from importlib import import_module
from types import ModuleType

import structlog
from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import override

from tongdai.cases import codes, proofs
from tongdai.cases.actions.join import join
from tongdai.cases.actions.register import Matter, register_all
from tongdai.cases.actor import Actor
from tongdai.cases.models import Case, CaseInteraction
from tongdai.cases.triage.judgement import judge
from tongdai.knowledge.dossiers import one_stop
from tongdai.people.interactions import contact_for, record_interaction
from tongdai.people.models import Channel, Interaction
from tongdai.platform.english import is_english
from tongdai.platform.vietnamese import clean

from ..inbound import parts
from ..models import Piece
from . import answers, grammar, replies
from .automatic import Automatic, machine

log = structlog.get_logger()
SAME_WORDS_JOIN = timedelta(hours=24)
CITIZEN = Actor.citizen(channel=Channel.SMS)


@dataclass(frozen=True)
class Text:
    """What a citizen said, out of its pieces in order. `late`: a part that came after its text was taken in."""

    said: str
    pieces: tuple[Piece, ...]
    phone: str | None
    readable: bool = True
    incomplete: bool = False
    late: bool = False

    @property
    def key(self) -> str:
        return f"sms:{self.pieces[-1].pk}"

    @property
    def language(self) -> str:
        """What it is answered in: `en` where it is English, else `vi`."""
        return "en" if is_english(self.said) else "vi"

    @property
    def sender(self) -> str:
        return self.pieces[0].sender

    @cached_property
    def words(self) -> str:
        """Digest of the words, by which the same text is known again."""
        return hashlib.sha256(grammar.same_words(self.said).encode("utf-8", "replace")).hexdigest()

    @property
    def detail(self) -> dict[str, str | int | bool]:
        marks = {"unreadable": not self.readable, "incomplete": self.incomplete, "late": self.late}
        return {"pieces": len(self.pieces), **{name: True for name, so in marks.items() if so}}


def take(whole: Sequence[Text], *, at: datetime) -> None:
    """Do what each text asks for; a machine's words are put aside. Call it in the transaction that stores the pieces."""
    automatic = {text.key: kind for text in whole if (kind := _automatic(text))}
    _put_aside([(text, automatic[text.key]) for text in whole if text.key in automatic], at=at)
    whole = [text for text in whole if text.key not in automatic]
    understood = [_understood(text, at=at) for text in whole]
    matters = [text for text, asked in understood if isinstance(asked, grammar.Matter) and not text.late]
    cases = _first_cases(matters, at=at)
    heard = _open(matters, cases, at=at)
    for text, asked in understood:
        if text.key not in heard:
            heard[text.key] = _answer(text, asked, cases, at=at)
    _settle([(text, heard[text.key]) for text, _asked in understood])


def _automatic(text: Text) -> Automatic | None:
    """Which machine's words these are. Danger passes, whatever else a text looks like."""
    found = machine(text.said)
    return found.kind if found and not judge(found.may_cry).shown else None


def _put_aside(texts: Sequence[tuple[Text, Automatic]], *, at: datetime) -> None:
    """Keep them for a person, each once a day: an answering machine says the same to every text it gets."""
    for text, kind in texts:
        known = Piece.objects.filter(
            sender=text.sender, words=text.words, trouble__in=list(Automatic), received_at__gt=at - SAME_WORDS_JOIN
        )
        state = Piece.State.TAKEN if known.exists() else Piece.State.KEPT
        for piece in text.pieces:
            piece.words, piece.state, piece.trouble = text.words, state, kind
        log.info("sms.automatic", kind=kind, state=state)
    parts.settle([piece for text, _kind in texts for piece in text.pieces if not piece._state.adding])


def _open(matters: Sequence[Text], cases: dict[tuple[str, str], int], *, at: datetime) -> dict[str, int]:
    """A case for each new matter, all in one go; what was said before is left to `_answer`. Text → interaction."""
    new: dict[tuple[str, str], Text] = {}
    for text in matters:
        said = (text.sender, text.words) if text.sender else (text.key, "")  # of hidden senders none is another's
        if said not in cases:
            new.setdefault(said, text)
    opened = register_all([(_matter(text), text.key) for text in new.values()], by=CITIZEN, at=at)
    cases |= {said: case.case_id for said, case in zip(new, opened, strict=True)}
    return {text.key: case.interaction_id for text, case in zip(new.values(), opened, strict=True)}


def _matter(text: Text) -> Matter:
    return Matter(
        text=text.said,
        channel=Channel.SMS,
        phone=text.phone or "",
        proven=bool(text.phone),
        language=text.language,
        sent_from=text.sender,
        our_address=text.pieces[0].destination,
        detail=text.detail,
    )


def _answer(text: Text, asked: grammar.Asked, cases: dict[tuple[str, str], int], *, at: datetime) -> int:
    """Anything but a new matter; the interaction it was kept as."""
    with override(text.language):
        if text.late:
            return _another_voice(text, _case_of_the_others(text), at=at)
        match asked:
            case grammar.Matter():
                return _another_voice(text, cases[text.sender, text.words], at=at)
            case grammar.Consent():
                return _consented(text, asked, at=at)
            case grammar.Status():
                return _status(text, asked, at=at)
            case _:
                return _no_matter(text, asked, at=at)


def warn_at_once(said: str, *, phone: str, piece: Piece, at: datetime) -> None:
    """The first part of a long text speaks of danger: whom to ring, before the rest has come."""
    first = Text(said, (piece,), phone)
    if judge(said).rung:
        with override(first.language):
            replies.whom_to_ring(first, at=at)


def missing_part(number: int, total: int) -> str:
    """The mark that stands where a part never came."""
    return _("[… thiếu phần {number}/{total} …]").format(number=number, total=total)


def _another_voice(text: Text, case_id: int | None, *, at: datetime) -> int:
    heard = _heard(text, at=at)
    case = Case.objects.filter(pk=case_id).first() if case_id else None
    if case is not None:
        case = join(case, interaction=heard, by=CITIZEN, at=at)
        if not text.late:
            replies.said_again(text, case, at=at)
    return heard.pk


def _status(text: Text, asked: grammar.Status, *, at: datetime) -> int:
    """How a case stands: in full to the proven number on it, and what it added is kept; else what anyone may know."""
    heard = _heard(text, at=at)
    case = _by_code(asked.code)
    if case is not None and proofs.is_number_of(case, text.phone):
        if asked.rest:
            case = join(case, interaction=heard, by=CITIZEN, at=at)
        replies.whole_status(text, case, at=at)
    else:
        replies.open_status(text, asked.code, at=at)
    return heard.pk


def _consented(text: Text, asked: grammar.Consent, *, at: datetime) -> int:
    """What the case's own number says to the question is kept with the case; anybody else hears how it stands."""
    case = _by_code(asked.digits)
    words = ""
    if case is not None and proofs.is_number_of(case, text.phone):
        words = _consents().hear(case, agrees=asked.agrees, at=at)
    if case is None or not words:
        return _status(text, grammar.Status(asked.digits), at=at)
    heard = _heard(text, at=at)
    CaseInteraction.objects.get_or_create(interaction=heard, defaults={"case": case})
    replies.say(text, words, at=at)
    return heard.pk


def _no_matter(text: Text, asked: grammar.Asked, *, at: datetime) -> int:
    """Nothing to act on: kept, and answered in a few words where that is of use."""
    heard = _heard(text, at=at)
    if isinstance(asked, grammar.Question):
        answers.answer(text, asked, at=at)
    elif isinstance(asked, grammar.LookUp):
        answers.look_up(text, asked, at=at)
    elif isinstance(asked, grammar.DossierStatus):
        answers.dossier(text, asked.code, at=at)
    elif isinstance(asked, grammar.Pick):
        answers.picked(text, asked.number, at=at)
    elif isinstance(asked, grammar.WrongCode):
        replies.wrong_code(text, at=at)
    elif isinstance(asked, grammar.NothingAsked):
        replies.nothing_asked(text, asked.keyword, at=at)
    elif isinstance(asked, grammar.Help):
        replies.how_it_works(text, at=at)
    return heard.pk


def _understood(text: Text, *, at: datetime) -> tuple[Text, grammar.Asked]:
    """What a text asks for, now that we may look: whose code it is, what was just offered to this phone.

    A stranger's words after a code are a matter; `0` after an offer is the question it was about, for a person. What
    only begins like a question or a table's keyword is a matter; what is surely a question and no matter, is answered.
    """
    asked = grammar.asks_for(text.said, tables=answers.keywords(), dossier=one_stop.code_in)
    match asked:
        case grammar.Status(code=code, rest=rest) if rest:
            case = _by_code(code)
            if case is None or not proofs.is_number_of(case, text.phone):
                return text, grammar.Matter(text.said)
        case grammar.Consent():
            return text, _consent(asked, text)
        case grammar.Question() if answers.is_rather_a_matter(asked):
            return text, grammar.Matter(text.said)
        case grammar.LookUp() if answers.is_no_look_up(asked, text.said):
            asked = grammar.Matter(text.said)
        case grammar.Pick(number=0):
            if offer := answers.offered(text.phone, at=at):
                return replace(text, said=offer.said), grammar.Matter(offer.said)
    if isinstance(asked, grammar.Matter) and answers.is_rather_a_question(text, at=at):
        return text, grammar.Question(asked.text, sure=True, bare=True)
    return text, asked


def _consent(asked: grammar.Consent, text: Text) -> grammar.Asked:
    """To whom nothing was asked, a yes alone is no matter, and a no may be one: a person looks."""
    if asked.digits:
        return asked if codes.is_valid(asked.digits) else grammar.WrongCode(asked.digits)
    case = _consents().waiting_for(text.phone) if text.phone else None
    if case is not None:
        return replace(asked, digits=case.code)
    return grammar.Silence() if asked.agrees else grammar.Matter(text.said)


def _consents() -> ModuleType:
    return import_module(settings.CONSENTS_BY_TEXT)


def _by_code(code: str) -> Case | None:
    return Case.objects.select_related("contact", "lead").filter(code=code).first()


def _settle(taken: Sequence[tuple[Text, int]]) -> None:
    """Note at every piece by which interaction it was taken in and which words it was part of."""
    for text, interaction_id in taken:
        for piece in text.pieces:
            piece.interaction_id, piece.words = interaction_id, text.words
            piece.state = Piece.State.PARTIAL if text.incomplete else Piece.State.TAKEN
            piece.trouble = "" if text.readable else "unreadable octets"
    parts.settle([piece for text, _ in taken for piece in text.pieces if not piece._state.adding])


def _heard(text: Text, *, at: datetime) -> Interaction:
    contact = contact_for(text.phone, at=at, proven=True) if text.phone else None
    heard, _new = record_interaction(
        channel=Channel.SMS,
        key=text.key,
        body=clean(text.said),
        at=at,
        address=text.sender,
        our_address=text.pieces[0].destination,
        contact=contact,
        detail=text.detail,
    )
    return heard


def _first_cases(texts: Sequence[Text], *, at: datetime) -> dict[tuple[str, str], int]:
    """(sender, words) → the first case those words opened within a day, for all texts of a window at once."""
    asked = [(text.sender, text.words) for text in texts if text.sender]
    if not asked:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            _FIRST_CASES, [[sender for sender, _ in asked], [words for _, words in asked], at - SAME_WORDS_JOIN]
        )
        return {(sender, words): case_id for sender, words, case_id in cursor.fetchall()}


_FIRST_CASES = """
SELECT DISTINCT ON (p.sender, p.words) p.sender, p.words, c.id
FROM unnest(%s::text[], %s::text[]) AS asked (sender, words)
JOIN sms_piece p ON p.sender = asked.sender AND p.words = asked.words AND p.words <> ''
JOIN cases_caseinteraction l ON l.interaction_id = p.interaction_id
JOIN cases_case c ON c.id = l.case_id
WHERE c.received_at > %s
ORDER BY p.sender, p.words, c.id
"""


def _case_of_the_others(text: Text) -> int | None:
    """The case that was opened from the parts of this text which came in time."""
    part = text.pieces[0]
    return (
        CaseInteraction.objects.filter(
            interaction__in=Piece.objects.filter(
                sender=part.sender,
                destination=part.destination,
                reference=part.reference,
                total=part.total,
                state=Piece.State.PARTIAL,
            ).values("interaction")
        )
        .order_by("-pk")
        .values_list("case", flat=True)
        .first()
    )
