"""Every action, tried as everybody, from every state: what is right is written here by hand, as the law of the house."""

import itertools
from collections.abc import Iterable
from datetime import UTC, date, datetime
from functools import cache

import psycopg
import pytest
from django.db import transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from tests.city import HONG_BANG, INSPECTORATE, LE_CHAN, LIGHTING, City
from tongdai.accounts.models import Role, User
from tongdai.cases.actions.accept import accept
from tongdai.cases.actions.answer import answer
from tongdai.cases.actions.approve import approve
from tongdai.cases.actions.ask import ask
from tongdai.cases.actions.ask_to_withdraw import ask_to_withdraw
from tongdai.cases.actions.assign import assign
from tongdai.cases.actions.classify import classify
from tongdai.cases.actions.clear_doubt import clear_doubt
from tongdai.cases.actions.close import close
from tongdai.cases.actions.correct import correct
from tongdai.cases.actions.decline_support import decline_support
from tongdai.cases.actions.delegate import delegate
from tongdai.cases.actions.draft import draft
from tongdai.cases.actions.erase import erase
from tongdai.cases.actions.extend import extend
from tongdai.cases.actions.go_on import go_on
from tongdai.cases.actions.hand_back import hand_back
from tongdai.cases.actions.join import join
from tongdai.cases.actions.mark_denunciation import mark_denunciation
from tongdai.cases.actions.merge import merge
from tongdai.cases.actions.name_denounced import name_denounced
from tongdai.cases.actions.note import note
from tongdai.cases.actions.prove_number import prove_number
from tongdai.cases.actions.provide_support import provide_support
from tongdai.cases.actions.raise_danger import raise_danger
from tongdai.cases.actions.raise_doubt import raise_doubt
from tongdai.cases.actions.rate import rate
from tongdai.cases.actions.reassign import reassign
from tongdai.cases.actions.recalculate import recalculate
from tongdai.cases.actions.recall import recall
from tongdai.cases.actions.register import Matter, register
from tongdai.cases.actions.reject import reject
from tongdai.cases.actions.remind import remind
from tongdai.cases.actions.reopen import reopen
from tongdai.cases.actions.reply import reply
from tongdai.cases.actions.request_support import request_support
from tongdai.cases.actions.return_draft import return_draft
from tongdai.cases.actions.ring_duty import ring_duty
from tongdai.cases.actions.show_sender import show_sender
from tongdai.cases.actions.take_back import take_back
from tongdai.cases.actions.take_duty import take_duty
from tongdai.cases.actions.unmark_denunciation import unmark_denunciation
from tongdai.cases.actions.unmerge import unmerge
from tongdai.cases.actions.withdraw import withdraw
from tongdai.cases.actions.withdraw_links import withdraw_links
from tongdai.cases.actions.withdraw_support import withdraw_support
from tongdai.cases.actor import Actor
from tongdai.cases.lifecycle import RULES, actions_open_to, as_table, rule_of
from tongdai.cases.models import Case, Draft, Support
from tongdai.cases.states import ActionRefused, State, Who
from tongdai.cases.transition import NOTIFY_CITIZEN, STOP_RINGING
from tongdai.cases.triage.danger import Level
from tongdai.directory import freshness
from tongdai.directory.calendar.working_days import the_calendar
from tongdai.directory.models import Topic
from tongdai.people.models import Channel, Interaction
from tongdai.people.purposes import Purpose

pytestmark = pytest.mark.django_db

