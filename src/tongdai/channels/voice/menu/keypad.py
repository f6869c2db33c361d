"""A ward spelt on a telephone's keys: `5 3 2 4 2 6` is Lê Chân. The letters stand as ITU-T E.161 has them."""

from __future__ import annotations

from collections.abc import Iterable

from tongdai.directory import snapshot
from tongdai.directory.models import Place
from tongdai.directory.places import by_name
from tongdai.language.text import fold
from tongdai.platform.clock import today

LETTERS = ("abc", "def", "ghi", "jkl", "mno", "pqrs", "tuv", "wxyz")  # on the keys from 2 on
_KEY = {letter: str(key) for key, letters in enumerate(LETTERS, start=2) for letter in letters}


def keyed(name: str) -> str:
    """The keys of a name: without accents, spaces and marks; figures stand for themselves."""
    return "".join(_KEY.get(char, char if char.isdecimal() else "") for char in fold(name))


def meant(keys: str, among: Iterable[int]) -> list[Place]:
    """The places of these ids spelt so: by today's name, else by one it had, else those whose name goes on like it."""
    known, day = snapshot.all_places(), today()
    ids, former = set(among), by_name.made_of(known, day)
    wanted = [place for place in known.rows if place.pk in ids and place.holds_on(day)]
    same = [place for place in wanted if keyed(place.name) == keys]
    by_former = [place for place in wanted if any(keyed(unit.name) == keys for unit in former.get(place.pk, ()))]
    begun = [place for place in wanted if keys and keyed(place.name).startswith(keys)]
    return same or by_former or begun
