"""Where those who wait in a queue go on to when it takes too long, is too full, or nobody takes it: a city's rules, as rows."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from tongdai.people.phones import dialled
from tongdai.people.toll import why_not
from tongdai.platform import wake

from ..models import Overflow, Queue, Step

When, To = Overflow.When, Overflow.To
MOST_SECONDS, MOST_PEOPLE = 3600, 500
MOST_RULES = 8  # a queue


class RuleRefused(Exception):
    """The rule can't be: why, in words."""


def load() -> dict[int, list[Overflow]]:
    """Queue → its rules, in order."""
    rules: dict[int, list[Overflow]] = {}
    for rule in Overflow.objects.order_by("pk"):
        rules.setdefault(rule.queue_id, []).append(rule)
    return rules


@transaction.atomic
def add(
    queue: Queue, *, when: str, to: str, limit: int | None = None, to_queue: Queue | None = None, number: str = ""
) -> Overflow:
    """One rule more, after the others of this queue.

    Raises:
        RuleRefused
    """
    list(Queue.objects.select_for_update().order_by("pk"))  # two rules written at once can't close a circle
    if when not in When.values or to not in To.values:
        raise RuleRefused(_("Hãy chọn khi nào và chuyển đi đâu."))
    if queue.overflows.count() >= MOST_RULES:
        raise RuleRefused(_("Một hàng chờ có nhiều nhất {n} quy tắc.").format(n=MOST_RULES))
    most = {When.AFTER: MOST_SECONDS, When.LENGTH: MOST_PEOPLE}.get(When(when), 0)
    if most and not (limit and 1 <= limit <= most):
        raise RuleRefused(_("Hãy gõ một số từ 1 đến {most}.").format(most=most))
    rule = Overflow(queue=queue, when=when, to=to, limit=limit if most and limit else 0)
    if to == To.QUEUE:
        if to_queue is None:
            raise RuleRefused(_("Hãy chọn hàng chờ để chuyển đến."))
        if circle := _circle(queue, to_queue):
            raise RuleRefused(_("Quy tắc này dẫn người gọi đi vòng: {way}.").format(way=" → ".join(circle)))
        rule.to_queue = to_queue
    elif to == To.NUMBER:
        rule.number = dialled(number) or ""
        if not rule.number:
            raise RuleRefused(_("Số này không gọi được. Ví dụ: 115, 0225 3842 123."))
        if why := why_not(rule.number):
            raise RuleRefused(why)
    rule.save()
    wake.wake("menu", [rule.pk])
    return rule


def remove(rule: Overflow) -> None:
    wake.wake("menu", [rule.pk])
    rule.delete()


def _circle(queue: Queue, to: Queue) -> list[str]:
    """The names on the way round that leading this queue to that one would make; empty: it makes none."""
    names = dict(Queue.objects.values_list("pk", "name"))
    leads = _leads()
    way = _way(to.pk, queue.pk, leads, seen=set())
    return [names[queue.pk], *(names[each] for each in way)] if way else []


def _way(start: int, end: int, leads: dict[int, set[int]], *, seen: set[int]) -> list[int]:
    if start == end:
        return [end]
    seen.add(start)
    for after in sorted(leads.get(start, set()) - seen):
        if rest := _way(after, end, leads, seen=seen):
            return [start, *rest]
    return []


def _leads() -> dict[int, set[int]]:
    """Queue → the queues it leads to: by rules, and by the menu where patience ends."""
    leads: dict[int, set[int]] = {}
    for queue, to in Overflow.objects.exclude(to_queue=None).values_list("queue_id", "to_queue_id"):
        leads.setdefault(queue, set()).add(to)
    steps = {step.code: step for step in Step.objects.all()}
    for step in steps.values():
        after = _queue_after(step, steps)
        if step.queue_id and after:
            leads.setdefault(step.queue_id, set()).add(after)
    return leads


def _queue_after(step: Step, steps: dict[str, Step]) -> int | None:
    """The queue that one stands in after this step has led on by itself, over whatever is only heard."""
    seen: set[str] = set()
    after = steps.get(step.then)
    while after and after.code not in seen and after.kind in (Step.Kind.SAY, Step.Kind.HOURS):
        seen.add(after.code)
        after = steps.get(after.then)
    return after.queue_id if after else None