# every action but `register`, which has no case to act on, `ring_duty`, which the house alone can call, and `undo`, which leads
# back from any state to the one before and has a story of its own (test_undo.py)
ACTIONS = {
    "join": lambda c, by, city: join(c, by=by, interaction=one_more(city), at=NOON(city)),
    "classify": lambda c, by, city: classify(c, by=by, topic=topic_of(c, city), place=None, at=NOON(city)),
    "recalculate": lambda c, by, city: recalculate(c, by=by, old=the_calendar(), new=the_calendar(), at=NOON(city)),
    "raise_danger": lambda c, by, city: raise_danger(c, by=by, level=Level.LIFE, kind=None, at=NOON(city)),
    "assign": lambda c, by, city: assign(c, by=by, agency=city.agencies[body_of(c)], at=NOON(city)),
    "reassign": lambda c, by, city: reassign(c, by=by, agency=city.agencies[LE_CHAN], reason="Nhầm.", at=NOON(city)),
    "accept": lambda c, by, city: accept(c, by=by, at=NOON(city)),
    "delegate": lambda c, by, city: delegate(c, by=by, handler=colleague(c, city), at=NOON(city)),
    "show_sender": lambda c, by, city: show_sender(hides_sender(c, city), by=by, reason="Hẹn đến nhà.", at=NOON(city)),
    "provide_support": lambda c, by, city: provide_support(c, by=by, words="Cột của điện lực.", at=NOON(city)),
    "decline_support": lambda c, by, city: decline_support(c, by=by, reason="Không quản lý cột.", at=NOON(city)),
    "request_support": lambda c, by, city: request_support(
        c, by=by, agency=city.agencies[LE_CHAN], task="Ai dựng cột này?", until=date(2022, 2, 15), at=NOON(city)
    ),
    "withdraw_support": lambda c, by, city: withdraw_support(
        c, by=by, agency=city.agencies[LIGHTING], reason="Đã rõ.", at=NOON(city)
    ),
    "extend": lambda c, by, city: extend(c, by=by, until=date(2022, 2, 28), reason="Chờ giám định", at=NOON(city)),
    "hand_back": lambda c, by, city: hand_back(c, by=by, reason="Thuộc Sở Xây dựng", at=NOON(city)),
    "merge": lambda c, by, city: merge(c, into=city.case("Rác tràn trước cổng"), by=by, at=NOON(city)),
    "unmerge": lambda c, by, city: unmerge(c, by=by, at=NOON(city)),
    "reject": lambda c, by, city: reject(c, by=by, ground="no_content", reason="Chưa rõ việc gì.", at=NOON(city)),
    "answer": lambda c, by, city: answer(c, by=by, text="Đã dọn.", at=NOON(city)),
    "draft": lambda c, by, city: draft(needs_approval(c, city), by=by, text="Đã dọn.", at=NOON(city)),
    "take_back": lambda c, by, city: take_back(drafted(c, city, author=by.user), by=by, at=NOON(city)),
    "approve": lambda c, by, city: approve(drafted(c, city), by=by, at=NOON(city)),
    "return_draft": lambda c, by, city: return_draft(drafted(c, city), by=by, words="Nêu rõ ngày.", at=NOON(city)),
    "ask": lambda c, by, city: ask(c, by=by, words="Ở đoạn nào?", at=NOON(city)),
    "reply": lambda c, by, city: reply(c, by=by, words="Trước số 24.", at=NOON(city)),
    "remind": lambda c, by, city: remind(c, by=by, at=NOON(city)),
    "go_on": lambda c, by, city: go_on(c, by=by, at=NOON(city)),
    "correct": lambda c, by, city: correct(c, by=by, text="Đã dọn hết.", reason="Viết thiếu.", at=NOON(city)),
    "note": lambda c, by, city: note(c, by=by, words="Chiều nay ra xem.", at=NOON(city)),
    "rate": lambda c, by, city: rate(c, by=by, stars=4, words="Nhanh.", at=NOON(city)),
    "reopen": lambda c, by, city: reopen(c, by=by, words="Vẫn còn rác.", at=NOON(city)),
    "withdraw": lambda c, by, city: withdraw(c, by=by, words="Đã sửa.", at=NOON(city)),
    "ask_to_withdraw": lambda c, by, city: ask_to_withdraw(c, by=by, words="Đã sửa.", at=NOON(city)),
    "take_duty": lambda c, by, city: take_duty(c, by=by, at=NOON(city)),
    "close": lambda c, by, city: close(c, by=by, at=NOON(city)),
    "prove_number": lambda c, by, city: prove_number(c, by=by, at=NOON(city)),
    "erase": lambda c, by, city: erase(c, interactions=[], because="retention", by=by, at=NOON(city)),
    "withdraw_links": lambda c, by, city: withdraw_links(c, by=by, at=NOON(city)),
    "mark_denunciation": lambda c, by, city: mark_denunciation(c, by=by, at=NOON(city)),
    "raise_doubt": lambda c, by, city: raise_doubt(c, by=by, at=NOON(city)),
    "clear_doubt": lambda c, by, city: clear_doubt(c, by=by, at=NOON(city)),
    "unmark_denunciation": lambda c, by, city: unmark_denunciation(c, by=by, at=NOON(city)),
    "name_denounced": lambda c, by, city: name_denounced(c, by=by, agency=None, at=NOON(city)),
    "recall": lambda c, by, city: recall(c, by=by, reason="Nhầm.", at=NOON(city)),
}
# of a denunciation: it is marked already, and whether it is one is no question any more; its citizen can only ask to
# withdraw it, as test_withdraw.py shows; reopened it goes to the inspectorate's inbox (test_reopen.py); no second agency of
# this city may have it (test_reassign.py has one); its answer needs no approver, who may not know of it (test_draft.py); it
# follows no other case, nor another it (test_merge.py); no other agency helps with it (test_support.py)
NOT_OF_A_SECRET = {
    "mark_denunciation",
    "clear_doubt",
    "withdraw",
    "reopen",
    "reassign",
    "show_sender",
    "draft",
    "take_back",
    "approve",
    "return_draft",
    "merge",
    "provide_support",
    "decline_support",
    "request_support",
    "withdraw_support",
}
# since Thursday, until an hour ago
WAITS = {"asked_at": datetime(2022, 2, 10, 4, tzinfo=UTC), "waits_until": datetime(2022, 2, 14, 4, tzinfo=UTC)}
# what an action finds on the case beside its state
BESIDE_THE_STATE = {"reply": WAITS, "remind": WAITS, "go_on": WAITS, "take_duty": {"urgent": True},
                    "clear_doubt": {"perhaps_denunciation": True},
                    "withdraw": {"withdrawal_asked_at": datetime(2022, 2, 14, 4, tzinfo=UTC)}}  # fmt: skip
