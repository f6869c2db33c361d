"""Ready answers by telephone: the questions asked most and the tables, each at a key, told in a few sentences.

An answer's key: `procedure:7`, `article:7`, a small table whole `table:7`, a table by ward `wards:7`, one ward of it
`ward:7:31`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from django.db.models import Count, F, Q, QuerySet
from django.utils import translation
from django.utils.translation import gettext as _

from tongdai.channels import limits, outbound
from tongdai.knowledge.answer_key import AnswerKey, Kind
from tongdai.knowledge.answers import by_key, english, short_answers, short_links
from tongdai.knowledge.lookups import row_search
from tongdai.knowledge.models import Answer, Article, LookupRow, LookupTable, Procedure, State
from tongdai.knowledge.usage import records
from tongdai.language.text import unaccented
from tongdai.people.interactions import contact_for
from tongdai.people.models import Channel
from tongdai.people.purposes import Purpose
from tongdai.people.toll import takes_texts
from tongdai.platform.clock import now, today

from ..asterisk.exchange import Exchange
from ..speech.synthesis import sound_of
from . import keypad

MOST_QUESTIONS, MOST_TABLES = 5, 2  # of each kind of table: nine keys in all
MOST_WARDS, MOST_ROWS = 5, 3  # to choose from when several are spelt alike; told of one
BY_WARD = "wards:"
_WARD = re.compile(r"ward:([0-9]{1,12}):([0-9]{1,12})")
SMALL = 8  # rows: more than that nobody listens to
SPOKEN = "vi"  # what has no English is said in Vietnamese, whatever language the menu is in
LONGEST = 700  # characters: about a minute


@dataclass(frozen=True)
class Offered:
    """What is said of the choice, and which answer stands at which key."""

    sounds: list[Path]
    keys: dict[str, str]


def offered(*, it: Exchange, language: str = SPOKEN) -> Offered:
    """The answers people ask for most, each at a key from 1 on; in the menu's language those that have a name in it."""
    with translation.override(language):
        return _at_keys(_choices(), it=it)


def spelt(key: str, keys: str, *, it: Exchange) -> Offered:
    """What a table by ward has for the ward spelt on the keys; where several are, each at a key."""
    table = LookupTable.objects.filter(pk=key.removeprefix(BY_WARD)).first()
    if table is None:
        return Offered([], {})
    wards = keypad.meant(keys, row_search.shown([table]).order_by().values_list("place", flat=True).distinct())
    with translation.override(SPOKEN):
        return _at_keys([(f"ward:{table.pk}:{ward.pk}", ward.full_name, SPOKEN) for ward in wards[:MOST_WARDS]], it=it)


def sounds_of(key: str, *, it: Exchange, language: str = SPOKEN) -> list[Path]:
    """What the machine says of the answer; nothing where it is gone. What has no English is said to have none."""
    with translation.override(language):
        words, spoken = words_of(key)
        only = _("Câu trả lời này chỉ có bằng tiếng Việt.") if words and spoken != language else ""
    said = [(only, language), (words, spoken)]
    return [sound_of(text, language=each, it=it) for text, each in said if text]


def note(key: str, *, number: str) -> None:
    """Count it as given."""
    rows = _rows(key)
    opened = rows[0].answer_key if rows else AnswerKey.read(key)
    records.record_lookup(_name(key), channel=Channel.VOICE, at=now(), session=number, opened=opened)


def text(key: str, *, number: str, call: int, language: str = SPOKEN) -> bool:
    """Queue the answer to the caller's mobile; False where that can't be. Once a call and answer."""
    at = now()
    with translation.override(language):
        body = _texted(key)
    if not body or not number or not takes_texts(number):
        return False
    queued = outbound.send(
        contact_for(number, at=at, proven=True),
        body,
        purpose=Purpose.ANSWER,
        key=f"voice-answer:{call}:{key}",
        at=at,
        limited=(limits.AUTOMATIC,),
    )
    return not queued.enough


def make_ahead(it: Exchange) -> None:
    """The sounds of the choice and its answers, before anybody waits for them."""
    for language in (SPOKEN, english.LANGUAGE):
        for key in offered(it=it, language=language).keys.values():
            if not key.startswith(BY_WARD):
                sounds_of(key, it=it, language=language)


