"""Every action as the desk shows it, by its name. A new one has a file of its own and a line here."""

from __future__ import annotations

from ..action import CaseAction
from . import (
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
    delegate,
    draft,
    erase,
    extend,
    go_on,
    hand_back,
    join,
    mark_denunciation,
    merge,
    name_denounced,
    note,
    prove_number,
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
)

_MODULES = (
    accept, answer, approve, ask, ask_to_withdraw, assign, classify, clear_doubt, close, correct, delegate, draft, erase, extend,
    go_on, hand_back, join, mark_denunciation, merge, name_denounced, note, prove_number, raise_danger, raise_doubt, rate, reassign,
    recalculate, recall, register, reject, remind, reopen, reply, return_draft, ring_duty, show_sender, take_back,
    take_duty, undo, unmark_denunciation, unmerge, withdraw, withdraw_links,
)  # fmt: skip
ACTIONS: dict[str, CaseAction] = {module.FACE.name: module.FACE for module in _MODULES}