LED = {State.ASSIGNED, State.IN_PROGRESS, State.ANSWERED, State.CLOSED}
_numbers = itertools.count(1)


def NOON(city: City) -> datetime:
    return city.at("2022-02-14 12:00")


def body_of(case: Case) -> str:
    """Who may get it."""
    return INSPECTORATE if case.confidential else LE_CHAN


def colleague(case: Case, city: City) -> User:
    """Of the agency that has it, beside whoever tries."""
    return city.staff(Role.OFFICER, "Ngô Đồng Nghiệp", agency=INSPECTORATE if case.confidential else HONG_BANG)


def topic_of(case: Case, city: City):
    return city.topics["denunciation" if case.confidential else "waste"]


def one_more(city: City) -> Interaction:
    return Interaction.objects.create(
        channel=Channel.SMS, direction="in", state="received", body="Vẫn thế.", key=f"more:{next(_numbers)}",
        happened_at=NOON(city),
    )  # fmt: skip


def needs_approval(case: Case, city: City) -> Case:
    """Its topic demands an approver, and its agency has one beside whoever tries."""
    topic = Topic.objects.get(pk=city.topics["waste"].pk)
    topic.approval_required = True
    topic.save()
    city.staff(Role.APPROVER, "Trần Thứ Hai", agency=HONG_BANG)
    Case.objects.filter(pk=case.pk).update(topic=topic)
    return case


def hides_sender(case: Case, city: City) -> Case:
    """Its topic keeps who sent it from the agency."""
    topic = Topic.objects.get(pk=city.topics["waste"].pk)
    topic.hides_sender = True
    topic.save()
    Case.objects.filter(pk=case.pk).update(topic=topic)
    return case


def drafted(case: Case, city: City, *, author: User | None = None) -> Case:
    """A draft of it waits for an approver."""
    Draft.objects.create(case=case, agency=case.lead, author=author, text="Đã dọn.", drafted_at=NOON(city))
    Case.objects.filter(pk=case.pk).update(drafted_at=NOON(city))
    return case


def helped(case: Case, city: City) -> Case:
    """Another agency is asked to help; with no denunciation."""
    if not case.confidential:
        task = Support(
            case=case, agency=city.agencies[LIGHTING], task="Cột của ai?", due_at=city.at("2022-02-18 17:00")
        )
        task.asked_at = city.at("2022-02-14 09:00")
        task.save()
        Case.objects.filter(pk=case.pk).update(support_asked_at=task.asked_at)
    return case


