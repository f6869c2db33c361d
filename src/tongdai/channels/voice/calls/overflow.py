"""Where one who waits goes on to now, by the rules of her queue (queues/overflow_rules.py) and her own patience."""

from __future__ import annotations

from ..board.board import Board, Caller
from ..board.connection import Connection
from ..menu.menu import Menu
from ..models import Overflow, Step
from ..queues.overflow_rules import To, When


def onward(connection: Connection, caller: Caller, step: Step, *, waited: float) -> Step | None:
    """Where she goes on to now, who has waited so long (s) at this step; None: she waits on."""
    for rule in connection.menu.rules.get(caller.in_queue or 0, ()):
        if not _holds(rule, connection.board, caller, waited=waited) or rule.to_queue_id in caller.stood_in:
            continue
        if leads := _step_of(rule, connection.menu):
            return leads
    if caller.queue and waited > caller.queue.patience:
        return connection.menu.step(step.then)
    return None


def _holds(rule: Overflow, board: Board, caller: Caller, *, waited: float) -> bool:
    if rule.when == When.AFTER:
        return waited > rule.limit
    if rule.when == When.LENGTH:
        return board.length_before(caller) > rule.limit
    return not board.is_signed_on(caller.in_queue)


def _step_of(rule: Overflow, menu: Menu) -> Step | None:
    """The step it leads to; None: the menu has none such."""
    if rule.to == To.NUMBER:
        return Step(code="outside", kind=Step.Kind.OUTSIDE, number=rule.number, then="message")
    kind, queue = {
        To.QUEUE: (Step.Kind.QUEUE, rule.to_queue_id),
        To.KEEP: (Step.Kind.KEEP, None),
        To.MESSAGE: (Step.Kind.MESSAGE, None),
    }[To(rule.to)]
    found = (step for step in menu.steps.values() if step.kind == kind and step.queue_id == queue)
    return next(found, None)