def _choices() -> list[tuple[str, str, str]]:
    """(key of the answer, its name, the language of that) of what is asked most, the small tables after them."""
    day = today()
    procedures = Procedure.objects.on(day).filter(state=State.PUBLISHED, twin_of=None).exclude(summary="")
    articles = Article.objects.on(day).filter(state=State.PUBLISHED).exclude(short="")
    asked: list[Procedure | Article] = [
        *procedures.order_by("-chosen", "pk")[:MOST_QUESTIONS],
        *articles.order_by("-chosen", "pk")[:MOST_QUESTIONS],
    ]
    asked.sort(key=lambda each: -each.chosen)
    in_view = Q(rows__generation=F("generation"))
    tables = LookupTable.objects.on(day).filter(state=State.PUBLISHED).order_by("pk")
    counted = tables.annotate(
        seen=Count("rows", filter=in_view), placed=Count("rows", filter=in_view & Q(rows__place__isnull=False))
    )
    with translation.override(SPOKEN):
        by_ward = _("{name} theo phường, xã")
    return [
        *((str(each.answer_key), english.title(each), english.title_language(each)) for each in asked[:MOST_QUESTIONS]),
        *(
            (str(each.answer_key), each.name, SPOKEN)
            for each in counted.filter(seen__gte=1, seen__lte=SMALL)[:MOST_TABLES]
        ),
        *(
            (f"{BY_WARD}{each.pk}", by_ward.format(name=each.name), SPOKEN)
            for each in counted.filter(seen__gt=SMALL, placed__gt=0)[:MOST_TABLES]
        ),
    ]


def _at_keys(choices: Sequence[tuple[str, str, str]], *, it: Exchange) -> Offered:
    """(key of the answer, its name, the language of that), each at a key of the telephone."""
    sounds = []
    for number, (_key, name, language) in enumerate(choices, start=1):
        with translation.override(language):
            sentence = _("{name}, bấm {key}.").format(name=name, key=number)
        sounds.append(sound_of(sentence, language=language, it=it))
    return Offered(sounds, {str(number): choice[0] for number, choice in enumerate(choices, start=1)})


def _rows(key: str) -> list[LookupRow]:
    """The rows of a small table, or a ward's; none of an answer of another kind."""
    if of_ward := _WARD.fullmatch(key):
        return list(_shown(int(of_ward[1])).filter(place_id=int(of_ward[2]))[:MOST_ROWS])
    named = AnswerKey.read(key)
    return list(_shown(named.id)[:SMALL]) if named and named.kind is Kind.TABLE else []


def _shown(table: int) -> QuerySet[LookupRow]:
    return row_search.shown(list(LookupTable.objects.filter(pk=table)))


def _answer(key: str) -> Answer | None:
    """What one reads or hears whole: a procedure, an article; tables and wards are told row by row."""
    named = AnswerKey.read(key)
    return by_key.answer_of(named) if named and named.kind in {Kind.PROCEDURE, Kind.ARTICLE} else None


def words_of(key: str) -> tuple[str, str]:
    """(what is said of it, the language of that): the menu's where it exists in it."""
    if rows := _rows(key):
        return " ".join(f"{each.name}: {short_answers.in_short(each)}." for each in rows)[:LONGEST], SPOKEN
    found = _answer(key)
    if found is None:
        return "", SPOKEN
    short, language = english.short(found)
    with translation.override(language):
        return f"{english.title(found)}. {short}"[:LONGEST], language


def _texted(key: str) -> str:
    """Its name with a short link; a ward's rows, the first with its link."""
    if rows := _rows(key):
        return f"{rows[0].name}: {short_answers.in_short(rows[0])}. {short_links.short(rows[0].answer_key)}"
    found = _answer(key)
    if found is None:
        return ""
    language = english.title_language(found)
    title = english.title(found) if language == SPOKEN else unaccented(english.title(found))
    return f"{title}: {short_links.short(found.answer_key, language=language)}"


def _name(key: str) -> str:
    if rows := _rows(key):
        return rows[0].table.name
    found = _answer(key)
    return found.title if found else ""
