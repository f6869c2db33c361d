"""Texts that begin with the keyword of a look-up table (`COVID le chan`): rows of it, or a sentence that only begins so."""

from __future__ import annotations

from tongdai.cases.routing import suggest_topic
from tongdai.cases.triage.judgement import Judgement
from tongdai.directory.freshness import Fresh
from tongdai.knowledge.lookups import row_search
from tongdai.knowledge.models import LookupTable, State
from tongdai.language.text import fold
from tongdai.platform.clock import today

from . import grammar
from .grammar import Matter
from .text import Text
from .todo import AnswerRows

MOST_ROWS = 3
MOST_LISTED = 30  # rows of a table that is listed whole
A_SENTENCE = 4  # words after a table's keyword that may as well be a sentence: "Số nhà 5 Lạch Tray mất điện"


def look_up(asked: grammar.LookUp, text: Text, judged: Judgement) -> AnswerRows | Matter:
    """`COVID le chan`: the rows for that place, `SO cong an`: those of that name; `SO`: all of them.

    `Số nhà 5 Lạch Tray mất điện` began like a keyword, but is a sentence; what speaks of danger is a matter, too.
    """
    if judged.shown:
        return Matter(text.body)
    tables = list(LookupTable.objects.on(today()).filter(state=State.PUBLISHED, keyword__iexact=asked.keyword))
    by_place = row_search.has_places(tables)
    if asked.words:
        rows, topic = row_search.rows_for(asked.words, tables=tables, most=MOST_ROWS), suggest_topic(asked.words)
        is_long = topic is not None or len(asked.words.split()) >= A_SENTENCE
        if (topic is not None and not by_place) if rows else is_long:
            return Matter(text.body)
    else:
        rows = [] if by_place else row_search.whole(tables, most=MOST_LISTED)
    return AnswerRows(asked.keyword, asked.words, tables, rows, by_place)


keywords = Fresh(
    lambda: frozenset(
        fold(keyword)
        for keyword in LookupTable.objects.filter(state=State.PUBLISHED)
        .exclude(keyword="")
        .values_list("keyword", flat=True)
    )
)
"""The keywords of the published look-up tables, folded: `COVID`."""
