"""A procedure's parts in words, for the answers' pages."""

from __future__ import annotations

from datetime import date, datetime, time

from django import template

from tongdai.knowledge.answer_key import Part
from tongdai.knowledge.answers import english, record_parts, short_answers
from tongdai.knowledge.answers.plain_text import is_plain, official_of
from tongdai.knowledge.lookups import counters
from tongdai.knowledge.models import Audience, Level, LookupRow, Procedure
from tongdai.language.dates import weekday
from tongdai.platform.clock import CITY_TZ

from ..answers.prepared import LONG_NAME, known_by
from ..answers.shown import cells, ward
from ..answers.ways import ways

register = template.Library()
register.filter("fees", short_answers.fees)
register.filter("time_limits", short_answers.time_limits)
register.filter("where", short_answers.where)
register.filter("paper", short_answers.paper)
register.filter("way", short_answers.way)
register.filter("cells", cells)
register.filter("ward", ward)
register.filter("ways", ways)
register.filter("known_by", known_by)
register.filter("title", english.title)
register.filter("title_lang", english.title_language)


@register.filter
def in_words_of_the_page(text: str) -> dict[str, str]:
    """A text of an answer in the language of the page as far as there is one: {text, lang}."""
    found = english.text_in_english(text) if english.is_asked_for() else None
    return {"text": found or text, "lang": english.LANGUAGE if found else "vi"}


register.filter("times_noted", record_parts.times_noted)
register.filter("where_exactly", record_parts.where_exactly)
register.filter("doubtful_words", short_answers.doubtful_words)
register.filter("in_a_case", short_answers.in_a_case)
register.filter("insures", short_answers.insures)
register.filter("sum_unknown", short_answers.sum_unknown)
register.filter("who_knows", short_answers.who_knows)
register.filter("counters", counters.table_for)


@register.filter
def everybodys_first(papers: list[dict[str, str | int]]) -> list[dict[str, str | int]]:
    """The papers that everybody needs before those that are needed in a case only."""
    return sorted(papers, key=lambda each: bool(short_answers.in_a_case(each)))


@register.filter
def lines_of(procedure: Procedure, part: str) -> list[str]:
    """What the record says of one of its parts, sentence by sentence."""
    return record_parts.lines_of(procedure, Part(part))


@register.filter
def not_recorded(procedure: Procedure, part: str) -> str:
    """That the record doesn't hold it, and who knows."""
    return short_answers.not_recorded(procedure, Part(part))


@register.filter
def official_papers(procedure: Procedure) -> list[dict[str, str | int]]:
    """The papers in the law's own words, where plain ones are read above them."""
    return (official_of(procedure, "papers") or []) if is_plain(procedure, "papers") else []


@register.filter
def unsure(procedure: Procedure, part: str) -> bool:
    """Whether this part waits for an editor."""
    return procedure.unsure(part)


@register.filter
def levels(procedure: Procedure) -> str:
    """`xã, phường, đặc khu; tỉnh, thành phố`."""
    return "; ".join(str(Level(level).label) for level in procedure.levels if level in Level)


@register.filter
def audience(procedure: Procedure) -> str:
    return ", ".join(str(Audience(who).label) for who in procedure.audience if who in Audience)


@register.filter
def long(name: str) -> bool:
    """Whether a heading of these words needs a smaller type."""
    return len(name) > LONG_NAME


@register.filter
def map_at(row: LookupRow) -> str:
    """A map with a mark where it is; empty where that isn't known."""
    if row.latitude is None or row.longitude is None:
        return ""
    at = f"{row.latitude:.5f}", f"{row.longitude:.5f}"
    return f"https://www.openstreetmap.org/?mlat={at[0]}&mlon={at[1]}#map=17/{at[0]}/{at[1]}"


@register.filter
def way_to(row: LookupRow) -> str:
    """`geo:` (RFC 5870): the phone's own map opens there."""
    if row.latitude is None or row.longitude is None:
        return ""
    return f"geo:{row.latitude:.5f},{row.longitude:.5f}"


@register.filter
def with_weekday(day: date) -> str:
    """`thứ Hai, 30.11.2026`."""
    return f"{weekday(datetime.combine(day, time(12), tzinfo=CITY_TZ))}, {day.day}.{day.month}.{day.year}"
