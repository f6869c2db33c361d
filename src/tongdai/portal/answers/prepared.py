"""The sheet of paper: as dense as it must be, and no longer than one A4 page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from tongdai.knowledge.answers import short_answers
from tongdai.knowledge.models import Procedure
from tongdai.language.cutting import beginning

ROOMY, DENSE = 2_100, 3_000  # up to which the type is large, then small; what is longer is set in two columns
MOST = 4_000  # what one page holds in the smallest type
EACH = 60  # what a paper or step takes by beginning a line
LONGEST_LINE, LONGEST_FACT, LONGEST_NAME = 420, 320, 600
LONG_NAME = 110  # a phone shows it in four lines of a heading


@dataclass(frozen=True)
class Prepared:
    """`head`: what it is, large; `name`: the law's own name where the head is plainer; `papers`: (in words, note).

    `size`: classes of the page; `cut`: whether something is left for the address behind the QR code.
    """

    head: str
    name: str
    time: str
    fee: str
    where: str
    papers: list[tuple[str, str]]
    steps: list[str]
    size: str
    cut: bool


def known_by(procedure: Procedure) -> str:
    """Its name, or the plain sentence where the law's own name is too long to take in."""
    return procedure.summary if procedure.summary and len(procedure.name) > LONG_NAME else procedure.name


def prepared(procedure: Procedure) -> Prepared:
    """The papers first, then as many steps as there is room for; lengths are counted in characters."""
    head = known_by(procedure)
    name = procedure.name if head != procedure.name else ""
    facts = short_answers.time_limits(procedure), short_answers.fees(procedure), short_answers.where(procedure)
    papers = [(short_answers.paper(each), str(each.get("note") or "")) for each in procedure.papers]
    taken = len(head[:LONGEST_NAME]) + len(name[:LONGEST_NAME]) + 3 * max(len(fact[:LONGEST_FACT]) for fact in facts)
    fitting_papers, taken = _that_fit(papers, taken)
    fitting_steps, taken = _that_fit([(step, "") for step in procedure.steps], taken)
    cut = len(fitting_papers) < len(papers) or len(fitting_steps) < len(procedure.steps)
    lines = [line for paper in papers for line in paper] + list(procedure.steps)
    return Prepared(
        head=beginning(head, LONGEST_NAME),
        name=beginning(name, LONGEST_NAME),
        time=beginning(facts[0], LONGEST_FACT),
        fee=beginning(facts[1], LONGEST_FACT),
        where=beginning(facts[2], LONGEST_FACT),
        papers=fitting_papers,
        steps=[step for step, _nothing in fitting_steps],
        size="" if taken <= ROOMY and not cut else "dense" if taken <= DENSE and not cut else "dense two-columns",
        cut=cut or any(len(line) > LONGEST_LINE for line in lines) or any(len(fact) > LONGEST_FACT for fact in facts),
    )


def _that_fit(lines: Iterable[tuple[str, str]], taken: int) -> tuple[list[tuple[str, str]], int]:
    """Those that there is room for, in their order, and what is taken then."""
    fitting = []
    for words, note in lines:
        words, note = beginning(words, LONGEST_LINE), beginning(note, LONGEST_LINE)
        if taken + EACH + len(words) + len(note) > MOST:
            break
        taken += EACH + len(words) + len(note)
        fitting.append((words, note))
    return fitting, taken
