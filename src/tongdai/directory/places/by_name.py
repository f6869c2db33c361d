"""Find a place by what people call it: with accents or none, by its name of today, of before July 2025, or older still."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from functools import lru_cache

from tongdai.language.words import Word, tokens_of, words_of
from tongdai.platform.clock import today

from .. import snapshot
from ..models import Place
from ..snapshot import Places

Level = Place.Level
ABOVE_WARDS = frozenset({Level.PROVINCE, Level.DISTRICT})
SHORT_FOR = {"p": "phường", "f": "phường", "x": "xã", "q": "quận", "h": "huyện", "tt": "thị trấn", "tx": "thị xã",
             "tp": "thành phố", "đk": "đặc khu"}  # fmt: skip
KINDS = ("phuong", "xa", "thitran", "dackhu", "quan", "huyen", "thixa", "thanhpho", "tinh")
LONGEST_NAME = 7  # words: Thị trấn Nông trường Việt Lâm has six


@dataclass(frozen=True)
class Match:
    """A place that holds on the day asked for. `via`: the former unit it was found by, if it was."""

    place: Place
    via: Place | None = None


def find(text: str, *, on: date | None = None, limit: int = 8) -> list[Match]:
    """The wards, communes and special zones somebody may mean, likeliest first; one alone is meant for certain.

    `phường Minh Khai, quận Hồng Bàng` gives the ward of today that it lies in; `Hong Bang` the ward of that name, then
    those the former district became. A name begun gives those that go on like it, a misspelt one those most like it.
    """
    day = on or today()
    known = snapshot.all_places()
    mentions = _mentions(_written_out(text), _index(known))
    units = _narrowed(mentions) or list(_like(text, known))
    matches = _of_today(units, known, day)
    return matches[:limit]


def mentioned(text: str, *, on: date | None = None) -> list[Place]:
    """The wards whose name of today or of before stands in the text, and none by likeness: `covid ở lê chân`.

    A name of one syllable counts only with its kind, `phường Sáu`.
    """
    return parted(text, on=on)[0]


def parted(text: str, *, on: date | None = None) -> tuple[list[Place], str]:
    """(the wards mentioned, the text without their names): `trạm y tế phường lê chân` is Lê Chân, and *trạm y tế*."""
    day, known, words = on or today(), snapshot.all_places(), words_of(text)
    full = [(each, at) for at, word in enumerate(words) for each in _written_out(word.marked)]
    mentions = _mentions(tuple(each for each, _at in full), _index(known))
    mentions = [each for each in mentions if each.kind or each.size > 1]
    wards = [match.place for match in _of_today(_narrowed(mentions), known, day)]
    if not wards:
        return [], text
    named = {at for each in mentions for _word, at in full[each.at : each.at + each.size]}
    return wards, " ".join(token for at, token in enumerate(tokens_of(text)) if at not in named)


@lru_cache(maxsize=4)
def made_of(known: Places, on: date) -> dict[int, tuple[Place, ...]]:
    """Id of a place that holds on the day → the former units it was made of, by whose names people still call it."""
    units: dict[int, list[Place]] = defaultdict(list)
    for unit in known.rows:
        if not unit.holds_on(on) and unit.level != Level.PROVINCE:
            for heir in _heirs(unit, known, on):
                units[heir.pk].append(unit)
    return {place: tuple(former) for place, former in units.items()}


@dataclass(frozen=True)
class _Mention:
    """Places with one name in the text; `kind`: the text says what kind of unit it is; `at`, `size`: its words."""

    places: tuple[Place, ...]
    kind: bool
    at: int
    size: int


@lru_cache(maxsize=2)
def _index(known: Places) -> dict[str, tuple[Place, ...]]:
    """Letters of a name without accents and spaces, with its kind and without → the places called so."""
    found: dict[str, dict[int, Place]] = defaultdict(dict)
    for place in known.rows:
        for name in (_letters(place.name), _letters(place.full_name), *place.aliases.split("\n")):
            if name:
                found[name][place.pk] = place
    return {name: tuple(places.values()) for name, places in found.items()}


def _mentions(words: tuple[Word, ...], index: dict[str, tuple[Place, ...]]) -> list[_Mention]:
    """The names in the text, from the left, each as long as may be."""
    mentions, at = [], 0
    while at < len(words):
        for size in range(min(LONGEST_NAME, len(words) - at), 0, -1):
            part = words[at : at + size]
            key = "".join(word.plain for word in part)
            if places := index.get(key):
                mentions.append(_Mention(_as_accented(places, part), key.startswith(KINDS), at, size))
                at += size
                break
        else:
            at += 1
    return mentions


def _as_accented(places: tuple[Place, ...], part: tuple[Word, ...]) -> tuple[Place, ...]:
    """Of places whose letters agree those whose accents do too, where there are such: Đông Hải is not Đồng Hải."""
    same = tuple(place for place in places if _agrees(words_of(place.full_name)[-len(part) :], part))
    return same or places


def _agrees(name: tuple[Word, ...], part: tuple[Word, ...]) -> bool:
    return len(name) == len(part) and all(a.may_be(b) for a, b in zip(name, part, strict=True))


def _narrowed(mentions: list[_Mention]) -> list[Place]:
    """The wards mentioned, within the district or province mentioned beside them; or what is in that alone."""
    wards = [(m, [p for p in m.places if p.level not in ABOVE_WARDS]) for m in mentions]
    named = [place for mention, places in sorted(wards, key=lambda one: not one[0].kind) for place in places]
    above = {p.pk for m, places in wards for p in m.places if p.level in ABOVE_WARDS and (m.kind or not places)}
    beside = {p.pk for m in mentions[1:] for p in m.places if p.level in ABOVE_WARDS}  # `Minh Khai, Hồng Bàng`
    if inside := [place for place in named if _ancestors(place) & beside]:
        return inside
    within = [place for place in named if _ancestors(place) & above]
    if within or (named and not above):
        return within or named
    districts = [p for m in mentions for p in m.places if p.level == Level.DISTRICT]
    return [*named, *districts] if named else districts


def _ancestors(place: Place) -> set[int]:
    above, unit = set(), place.parent
    while unit is not None:
        above.add(unit.pk)
        unit = unit.parent
    return above


def _like(text: str, known: Places) -> list[Place]:
    """Places whose name goes on as the text begins; failing that, those spelt most like it."""
    key = _letters(text)
    if len(key) < 2:
        return []
    names = _index(known)
    begun = sorted(name for name in names if name.startswith(key))
    alike = begun or get_close_matches(key, names, n=6, cutoff=0.82)
    return [place for name in alike for place in names[name] if place.level not in ABOVE_WARDS]


def _of_today(units: Iterable[Place], known: Places, day: date) -> list[Match]:
    """The units that hold on the day, each once: as they are named first, then through former ones."""
    here: dict[int, Match] = {}
    later: list[Match] = []
    for unit in units:
        if unit.holds_on(day) and unit.level not in ABOVE_WARDS:
            here.setdefault(unit.pk, Match(unit))
        else:
            later += [Match(heir, via=unit) for heir in _heirs(unit, known, day)]
    for match in later:
        here.setdefault(match.place.pk, match)
    return list(here.values())


def _heirs(unit: Place, known: Places, day: date) -> list[Place]:
    """What a former unit became by the day, through every change there was; of a district, its wards then."""
    found: dict[int, Place] = {}
    waiting = [unit]
    while waiting:
        place = waiting.pop(0)
        holds = place.holds_on(day)
        if holds and place.level not in ABOVE_WARDS:
            found.setdefault(place.pk, place)
        elif holds:
            waiting += [row for row in known.rows if row.parent_id == place.pk]
        else:
            waiting += known.successors.get(place.pk, ())
    return list(found.values())


def _written_out(text: str) -> tuple[Word, ...]:
    """The words, `p.` and `q.` written out; `P.Minh Khai` too."""
    return tuple(full for word in words_of(text) for full in words_of(SHORT_FOR.get(word.marked, word.marked)))


def _letters(text: str) -> str:
    return "".join(word.plain for word in words_of(text))