def in_state(city: City, state: State, *, secret: bool = False) -> Case:
    said = {"text": "Tôi tố cáo", "topic": "denunciation"} if secret else {}
    body, sorts = (INSPECTORATE, city.inspector) if secret else (HONG_BANG, city.coordinator)
    if state is State.RECEIVED:
        return city.case(**said)
    if state is State.ASSIGNED:
        return helped(city.case(lead=body, **said), city)
    if state is State.REJECTED:
        return ACTIONS["reject"](city.case(**said), Actor.staff(sorts), city)
    case = city.case(lead=body, accepted=True, **said)
    if state is State.IN_PROGRESS:
        return helped(case, city)
    officer = Actor.staff(city.officer(body))
    if state is State.HANDED_BACK:
        return ACTIONS["hand_back"](case, officer, city)
    if state in (State.ANSWERED, State.CLOSED):
        case = ACTIONS["answer"](case, officer, city)
    return ACTIONS["close"](case, officer, city) if state is State.CLOSED else case


def gone(city: City) -> User:
    """A coordinator who has left."""
    user = city.staff(Role.COORDINATOR, "Ngô Đã Nghỉ")
    user.is_active = False
    user.save()
    return user


def everybody(city: City, *, led: bool) -> dict[str, tuple[Actor, set[Who]]]:
    """Each with what they are towards a case that is none of a denunciation; `led`: it is with Hồng Bàng."""
    of_the_lead = {Who.OFFICER_OF_LEAD, Who.READER} if led else set()
    return {
        "citizen": (Actor.citizen(channel=Channel.WEB), {Who.CITIZEN}),
        "the house": (Actor.system(), {Who.SYSTEM}),
        "call taker": (Actor.staff(city.call_taker), {Who.CALL_TAKER, Who.READER}),
        "coordinator": (Actor.staff(city.coordinator), {Who.COORDINATOR, Who.CALL_TAKER, Who.READER}),
        "officer of the lead": (Actor.staff(city.officer(HONG_BANG)), of_the_lead),
        "approver of the lead": (
            Actor.staff(city.staff(Role.APPROVER, "Lê Duyệt", agency=HONG_BANG)),
            of_the_lead | ({Who.APPROVER_OF_LEAD} if led else set()),
        ),
        "officer of another agency": (Actor.staff(city.officer(LE_CHAN)), set()),
        "officer who helps": (
            Actor.staff(city.officer(LIGHTING)),
            {Who.OFFICER_OF_SUPPORT} if Support.objects.exists() else set(),
        ),
        "supervisor": (Actor.staff(city.staff(Role.SUPERVISOR, "Lê Thị Mai")), {Who.SUPERVISOR, Who.READER}),
        "leader": (Actor.staff(city.leader), {Who.SUPERVISOR, Who.READER}),
        "administrator": (Actor.staff(city.admin), set()),
        "inspector": (Actor.staff(city.inspector), set()),
        "who has left": (Actor.staff(gone(city)), set()),
    }


def everybody_towards_a_secret(city: City, *, led: bool) -> dict[str, tuple[Actor, set[Who]]]:
    """The same of a denunciation; `led`: it is with the inspectorate."""
    officer = {Who.OFFICER_OF_LEAD} if led else set()
    known = {
        "citizen": {Who.CITIZEN},
        "the house": {Who.SYSTEM},
        "inspector": {Who.COORDINATOR, Who.INSPECTOR} | officer,
    }
    found = {name: (by, known.get(name, set())) for name, (by, _was) in everybody(city, led=False).items()}
    approver = city.staff(Role.APPROVER, "Lê Duyệt", agency=INSPECTORATE)
    return found | {
        "officer of the inspectorate": (Actor.staff(city.officer(INSPECTORATE)), officer),
        "approver of the inspectorate": (Actor.staff(approver), set()),  # approves answers, handles no denunciation
    }


