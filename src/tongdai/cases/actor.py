"""Who does a deed, and in what capacity towards this case."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tongdai.accounts.models import Role, User

from .lifecycle import Who

if TYPE_CHECKING:
    from .models import Case


@dataclass(frozen=True)
class Actor:
    """A member of staff, a citizen, or the house itself; with the channel the deed came by ("" for the desk)."""

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

        A confidential case knows the inspectorate alone: its inspectors stand in the coordinator's place.
        """
        if self.user is None:
            return frozenset({self.who}) if self.who else frozenset()
        if not self.user.is_active:
            return frozenset()
        role = Role(self.user.role)
        if case is not None and case.confidential and role is not Role.INSPECTOR:
            return frozenset()
        found: set[Who] = set()
        if role is Role.CALL_TAKER:
            found.add(Who.CALL_TAKER)
        if role is Role.COORDINATOR:
            found |= {Who.COORDINATOR, Who.CALL_TAKER}
        if role in (Role.SUPERVISOR, Role.LEADER):
            found.add(Who.SUPERVISOR)
        if case is not None:
            if role is Role.INSPECTOR and case.confidential:
                found.add(Who.COORDINATOR)
            if role in (Role.OFFICER, Role.APPROVER, Role.INSPECTOR) and self.works_for_lead(case):
                found.add(Who.OFFICER_OF_LEAD)
        return frozenset(found)

    def works_for_lead(self, case: Case) -> bool:
        return self.user is not None and self.user.agency_id is not None and self.user.agency_id == case.lead_id
