"""The states of a case, in what capacity somebody acts on it, and what a rule of the lifecycle says.

Each action has its rule in its own file (`actions/`); `lifecycle.py` puts them together.
"""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass
from typing import Literal

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from tongdai.people.purposes import Purpose


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
    APPROVER_OF_LEAD = "approver_of_lead", _("người duyệt của cơ quan chủ trì")
    OFFICER_OF_SUPPORT = "officer_of_support", _("cán bộ của cơ quan phối hợp")
    SUPERVISOR = "supervisor", _("giám sát, lãnh đạo")
    READER = "reader", _("người xem được phiếu")
    INSPECTOR = "inspector", _("thanh tra viên")


OPEN = frozenset({State.RECEIVED, State.ASSIGNED, State.IN_PROGRESS, State.HANDED_BACK})
INBOX = frozenset({State.RECEIVED, State.HANDED_BACK})
WITH_AGENCY = frozenset({State.ASSIGNED, State.IN_PROGRESS})
NOBODY_YET = OPEN - {State.IN_PROGRESS}  # nobody has accepted it
OVER = frozenset(State) - OPEN
ANYWHERE = frozenset(State)
STAFF = frozenset(Who) - {
    Who.CITIZEN,
    Who.SYSTEM,
    Who.APPROVER_OF_LEAD,
    Who.OFFICER_OF_SUPPORT,
}  # an approver is an officer of the lead as well; who helps does that alone
ANY_STAFF = STAFF | {Who.SYSTEM}


OfMerged = Literal["not", "too", "only"]


class ActionRefused(Exception):
    """The lifecycle doesn't allow this action now, or not to this person. `why` is for the person, translated.

    `argument`: which argument of the action is wrong, where another value would do.
    """

    def __init__(self, *, action: str, state: str, why: str, argument: str = "") -> None:
        super().__init__(f"{action} refused in state {state}")
        self.action, self.state, self.why, self.argument = action, state, why, argument


@dataclass(frozen=True)
class Way:
    """From which states an action is open, to which it leads (None: the state stays), and who may do it.

    No state at all: there is no case yet.
    """

    from_: Set[State]
    to: State | None
    who: Set[Who]

    def starts(self, state: State | None) -> bool:
        """Whether it leads on from this state; None: from where there is no case yet."""
        return state in self.from_ if state else not self.from_


@dataclass(frozen=True, init=False)
class Rule:
    """What the lifecycle says of one action: its ways, and what its citizen is told it for (None: not told).

    `undoable`: whoever did it may take it back for a moment; until then its citizen isn't told. `merged`: whether it is open
    on a case that follows another one (ADR 51): not, too, or only there.
    """

    action: str
    ways: tuple[Way, ...]
    notifies: Purpose | None
    undoable: bool
    merged: OfMerged

    def __init__(
        self,
        action: str,
        *ways: Way,
        notifies: Purpose | None = None,
        undoable: bool = False,
        merged: OfMerged = "not",
    ) -> None:
        given = {"action": action, "ways": ways, "notifies": notifies, "undoable": undoable, "merged": merged}
        for name, value in given.items():
            object.__setattr__(self, name, value)

    def way(self, *, state: State | None, capacities: Set[Who], merged: bool = False) -> Way:
        """The way this action goes from a state for who acts in these capacities.

        Raises:
            ActionRefused: there is none from this state, not for these capacities, or none for a case that is `merged`.
        """
        if not self._fits(merged):
            why = (
                _("Phiếu này đã ghép vào phiếu khác. Hãy làm ở phiếu chính, hoặc tách phiếu này ra trước.")
                if merged
                else _("Phiếu này không ghép vào phiếu nào.")
            )
            raise ActionRefused(action=self.action, state=state or "", why=str(why))
        ways = [way for way in self.ways if way.starts(state)]
        for way in ways:
            if way.who & capacities:
                return way
        if ways:
            why = _("Bạn không được làm việc này với phiếu này.")
        elif state in OVER:
            why = _("Phiếu đã kết thúc, không làm việc này được nữa.")
        else:
            why = _("Phiếu vừa được người khác xử lý, nên việc này không còn làm được.")
        raise ActionRefused(action=self.action, state=state or "", why=str(why))

    def is_open(self, *, state: State, capacities: Set[Who], merged: bool = False) -> bool:
        """Whether who acts in these capacities may do it from this state."""
        return self._fits(merged) and any(way.starts(state) and way.who & capacities for way in self.ways)

    def _fits(self, merged: bool) -> bool:
        return self.merged == "too" or merged == (self.merged == "only")

    def purpose(self, *, urgent: bool) -> Purpose:
        """What the text about this action is for, and with it the priority of the job that writes it."""
        return Purpose.DANGER if urgent or self.notifies is None else self.notifies