# Who may do what in which state, and where it leads: Z citizen, S the house itself, T call taker, K coordinator,
# O officer of the agency in charge, P its approver, V supervisor or leader, R whoever may read the case, N inspector,
# U officer of an agency that helps; "." nobody.
LAW = """
                     received    assigned    in_progress handed_back answered  rejected  closed
join                 ZST         ZST         ZST         ZST         ZST       ZST       ZST
classify             KS          .           .           KS          .         .         .
recalculate          S           S           S           S           .         .         .
raise_danger         STK         STK         STK         STK         .         .         .
assign               KS>assigned .           .           KS>assigned .         .         .
reassign             .           K>assigned  K>assigned  .           .         .         .
accept               .           O>in_progress .         .           .         .         .
delegate             .           O           O           .           .         .         .
show_sender          .           O           O           .           .         .         .
provide_support      .           U           U           .           .         .         .
decline_support      .           U           U           .           .         .         .
request_support      .           OK          OK          .           .         .         .
withdraw_support     .           OK          OK          .           .         .         .
extend               .           K           K           .           .         .         .
hand_back            .           O>handed_back O>handed_back .       .         .         .
merge                K           K           K           K           .         .         .
unmerge              .           .           .           .           .         .         .
reject               K>rejected  .           .           K>rejected  .         .         .
answer               K>answered  O>answered  O>answered  K>answered  .         .         .
draft                .           O           O           .           .         .         .
take_back            .           O           O           .           .         .         .
approve              .           P>answered  P>answered  .           .         .         .
return_draft         .           P           P           .           .         .         .
ask                  .           OK          OK          .           .         .         .
reply                .           ZTKO        ZTKO        .           .         .         .
remind               .           S           S           .           .         .         .
go_on                .           SOK         SOK         .           .         .         .
correct              .           .           .           .           KO        .         KO
note                 RKON        RKON        RKON        RKON        RKON      RKON      RKON
rate                 .           .           .           .           Z         .         Z
reopen               .           .           .           .           ZTK>assigned .      ZTK>assigned
withdraw             ZK>closed   ZK>closed   ZK>closed   ZK>closed   .         .         .
ask_to_withdraw      Z           Z           Z           Z           .         .         .
ring_duty            S           S           .           S           .         .         .
take_duty            STKOVRN     STKOVRN     .           STKOVRN     .         .         .
close                .           .           .           .           KOS>closed KOS>closed .
prove_number         Z           Z           Z           Z           Z         Z         Z
erase                .           .           .           .           S         S         S
withdraw_links       ZTK         ZTK         ZTK         ZTK         ZTK       ZTK       ZTK
mark_denunciation    RZS         RZS>handed_back RZS>handed_back RZS RZS       RZS       RZS
raise_doubt          S           .           .           S           .         .         .
clear_doubt          KZ          KZ          KZ          KZ          KZ        KZ        KZ
unmark_denunciation  N           N           N           N           N         N         N
name_denounced       N           N           N           N           .         .         .
recall               .           KN>handed_back KN>handed_back .     .         .         .
"""
LETTERS = {
    "Z": Who.CITIZEN, "S": Who.SYSTEM, "T": Who.CALL_TAKER, "K": Who.COORDINATOR, "O": Who.OFFICER_OF_LEAD,
    "P": Who.APPROVER_OF_LEAD, "V": Who.SUPERVISOR, "R": Who.READER, "N": Who.INSPECTOR, "U": Who.OFFICER_OF_SUPPORT,
}  # fmt: skip
OPENS_A_CASE = {Who.CITIZEN, Who.CALL_TAKER, Who.COORDINATOR, Who.SYSTEM}
TOLD = {
    "register",
    "extend",
    "raise_danger",
    "assign",
    "reassign",
    "reject",
    "answer",
    "approve",
    "take_duty",
    "prove_number",
    "withdraw",
    "reopen",
    "ask",
    "reply",
    "remind",
    "go_on",
    "correct",
    "merge",
    "unmerge",
}
# The same of a case that is merged into another one, where it differs: what isn't written here nobody does. What is done with
# the main case is done with it by the house itself (test_merge.py).
LAW_OF_A_MERGED = """
                     received    assigned    in_progress handed_back answered  rejected  closed
join                 ZST         ZST         ZST         ZST         ZST       ZST       ZST
recalculate          S           S           S           S           .         .         .
raise_danger         STK         STK         STK         STK         .         .         .
unmerge              KS          KS          KS          KS          .         .         .
note                 RKON        RKON        RKON        RKON        RKON      RKON      RKON
rate                 .           .           .           .           Z         .         Z
reopen               .           .           .           .           ZTK>assigned .      ZTK>assigned
withdraw             ZK>closed   ZK>closed   ZK>closed   ZK>closed   .         .         .
ask_to_withdraw      Z           Z           Z           Z           .         .         .
close                .           .           .           .           KOS>closed KOS>closed .
prove_number         Z           Z           Z           Z           Z         Z         Z
erase                .           .           .           .           S         S         S
withdraw_links       ZTK         ZTK         ZTK         ZTK         ZTK       ZTK       ZTK
mark_denunciation    RZS         RZS>handed_back RZS>handed_back RZS RZS       RZS       RZS
raise_doubt          S           .           .           S           .         .         .
"""


