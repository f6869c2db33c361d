"""Do what a text asks for, within the intake's transaction; new matters are opened there, all of a window in one go."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import structlog
from django.utils.translation import override

from tongdai.cases.actions.ask_to_withdraw import ask_to_withdraw
from tongdai.cases.actions.join import join
from tongdai.cases.actions.rate import rate
from tongdai.cases.actions.reopen import reopen
from tongdai.cases.actions.reply import reply
from tongdai.cases.actions.withdraw import is_decided_by_staff, withdraw
from tongdai.cases.actor import Actor
from tongdai.cases.models import Case, CaseInteraction
from tongdai.cases.standing import WAITING
from tongdai.cases.states import OPEN, ActionRefused
from tongdai.cases.triage import kind
from tongdai.cases.triage.danger import OWN_LIFE, Kind, Level
from tongdai.cases.triage.judgement import judge
from tongdai.language.text import clean
from tongdai.people import refusals
from tongdai.people.interactions import contact_for, record_interaction, speak
from tongdai.people.models import Channel, Interaction

from ..consents import consents
from ..models import Part
from . import answers, replies
from .automatic import Automatic
from .grammar import Choice, DossierStatus, Help, KeywordAlone, Refuse, WrongCode
from .text import Text
from .todo import (
    Add,
    Answer,
    AnswerRows,
    AnswerStatus,
    Courtesy,
    GoOn,
    NoCase,
    NoteConsent,
    Rate,
    Reopen,
    Reply,
    Speak,
    TellCodes,
    Wait,
    Warn,
    Withdraw,
)
from .understanding import Understanding

log = structlog.get_logger()
SAME_MACHINE = timedelta(hours=24)
CITIZEN = Actor.citizen(channel=Channel.SMS)


def handle(understood: Understanding, *, at: datetime) -> int | None:
    """Do it; the interaction the text is kept as, or None where it is kept as none."""
    with override(understood.language):
        match understood.todo:
            case Wait():
                return None
            case Warn():
                replies.whom_to_ring(understood, at=at)
                return None
            case Automatic():
                _put_aside(understood.text, understood.todo, at=at)
                return None
            case Add():
                return _add(understood, understood.todo, at=at)
            case GoOn():
                return _go_on(understood, understood.todo, at=at)
            case Withdraw():
                return _withdraw(understood, understood.todo, at=at)
            case Reopen():
                return _reopen(understood, understood.todo, at=at)
            case Reply():
                return _reply(understood, understood.todo, at=at)
            case Rate():
                return _rate(understood, understood.todo, at=at)
            case AnswerStatus():
                return _answer_status(understood, understood.todo, at=at)
            case NoteConsent():
                return _note_consent(understood, understood.todo, at=at)
            case _:
                interaction = _record(understood.text, at=at)
                _answer(understood, at=at)
                return interaction.pk


def _answer(understood: Understanding, *, at: datetime) -> None:
    """A few words where they are of use; an OK is kept, and not answered."""
    match understood.todo:
        case Answer():
            answers.answer(understood, understood.todo, at=at)
        case AnswerRows():
            answers.answer_rows(understood, understood.todo, at=at)
        case DossierStatus(code=code):
            answers.ask_for_dossier(understood.text, code)
        case Choice(number=number):
            answers.choose(understood, number, at=at)
        case NoCase():
            replies.no_case(understood, at=at)
        case TellCodes(case_ids=case_ids):
            replies.codes_again(understood, [_case(each) for each in case_ids], at=at)
        case Courtesy(kind=kind):
            replies.courtesy(understood, kind, at=at)
        case Refuse(refused=refused):
            _refuse(understood, refused=refused, at=at)
        case Speak(language=language):
            _speak(understood, language, at=at)
        case WrongCode():
            replies.wrong_code(understood, at=at)
        case KeywordAlone(keyword=keyword):
            replies.nothing_asked(understood, keyword, at=at)
        case Help():
            replies.how_it_works(understood, at=at)


def _put_aside(text: Text, kind: Automatic, *, at: datetime) -> None:
    """Keep a machine's words for a person, each once a day: an answering machine says the same to every text it gets."""
    known = Part.objects.filter(
        sender=text.sender, digest=text.digest, trouble__in=list(Automatic), received_at__gt=at - SAME_MACHINE
    )
    state = Part.State.TAKEN if known.exists() else Part.State.DEAD_LETTER
    for part in text.parts:
        part.digest, part.state, part.trouble = text.digest, state, kind
    log.info("sms.automatic", kind=kind, state=state)


