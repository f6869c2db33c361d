"""Ready answers by telephone: the questions asked most and the small tables, each at a key, told in a few sentences."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from django.db.models import Count, F, Q
from django.utils import translation
from django.utils.translation import gettext as _

from tongdai.channels.channel import may_text
from tongdai.directory.snapshot import today
from tongdai.knowledge import asking, links, telling
from tongdai.knowledge.lookups import looking
from tongdai.knowledge.models import Article, LookupTable, Procedure, State
from tongdai.people.interactions import contact_for, queue_outbound
from tongdai.people.models import Channel
from tongdai.people.phones import is_mobile
from tongdai.platform import wake
from tongdai.platform.clock import now

from .exchange.home import Exchange
from .speech import sound_of

MOST_QUESTIONS, MOST_TABLES = 5, 2
SMALL = 8  # rows: more than that nobody listens to
SPOKEN = "vi"  # the answers are written in Vietnamese, and said in it whatever language the menu is in
LONGEST = 700  # characters: about a minute


@dataclass(frozen=True)
class Offered:
    """What is said of the choice, and which answer stands at which key."""

    sounds: list[Path]
    keys: dict[str, str]


def offered(*, it: Exchange) -> Offered:
    """The answers people ask for most, each at a key from 1 on."""
    choices = _choices()
    with translation.override(SPOKEN):
        said = [
            _("{name}, bấm {key}.").format(name=name, key=number)
            for number, (_key, name) in enumerate(choices, start=1)
        ]
    sounds = [sound_of(each, language=SPOKEN, it=it) for each in said]
    return Offered(sounds, {str(number): key for number, (key, _name) in enumerate(choices, start=1)})


def told(key: str, *, it: Exchange) -> list[Path]:
    """What the machine says of the answer; nothing where it is gone."""
    with translation.override(SPOKEN):
        words = _words(key)
    return [sound_of(words, language=SPOKEN, it=it)] if words else []


def note(key: str, *, number: str) -> None:
    """Count it as told."""
    asking.note_look_up(_name(key), channel=Channel.VOICE, at=now(), sitting=number, opened=key)


def text(key: str, *, number: str, call: int) -> bool:
    """Queue the answer to the caller's mobile; False where that can't be. Once a call and answer."""
    row, at = asking.row_of(key), now()
    if row is None or not number or not is_mobile(number) or not may_text(number, at=at):
        return False
    queued = queue_outbound(
        channel=Channel.SMS,
        address=number,
        body=f"{telling.title(row)}: {links.short(key)}",
        key=f"voice-answer:{call}:{key}",
        at=at,
        contact=contact_for(number, at=at, proven=True),
    )
    if queued:
        wake.wake("outbox", [queued.pk])
    return True


def make_ahead(it: Exchange) -> None:
    """The sounds of the choice and its answers, before anybody waits for them."""
    for key in offered(it=it).keys.values():
        told(key, it=it)


def _choices() -> list[tuple[str, str]]:
    """(key of the answer, its name) of what is asked most, the small tables after them."""
    day = today()
    procedures = Procedure.objects.on(day).filter(state=State.PUBLISHED, twin_of=None).exclude(summary="")
    articles = Article.objects.on(day).filter(state=State.PUBLISHED).exclude(short="")
    asked = [
        (f"procedure:{each.pk}", each.name, each.chosen)
        for each in procedures.order_by("-chosen", "pk")[:MOST_QUESTIONS]
    ]
    asked += [
        (f"article:{each.pk}", each.question, each.chosen)
        for each in articles.order_by("-chosen", "pk")[:MOST_QUESTIONS]
    ]
    asked.sort(key=lambda each: -each[2])
    seen = Count("rows", filter=Q(rows__generation=F("generation")))
    tables = (
        LookupTable.objects.on(day)
        .filter(state=State.PUBLISHED)
        .annotate(seen=seen)
        .filter(seen__gte=1, seen__lte=SMALL)
    )
    found = [(key, name) for key, name, _times in asked[:MOST_QUESTIONS]]
    return [*found, *((f"table:{table.pk}", table.name) for table in tables.order_by("pk")[:MOST_TABLES])]


def _words(key: str) -> str:
    kind, _colon, row = key.partition(":")
    if kind == "table":
        table = LookupTable.objects.filter(pk=row).first()
        rows = looking.seen([table])[:SMALL] if table else []
        return " ".join(f"{each.name}: {telling.in_short(each)}." for each in rows)[:LONGEST]
    found = asking.row_of(key)
    return f"{telling.title(found)}. {telling.in_short(found)}"[:LONGEST] if found else ""


def _name(key: str) -> str:
    kind, _colon, row = key.partition(":")
    if kind == "table":
        return str(LookupTable.objects.filter(pk=row).first() or "")
    found = asking.row_of(key)
    return telling.title(found) if found else ""