@cache
def law(table: str = LAW) -> dict[tuple[str, State], tuple[set[Who], State | None]]:
    """(action, state) → who may, and to which state it leads."""
    heading, *rows = table.strip().splitlines()
    found: dict[tuple[str, State], tuple[set[Who], State | None]] = {}
    for row in rows:
        action, *cells = row.split()
        for state, cell in zip(heading.split(), cells, strict=True):
            letters, _arrow, to = cell.partition(">")
            who = set() if letters == "." else {LETTERS[letter] for letter in letters}
            found[action, State(state)] = (who, State(to) if to else None)
    return found


def test_the_table_put_together_from_the_actions_is_the_law() -> None:
    assert {rule.action for rule in RULES} == {action for action, _state in law()} | {"register", "undo"}
    for (action, state), (who, to) in law().items():
        for each in Who:
            rule = rule_of(action)
            assert rule.is_open(state=state, capacities={each}) == (each in who), (action, state, each)
            if each in who:
                assert rule.way(state=state, capacities={each}).to == to, (action, state, each)
            else:
                with pytest.raises(ActionRefused):
                    rule.way(state=state, capacities={each})


def test_the_law_of_a_case_that_is_merged_into_another_one() -> None:
    written = law(LAW_OF_A_MERGED)
    for action, state in law():
        who, to = written.get((action, state), (set(), None))
        for each in Who:
            rule = rule_of(action)
            assert rule.is_open(state=state, capacities={each}, merged=True) == (each in who), (action, state, each)
            if each in who:
                assert rule.way(state=state, capacities={each}, merged=True).to == to, (action, state, each)
            else:
                with pytest.raises(ActionRefused):
                    rule.way(state=state, capacities={each}, merged=True)


@pytest.mark.parametrize("state", State)
def test_the_law_holds_of_a_merged_case(city: City, state: State) -> None:
    case = in_state(city, state)
    merged = {"duplicate_of": city.case("Rác chất đống đầu ngõ"), "merged_at": NOON(city)}
    actions = ("unmerge", "answer", "correct", "assign", "merge", "note", "withdraw", "reopen", "close")
    tried_by_all(actions, case, everybody(city, led=state in LED), city, merged=merged)


def test_a_case_is_opened_by_its_citizen_whoever_takes_it_down_and_the_house() -> None:
    for each in Who:
        if each in OPENS_A_CASE:
            assert rule_of("register").way(state=None, capacities={each}).to is State.RECEIVED
        else:
            with pytest.raises(ActionRefused):
                rule_of("register").way(state=None, capacities={each})
    assert not any(rule_of("register").is_open(state=state, capacities=set(Who)) for state in State)


def test_a_step_is_taken_back_by_staff_alone_to_wherever_the_case_was() -> None:
    for to, each in itertools.product(State, Who):
        undo = rule_of("undo")
        may = any(way.to is to and each in way.who and way.from_ == set(State) for way in undo.ways)
        assert may == (each not in {Who.CITIZEN, Who.SYSTEM, Who.APPROVER_OF_LEAD, Who.OFFICER_OF_SUPPORT}), (to, each)


def test_the_citizen_is_told_of_these_actions() -> None:
    assert {rule.action for rule in RULES if rule.notifies} == TOLD


def test_every_action_of_the_law_is_tried() -> None:
    assert set(ACTIONS) | {"ring_duty"} == {action for action, _state in law()}


@pytest.mark.parametrize("state", State)
def test_an_action_is_done_where_the_law_allows_it_and_refused_elsewhere(city: City, state: State) -> None:
    tried_by_all(ACTIONS, in_state(city, state), everybody(city, led=state in LED), city)


