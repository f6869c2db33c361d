"""Every move, tried as everybody, from every state: the table is the law of the house."""

import pytest

from tests.city import HONG_BANG, LE_CHAN, City
from tongdai.accounts.models import User
from tongdai.cases.actions.accept import accept
from tongdai.cases.actions.answer import answer
from tongdai.cases.actions.assign import assign
from tongdai.cases.actions.classify import classify
from tongdai.cases.actions.close import close
from tongdai.cases.actions.hand_back import hand_back
from tongdai.cases.actions.mark_denunciation import mark_denunciation
from tongdai.cases.actions.reject import reject
from tongdai.cases.actions.withdraw_links import withdraw_links
from tongdai.cases.actor import Actor
from tongdai.cases.lifecycle import MOVES, ActionRefused, State, Who, find_move, moves_open_to
from tongdai.cases.models import Case

pytestmark = pytest.mark.django_db

ACTIONS = {
    "classify": lambda c, by, city: classify(c, by=by, topic=city.topics["waste"], place=None, at=NOON(city)),
    "assign": lambda c, by, city: assign(c, by=by, agency=city.agencies[LE_CHAN], at=NOON(city)),
    "accept": lambda c, by, city: accept(c, by=by, at=NOON(city)),
    "hand_back": lambda c, by, city: hand_back(c, by=by, reason="Thuộc Sở Xây dựng", at=NOON(city)),
    "reject": lambda c, by, city: reject(c, by=by, ground="no_content", reason="Chưa rõ việc gì.", at=NOON(city)),
    "answer": lambda c, by, city: answer(c, by=by, text="Đã dọn.", at=NOON(city)),
    "close": lambda c, by, city: close(c, by=by, at=NOON(city)),
    "withdraw_links": lambda c, by, city: withdraw_links(c, by=by, at=NOON(city)),
    "mark_denunciation": lambda c, by, city: mark_denunciation(c, by=by, at=NOON(city)),
}


def NOON(city: City):
    return city.at("2022-02-14 12:00")


def in_state(city: City, state: State) -> Case:
    if state is State.RECEIVED:
        return city.case()
    if state is State.ASSIGNED:
        return city.case(lead=HONG_BANG)
    if state is State.REJECTED:
        return ACTIONS["reject"](city.case(), Actor.staff(city.coordinator), city)
    case = city.case(lead=HONG_BANG, accepted=True)
    officer = Actor.staff(city.officer(HONG_BANG))
    if state is State.HANDED_BACK:
        return ACTIONS["hand_back"](case, officer, city)
    if state in (State.ANSWERED, State.CLOSED):
        case = ACTIONS["answer"](case, officer, city)
    return ACTIONS["close"](case, officer, city) if state is State.CLOSED else case


def everybody(city: City) -> dict[str, tuple[User, set[Who]]]:
    return {
        "call taker": (city.call_taker, {Who.CALL_TAKER, Who.READER}),
        "coordinator": (city.coordinator, {Who.COORDINATOR, Who.CALL_TAKER, Who.READER}),
        "officer of the lead": (city.officer(HONG_BANG), {Who.OFFICER_OF_LEAD, Who.READER}),
        "officer of another agency": (city.officer(LE_CHAN), set()),
        "leader": (city.leader, {Who.READER}),
        "administrator": (city.admin, set()),
        "inspector": (city.inspector, set()),
    }


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("state", State)
def test_an_action_is_done_where_the_table_allows_it_and_refused_elsewhere(
    city: City, action: str, state: State
) -> None:
    for name, (user, capacities) in everybody(city).items():
        case = in_state(city, state)
        led = state in (State.ASSIGNED, State.IN_PROGRESS, State.ANSWERED, State.CLOSED)
        held = capacities if led or Who.OFFICER_OF_LEAD not in capacities else set()
        allowed = [m for m in MOVES if m.action == action and state in m.sources and m.who & held]
        before = case.events_count
        if allowed:
            done = ACTIONS[action](case, Actor.staff(user), city)
            assert done.state == (allowed[0].target or state), name
            assert done.events.last().action == action and done.events_count == before + 1
        else:
            with pytest.raises(ActionRefused) as refused:
                ACTIONS[action](case, Actor.staff(user), city)
            assert refused.value.why
            assert case.events.count() == before, name


def test_the_buttons_a_person_sees_are_the_moves_the_table_allows() -> None:
    for state in State:
        for who in Who:
            for action in moves_open_to(frozenset({who}), state=state):
                assert find_move(action, state=state, capacities=frozenset({who}))


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


def test_order_holds_though_the_clock_was_moved_back(city: City) -> None:
    case = city.case(lead=HONG_BANG, received="2022-02-14 08:00")
    case = accept(case, by=Actor.staff(city.officer(HONG_BANG)), at=city.at("2022-02-14 07:00"))
    assert [event.action for event in case.events.all()] == ["register", "assign", "accept"]
