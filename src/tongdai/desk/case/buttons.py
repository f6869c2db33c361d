"""What may be done next with a case: the actions the lifecycle opens to this person, as buttons with their keys."""

from __future__ import annotations

from tongdai.accounts.models import User
from tongdai.cases.actor import Actor
from tongdai.cases.lifecycle import actions_open_to, rule_of
from tongdai.cases.models import Case
from tongdai.cases.states import State

from .action import CaseAction
from .actions import ACTIONS

MAIN = ("provide_support", "accept", "assign", "draft", "answer")  # what most probably comes next


def open_actions(case: Case, user: User) -> list[CaseAction]:
    """Return the buttons for this person on this case, now."""
    open_to = actions_open_to(Actor.staff(user).capacities(case), state=State(case.state), merged=case.is_merged)
    named = [ACTIONS[name] for name in open_to if ACTIONS[name].label]
    found = [each for each in named if each.makes_sense(case) and each.makes_sense_to(case, user)]
    return sorted(found, key=lambda each: not each.before_all)


def settles_doubt(case: Case, user: User) -> bool:
    """Say whether this person may decide that the case is no denunciation: two buttons of their own stand before all others."""
    names = actions_open_to(Actor.staff(user).capacities(case), state=State(case.state))
    return case.perhaps_denunciation and "clear_doubt" in names


def main_action(actions: list[CaseAction]) -> CaseAction | None:
    """Return the action whose button is filled. A suggested agency goes before it."""
    named = {each.name: each for each in actions}
    return next((named[name] for name in MAIN if name in named), None)


def check_open(case: Case, user: User, action: str) -> None:
    """Raise ActionRefused when the form of this action makes no sense any more."""
    capacities = Actor.staff(user).capacities(case)
    rule_of(action).way(state=State(case.state), capacities=capacities, merged=case.is_merged)