@pytest.mark.parametrize("state", State)
def test_the_law_holds_of_a_denunciation_for_the_few_who_know_of_it(city: City, state: State) -> None:
    case = in_state(city, state, secret=True)
    assert case.confidential
    actions = [each for each in ACTIONS if each not in NOT_OF_A_SECRET]
    tried_by_all(actions, case, everybody_towards_a_secret(city, led=state in LED), city)


def tried_by_all(
    actions: Iterable[str],
    case: Case,
    people: dict[str, tuple[Actor, set[Who]]],
    city: City,
    *,
    merged: dict[str, object] | None = None,
) -> None:
    """Each action as each of them, all on one case: what one did is taken back before the next tries."""
    for action, (name, (by, held)) in itertools.product(actions, people.items()):
        tried(action, case, by, held, city, f"{action} of {case.state} by {name}", merged=merged)


def tried(
    action: str,
    case: Case,
    by: Actor,
    held: set[Who],
    city: City,
    name: str,
    *,
    merged: dict[str, object] | None = None,
) -> None:
    """Done as the law says, by who holds these capacities, or refused; the case is left as it was."""
    state = State(case.state)
    who, to = law(LAW_OF_A_MERGED).get((action, state), (set(), None)) if merged else law()[action, state]
    with transaction.atomic():
        if more := {**BESIDE_THE_STATE.get(action, {}), **(merged or {})}:
            Case.objects.filter(pk=case.pk).update(**more)
        before = case.events.count()
        if who & held:
            ACTIONS[action](case, by, city)
            after = Case.objects.get(pk=case.pk)
            event = after.events.order_by("seq")[before]
            assert (event.action, event.state_before, event.state_after) == (action, state, to or state), name
            assert event.capacity in who & held and event.user == by.user, name
            assert after.state == (to or state), name
        else:
            with pytest.raises(ActionRefused) as refused:
                ACTIONS[action](case, by, city)
                pytest.fail(f"{name} did it")
            assert refused.value.why
            assert case.events.count() == before, name
        transaction.set_rollback(True)


@pytest.mark.parametrize("state", State)
def test_the_house_rings_who_is_on_duty_while_nobody_has_the_case(city: City, state: State) -> None:
    who, to = law()["ring_duty", state]
    assert who <= {Who.SYSTEM} and to is None
    case = in_state(city, state)
    if who:
        assert ring_duty(case, ring=1, rank=1, at=NOON(city)).state == state
        assert case.events.last().action == "ring_duty"
    else:
        with pytest.raises(ActionRefused):
            ring_duty(case, ring=1, rank=1, at=NOON(city))


def test_a_case_is_opened_by_those_who_may(city: City) -> None:
    for name, (by, held) in everybody(city, led=False).items():
        before = Case.objects.count()
        matter = Matter(text="Rác tràn ra hè phố", channel=Channel.VOICE)
        if held & OPENS_A_CASE:
            made = register(matter, key=f"test:{name}", by=by, at=NOON(city))
            event = Case.objects.get(pk=made.case_id).events.get()
            assert event.action == "register" and event.capacity in held & OPENS_A_CASE, name
        else:
            with pytest.raises(ActionRefused):
                register(matter, key=f"test:{name}", by=by, at=NOON(city))
            assert Case.objects.count() == before, name


def test_the_buttons_of_a_coordinator_stand_in_the_tables_order() -> None:
    seen = actions_open_to({Who.COORDINATOR}, state=State.RECEIVED)
    assert seen == (
        "classify", "raise_danger", "assign", "merge", "reject", "answer", "note", "withdraw", "take_duty", "withdraw_links",
        "clear_doubt", "undo",
    )  # fmt: skip


def test_the_table_is_printed_a_row_for_each_way() -> None:
    rows = as_table()
    assert ("accept", "assigned", "in_progress", "officer_of_lead", "") in rows
    assert ("answer", "received, handed_back", "answered", "coordinator", "answer") in rows
    assert ("answer", "assigned, in_progress", "answered", "officer_of_lead", "answer") in rows
    assert rows[0] == ("register", "–", "received", "citizen, system, call_taker, coordinator", "receipt")