def _add(understood: Understanding, todo: Add, *, at: datetime) -> int:
    """To the case that is there: the same words once more are answered, a late part is only kept with the others."""
    interaction = _record(understood.text, at=at)
    case = Case.objects.filter(pk=todo.case_id).first() if todo.case_id else None
    if case is not None:
        case = join(case, interaction=interaction, by=CITIZEN, at=at)
        if not understood.text.late:
            replies.received_again(understood, case, at=at)
    return interaction.pk


def _go_on(understood: Understanding, todo: GoOn, *, at: datetime) -> int:
    """In the history of the case, as the citizen's words; whoever has it in hand sees it there."""
    interaction = _record(understood.text, at=at)
    raises = understood.judged.level is not Level.NONE
    case = join(_case(todo.case_id), interaction=interaction, by=CITIZEN, at=at, raises=raises)
    understood = _of_one_who_cannot_ring(understood, case)
    if todo.asked:
        answers.note(understood, todo.asked, at=at)
    replies.gone_on(understood, case, todo.kind, at=at)
    return interaction.pk


def _withdraw(understood: Understanding, todo: Withdraw, *, at: datetime) -> int:
    """Withdraw the case; where a person is to decide ask for it; with several open ones and no code ask which one is meant."""
    interaction, case = _record(understood.text, at=at), _case(todo.case_id)
    others = Case.objects.filter(contact=case.contact_id, number_proven_at__isnull=False, state__in=OPEN)
    try:
        if not todo.named and others.exclude(pk=case.pk).exists():
            join(case, interaction=interaction, by=CITIZEN, at=at, raises=False)
            replies.which_one(understood, case, at=at)
        elif is_decided_by_staff(case):
            ask_to_withdraw(case, interaction=interaction, by=CITIZEN, at=at)
            replies.withdrawal_noted(understood, case, at=at)
        else:
            withdraw(case, interaction=interaction, by=CITIZEN, at=at)
            replies.withdrawn(understood, case, at=at)
    except ActionRefused:  # answered in this very second, or asked for already
        join(case, interaction=interaction, by=CITIZEN, at=at, raises=False)
        replies.gone_on(understood, case, kind.Kind.WITHDRAWAL, at=at)
    return interaction.pk


def _reopen(understood: Understanding, todo: Reopen, *, at: datetime) -> int:
    """Reopen the case; where another text has in this very second, these words are more about it."""
    interaction, case = _record(understood.text, at=at), _case(todo.case_id)
    try:
        case = reopen(case, interaction=interaction, by=CITIZEN, at=at)
        replies.reopened(understood, case, at=at)
    except ActionRefused:
        case = join(case, interaction=interaction, by=CITIZEN, at=at, raises=False)
        replies.gone_on(understood, case, kind.Kind.DETAIL, at=at)
    return interaction.pk


def _reply(understood: Understanding, todo: Reply, *, at: datetime) -> int:
    """Take it as the reply; with several cases that wait and no code keep it, and ask which one is meant."""
    interaction, case = _record(understood.text, at=at), _case(todo.case_id)
    raises = understood.judged.level is not Level.NONE
    others = Case.objects.filter(WAITING, contact=case.contact_id, number_proven_at__isnull=False).exclude(pk=case.pk)
    if not todo.named and others.exists():
        case = join(case, interaction=interaction, by=CITIZEN, at=at, raises=raises)
        replies.which_question(understood, case, at=at)
        return interaction.pk
    try:
        case = reply(case, interaction=interaction, by=CITIZEN, at=at, raises=raises)
        replies.replied(understood, case, at=at)
    except ActionRefused:  # it went on in this very second
        case = join(case, interaction=interaction, by=CITIZEN, at=at, raises=raises)
        replies.gone_on(understood, case, kind.Kind.DETAIL, at=at)
    return interaction.pk


