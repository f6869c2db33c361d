"""The states of a case and the moves between them. The only place that says who may do what, when."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class State(TextChoices):
    """Where a case stands. The words are the citizen's and the staff's alike."""

    RECEIVED = "received", _("đã tiếp nhận")
    ASSIGNED = "assigned", _("đã chuyển cơ quan")
    IN_PROGRESS = "in_progress", _("đang xử lý")
    HANDED_BACK = "handed_back", _("bị trả lại")
    ANSWERED = "answered", _("đã trả lời")
    REJECTED = "rejected", _("bị từ chối")
    CLOSED = "closed", _("đã kết thúc")


class Who(TextChoices):
    """In what capacity somebody acts on a case; one person may have several (see Actor.capacities)."""

    CITIZEN = "citizen", _("người dân")
    SYSTEM = "system", _("tổng đài")
    CALL_TAKER = "call_taker", _("điện thoại viên")
    COORDINATOR = "coordinator", _("điều phối viên")
    OFFICER_OF_LEAD = "officer_of_lead", _("cán bộ của cơ quan chủ trì")
    SUPERVISOR = "supervisor", _("giám sát, lãnh đạo")
    READER = "reader", _("người xem được phiếu")
    INSPECTOR = "inspector", _("thanh tra viên")


R, A, P, H, W, X, C = (
    State.RECEIVED,
    State.ASSIGNED,
    State.IN_PROGRESS,
    State.HANDED_BACK,
    State.ANSWERED,
    State.REJECTED,
    State.CLOSED,
)
OPEN = frozenset({R, A, P, H})
INBOX = frozenset({R, H})
NOBODY_YET = frozenset({R, A, H})  # nobody has accepted it
ANYWHERE = frozenset(State)


@dataclass(frozen=True)
class Move:
    """One action: from which states, to which (None: it stays where it is), by whom."""

    action: str
    sources: frozenset[State]
    target: State | None
    who: frozenset[Who]


def _move(action: str, sources: Iterable[State], target: State | None, *who: Who) -> Move:
    return Move(action, frozenset(sources), target, frozenset(who))


MOVES: tuple[Move, ...] = (
    #     action         from              to     who may
    _move("register", (), R, Who.CITIZEN, Who.CALL_TAKER, Who.COORDINATOR, Who.SYSTEM),
    _move("join", ANYWHERE, None, Who.CITIZEN, Who.CALL_TAKER, Who.SYSTEM),
    _move("classify", INBOX, None, Who.COORDINATOR, Who.SYSTEM),
    _move("recalculate", OPEN, None, Who.SYSTEM),
    _move("raise_danger", OPEN, None, Who.SYSTEM, Who.CALL_TAKER, Who.COORDINATOR),
    _move("assign", INBOX, A, Who.COORDINATOR, Who.SYSTEM),
    _move("accept", {A}, P, Who.OFFICER_OF_LEAD),
    _move("hand_back", {A, P}, H, Who.OFFICER_OF_LEAD),
    _move("reject", INBOX, X, Who.COORDINATOR),
    _move("answer", INBOX, W, Who.COORDINATOR),
    _move("answer", {A, P}, W, Who.OFFICER_OF_LEAD),
    _move("ring_duty", NOBODY_YET, None, Who.SYSTEM),
    _move("take_duty", NOBODY_YET, None, *(set(Who) - {Who.CITIZEN})),
    _move("close", {W, X}, C, Who.COORDINATOR, Who.OFFICER_OF_LEAD, Who.SYSTEM),
    _move("prove_number", ANYWHERE, None, Who.CITIZEN),
    _move("erase", {W, X, C}, None, Who.SYSTEM),
    _move("withdraw_links", ANYWHERE, None, Who.CITIZEN, Who.CALL_TAKER, Who.COORDINATOR),
    _move("mark_denunciation", {A, P}, H, Who.READER, Who.CITIZEN, Who.SYSTEM),
    _move("mark_denunciation", {R, H, W, X, C}, None, Who.READER, Who.CITIZEN, Who.SYSTEM),
    _move("raise_doubt", INBOX, None, Who.SYSTEM),
    _move("clear_doubt", ANYWHERE, None, Who.COORDINATOR, Who.CITIZEN),
    _move("unmark_denunciation", ANYWHERE, None, Who.INSPECTOR),
    _move("name_denounced", OPEN, None, Who.INSPECTOR),
    _move("recall", {A, P}, H, Who.INSPECTOR),
)


class ActionRefused(Exception):
    """The table doesn't allow this action now, or not to this person. `why` is for the person, translated."""

    def __init__(self, *, action: str, state: str, why: str) -> None:
        super().__init__(f"{action} refused in state {state}")
        self.action, self.state, self.why = action, state, why


def find_move(action: str, *, state: State | None, capacities: frozenset[Who]) -> Move:
    """The move this action makes from this state.

    Raises:
        ActionRefused: the state has no such move, or none of the capacities may make it.
    """
    rows = [m for m in MOVES if m.action == action and (state in m.sources or (state is None and not m.sources))]
    for move in rows:
        if move.who & capacities:
            return move
    if rows:
        why = _("Bạn không được làm việc này với phiếu này.")
    elif state in (W, X, C):
        why = _("Phiếu đã kết thúc, không làm việc này được nữa.")
    else:
        why = _("Phiếu vừa được người khác xử lý, nên việc này không còn làm được.")
    raise ActionRefused(action=action, state=state or "", why=str(why))


def moves_open_to(capacities: frozenset[Who], *, state: State) -> tuple[str, ...]:
    """The actions these capacities may do from this state, in the table's order: the buttons a person sees."""
    return tuple(dict.fromkeys(m.action for m in MOVES if state in m.sources and m.who & capacities))