def test_a_case_handed_back_returns_to_the_coordinator_and_its_clock_keeps_running(city: City) -> None:
    case = city.case("Rác tràn ra hè phố", lead=HONG_BANG, received="2022-02-14 08:00")

    case = hand_back(
        case,
        by=Actor.staff(city.officer(HONG_BANG)),
        reason="Thuộc phường Lê Chân",
        competent=city.agencies[LE_CHAN],
        at=city.at("2022-02-14 10:00"),
    )

    assert case in city.inbox(city.coordinator) and case not in city.inbox(city.officer(HONG_BANG))
    assert case.due_at == city.at("2022-02-21 08:00")
    turned_back = case.assignments.get()
    assert (turned_back.end_reason, turned_back.competent) == ("Thuộc phường Lê Chân", city.agencies[LE_CHAN])


def test_events_hold_ids_and_codes_never_words_names_or_numbers(city: City) -> None:
    case = city.answered("Ông Lực ở số 12 kêu rác", phone="+84904123318", name="Phạm Văn Lực", answer_text="Đã dọn.")
    for event in case.events.all():
        kept = str(event.changed)
        assert not any(word in kept for word in ("Lực", "rác", "904123318", "dọn", "Hồng"))


def test_classifying_counts_the_deadline_anew_from_the_day_of_receipt(city: City) -> None:
    case = city.case("Cần giúp", received="2022-02-14 08:00")
    by, at = Actor.staff(city.coordinator), city.at("2022-02-14 08:20")
    case = classify(case, by=by, topic=city.topics["covid-help"], place=city.places["Lê Chân"], at=at)
    assert case.urgent and case.due_at == city.at("2022-02-14 13:30")


def test_two_coordinators_at_once_and_only_the_first_one_assigns(city: City) -> None:
    case, by = city.case(), Actor.staff(city.coordinator)
    assign(case, by=by, agency=city.agencies[HONG_BANG], at=NOON(city))
    with pytest.raises(ActionRefused):
        assign(case, by=by, agency=city.agencies[LE_CHAN], at=NOON(city))
    assert case.assignments.get().agency == city.agencies[HONG_BANG]


def test_an_action_is_locked_by_one_statement_and_written_by_another(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    case, by = city.case(lead=HONG_BANG), Actor.staff(city.coordinator)
    sent, execute = [], psycopg.Cursor.execute

    def counted(cursor, query, *values, **how):  # type: ignore[no-untyped-def]
        sent.append(str(query).split()[0])
        return execute(cursor, query, *values, **how)

    monkeypatch.setattr(psycopg.Cursor, "execute", counted)
    with freshness.unchanged():  # the calendar is in memory, however slow the machine is
        extend(case, by=by, until=date(2022, 3, 1), reason="Chờ vật tư.", at=NOON(city))  # changes, says why, notifies
    assert [verb for verb in sent if verb not in ("SAVEPOINT", "RELEASE")] == ["SELECT", "WITH"]
    event = case.events.get(action="extend")
    assert event.remark.text == "Chờ vật tư." and set(event.changed) == {"due_at"}
    assert (event.seq, event.user, event.state_after) == (3, city.coordinator, State.ASSIGNED)
    job = ProcrastinateJob.objects.latest("pk")
    assert (job.queue_name, job.task_name, job.priority) == ("notify", NOTIFY_CITIZEN, Purpose.RECEIPT.priority)
    assert (job.args, job.status, job.lock) == ({"event_id": event.pk}, "todo", None)


def test_who_takes_an_urgent_case_stops_its_ringing(city: City) -> None:
    case = city.case("Cháy nhà ở ngõ 5, có người kẹt bên trong", topic="covid-help")
    take_duty(case, by=Actor.staff(city.coordinator), at=NOON(city))
    job = ProcrastinateJob.objects.get(task_name=STOP_RINGING)
    assert (job.queue_name, job.args, job.priority) == ("notify", {"case_id": case.pk}, Purpose.DUTY.priority)


def test_an_action_on_a_case_that_is_not_there_says_so(city: City) -> None:
    with pytest.raises(Case.DoesNotExist):
        note(Case(pk=0), by=Actor.staff(city.coordinator), words="a", at=NOON(city))


def test_order_holds_though_the_clock_was_moved_back(city: City) -> None:
    case = city.case(lead=HONG_BANG, received="2022-02-14 08:00")
    case = accept(case, by=Actor.staff(city.officer(HONG_BANG)), at=city.at("2022-02-14 07:00"))
    assert [event.action for event in case.events.all()] == ["register", "assign", "accept"]