def _rate(understood: Understanding, todo: Rate, *, at: datetime) -> int:
    """Rate the answer; what is no rating, or a second one, is kept with the case."""
    interaction, case = _record(understood.text, at=at), _case(todo.case_id)
    try:
        rate(case, stars=todo.stars, interaction=interaction, by=CITIZEN, at=at)
        replies.rated(understood, case, todo.stars, at=at)
    except ActionRefused as refused:
        join(case, interaction=interaction, by=CITIZEN, at=at, raises=False)
        replies.not_rated(understood, case, between=refused.argument == "stars", at=at)
    return interaction.pk


def _of_one_who_cannot_ring(understood: Understanding, case: Case) -> Understanding:
    """Whoever has said in this case that they can't ring isn't told to ring in its later replies."""
    said = CaseInteraction.objects.filter(case=case, interaction__direction=Interaction.Direction.IN)
    bodies = said.values_list("interaction__body", flat=True)
    if case.danger_kind not in OWN_LIFE or not any(judge(body).cannot_ring for body in bodies):
        return understood
    return replace(understood, judged=replace(understood.judged, kind=Kind(case.danger_kind), cannot_ring=True))


def _refuse(understood: Understanding, *, refused: bool, at: datetime) -> None:
    if phone := understood.text.phone:
        contact = contact_for(phone, at=at, proven=True)
        if refused:
            refusals.refuse(contact, at=at)
        else:
            refusals.take_back(contact)
        replies.refusal_noted(understood, refused=refused, at=at)


def _speak(understood: Understanding, language: str, *, at: datetime) -> None:
    if phone := understood.text.phone:
        speak(contact_for(phone, at=at, proven=True), language)
        with override(language):
            replies.how_it_works(understood, at=at)


def _answer_status(understood: Understanding, todo: AnswerStatus, *, at: datetime) -> int:
    """In full to the proven number on the case, and what it added is kept; else what anyone may know."""
    interaction = _record(understood.text, at=at)
    if todo.own_id is None:
        replies.open_status(understood, todo.code, at=at)
        return interaction.pk
    case = _case(todo.own_id)
    if todo.adds:
        raises = understood.judged.level is not Level.NONE
        case = join(case, interaction=interaction, by=CITIZEN, at=at, raises=raises)
    replies.whole_status(understood, case, at=at)
    return interaction.pk


def _note_consent(understood: Understanding, todo: NoteConsent, *, at: datetime) -> int:
    """A case that asks for no consent: its citizen hears how it stands, and a no is kept with it."""
    case = _case(todo.case_id)
    words = consents().record_reply(case, agrees=todo.agrees, at=at)
    if not words:
        return _answer_status(understood, AnswerStatus(case.code, case.pk, adds=not todo.agrees), at=at)
    interaction = _record(understood.text, at=at)
    CaseInteraction.objects.get_or_create(interaction=interaction, defaults={"case": case})
    replies.send_reply(understood, words, at=at)
    return interaction.pk


def _case(case_id: int) -> Case:
    return Case.objects.select_related("contact", "lead").get(pk=case_id)


def _record(text: Text, *, at: datetime) -> Interaction:
    contact = contact_for(text.phone, at=at, proven=True) if text.phone else None
    interaction, _new = record_interaction(
        channel=Channel.SMS,
        key=text.key,
        body=clean(text.body),
        at=at,
        address=text.sender,
        our_address=text.destination,
        contact=contact,
        detail=text.detail,
    )
    return interaction
