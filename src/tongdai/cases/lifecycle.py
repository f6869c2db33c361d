"""The lifecycle as one table: the rules of all actions, put together. The only place that says who may do what, when."""

from __future__ import annotations

from collections.abc import Set

from .actions import (
    accept,
    answer,
    approve,
    ask,
    ask_to_withdraw,
    assign,
    classify,
    clear_doubt,
    close,
    correct,
    decline_support,
    delegate,
    draft,
    erase,
    extend,
    follow,
    go_on,
    hand_back,
    join,
    mark_denunciation,
    merge,
    name_denounced,
    note,
    prove_number,
    provide_support,
    raise_danger,
    raise_doubt,
    rate,
    reassign,
    recalculate,
    recall,
    register,
    reject,
    remind,
    reopen,
    reply,
    request_support,
    return_draft,
    ring_duty,
    show_sender,
    take_back,
    take_duty,
    undo,
    unmark_denunciation,
    unmerge,
    withdraw,
    withdraw_links,
    withdraw_support,
)
from .states import Rule, State, Who

# in the order in which the buttons of a case stand
RULES: tuple[Rule, ...] = (
    register.RULE,
    join.RULE,
    classify.RULE,
    recalculate.RULE,
    raise_danger.RULE,
    assign.RULE,
    reassign.RULE,
    accept.RULE,
    delegate.RULE,
    show_sender.RULE,
    provide_support.RULE,
    decline_support.RULE,
    request_support.RULE,
    withdraw_support.RULE,
    extend.RULE,
    hand_back.RULE,
    merge.RULE,
    unmerge.RULE,
    reject.RULE,
    draft.RULE,
    take_back.RULE,
    approve.RULE,
    return_draft.RULE,
    answer.RULE,
    ask.RULE,
    reply.RULE,
    remind.RULE,
    go_on.RULE,
    correct.RULE,
    note.RULE,
    rate.RULE,
    reopen.RULE,
    withdraw.RULE,
    ask_to_withdraw.RULE,
    ring_duty.RULE,
    take_duty.RULE,
    close.RULE,
    prove_number.RULE,
    erase.RULE,
    withdraw_links.RULE,
    mark_denunciation.RULE,
    raise_doubt.RULE,
    clear_doubt.RULE,
    unmark_denunciation.RULE,
    name_denounced.RULE,
    recall.RULE,
    undo.RULE,
)
# of a case that follows another one (ADR 51): what is done with that one is done with it
OF_MERGED: tuple[Rule, ...] = (*(rule for rule in RULES if rule.merged != "not"), merge.MOVE, *follow.RULES)
_BY_ACTION = {rule.action: rule for rule in RULES}


def rule_of(action: str) -> Rule:
    """Raises KeyError: there is no such action."""
    return _BY_ACTION[action]


def actions_open_to(capacities: Set[Who], *, state: State, merged: bool = False) -> tuple[str, ...]:
    """The actions that are open in these capacities from this state, in the table's order; `merged`: of a case that follows."""
    return tuple(rule.action for rule in RULES if rule.is_open(state=state, capacities=capacities, merged=merged))


def as_table() -> list[tuple[str, str, str, str, str]]:
    """The law on one sheet: action, from, to, who may, whether its citizen is told; a row for each way of an action.

    Last what holds only of a case that is merged, or is otherwise there.
    """
    of_merged = [rule for rule in OF_MERGED if rule not in RULES]
    return [
        (
            f"{rule.action} (merged)" if rule in of_merged else rule.action,
            ", ".join(state for state in State if state in way.from_) or "–",
            way.to or "",
            ", ".join(who for who in Who if who in way.who),
            rule.notifies or "",
        )
        for rule in [*RULES, *of_merged]
        for way in rule.ways
    ]
