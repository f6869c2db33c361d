"""Who does an action, and in what capacity towards this case."""

from __future__ import annotations

from dataclasses import dataclass

from tongdai.accounts.models import User
from tongdai.accounts.rights import (
    ANSWERS_FOR_AGENCY,
    APPROVES_FOR_AGENCY,
    COORDINATES,
    INSPECTS_DENUNCIATIONS,
    OVERSEES,
    SEES_ALL_BUT_CONFIDENTIAL,
    TAKES_DOWN,
)

from . import supports
from .access import secrecy
from .models import Case
from .states import Who


@dataclass(frozen=True)
class Actor:
    """A member of staff, a citizen, or the house itself; with the channel the action came by ("" for the desk)."""

    who: Who | None
    user: User | None = None
    channel: str = ""

    @classmethod
    def staff(cls, user: User) -> Actor:
        return cls(who=None, user=user)

    @classmethod
    def citizen(cls, *, channel: str) -> Actor:
        return cls(who=Who.CITIZEN, channel=channel)

    @classmethod
    def system(cls) -> Actor:
        return cls(who=Who.SYSTEM)

    def capacities(self, case: Case | None = None) -> frozenset[Who]:
        """In what capacities this actor may act on the case; without a case, on one that is being opened.

        A denunciation knows those alone who may know of it: the inspectors stand in the coordinator's place.
        """
        if self.user is None:
            return frozenset({self.who}) if self.who else frozenset()
        if not self.user.is_active:
            return frozenset()
        role = self.user.role
        if case is not None and case.confidential:
            return self._towards_a_secret(case)
        found: set[Who] = set()
        if role in TAKES_DOWN:
            found.add(Who.CALL_TAKER)
        if role in COORDINATES:
            found.add(Who.COORDINATOR)
        if role in OVERSEES:
            found.add(Who.SUPERVISOR)
        if case is not None:
            if role in ANSWERS_FOR_AGENCY and self.works_for_lead(case):
                found |= {Who.OFFICER_OF_LEAD, Who.READER}
                if role in APPROVES_FOR_AGENCY:
                    found.add(Who.APPROVER_OF_LEAD)
            elif self._helps(case):
                found.add(Who.OFFICER_OF_SUPPORT)
            if role in SEES_ALL_BUT_CONFIDENTIAL:
                found.add(Who.READER)
        return frozenset(found)

    def _towards_a_secret(self, case: Case) -> frozenset[Who]:
        if self.user is None or not secrecy.knows(self.user, case):
            return frozenset()
        found = {Who.COORDINATOR, Who.INSPECTOR} if self.user.role in INSPECTS_DENUNCIATIONS else set()
        return frozenset(found | ({Who.OFFICER_OF_LEAD} if self.works_for_lead(case) else set()))

    def _helps(self, case: Case) -> bool:
        return self.user is not None and supports.own(case, self.user) is not None

    def works_for_lead(self, case: Case) -> bool:
        return self.user is not None and self.user.agency_id is not None and self.user.agency_id == case.lead_id
