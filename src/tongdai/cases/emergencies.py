"""Who has to be rung before anything is read here: the words of somebody in danger, and the number that helps at once.

The numbers are the national ones: 113, 114, 115, and 111 for children. Told once too often is little harm, so a doubt
counts as danger; what is only on paper (a permit, an insurance, a drill) doesn't. The words are data:
`data/emergencies.txt`.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files

from django.utils.translation import gettext as _

from tongdai.platform.words import Word, words_of


class Danger(StrEnum):
    """What somebody is in danger of; where several are told, the first here counts."""

    SUICIDE = "suicide"
    CHILD = "child"
    FIRE = "fire"
    VIOLENCE = "violence"
    INJURY = "injury"


NUMBERS = {Danger.SUICIDE: "115", Danger.CHILD: "111", Danger.FIRE: "114", Danger.VIOLENCE: "113", Danger.INJURY: "115"}
PAST_OR_ON_PAPER = {Danger.FIRE, Danger.INJURY}  # what permits, insurances and reports speak of, too


@dataclass(frozen=True)
class Emergency:
    """`number`: whom to ring; `words`: one sentence that says so, in the reader's language, to stand before all others."""

    danger: Danger

    @property
    def number(self) -> str:
        return NUMBERS[self.danger]

    @property
    def words(self) -> str:
        match self.danger:
            case Danger.SUICIDE:
                return _("Gọi 115 ngay lúc này, xin bạn: có người nghe và giúp. Bạn không phải chịu một mình.")
            case Danger.CHILD:
                return _("Gọi 111 ngay (bảo vệ trẻ em, miễn phí, ngày đêm); đang nguy hiểm thì gọi 113.")
            case Danger.FIRE:
                return _("Gọi 114 ngay (cứu hỏa, cứu nạn).")
            case Danger.VIOLENCE:
                return _("Gọi 113 ngay (công an); có người bị thương thì gọi 115.")
            case Danger.INJURY:
                return _("Gọi 115 ngay (cấp cứu).")


def number_for(text: str) -> Emergency | None:
    """The emergency that these words tell of, or None. No query; accents may be missing, whole words only."""
    said = words_of(text)
    taken_out = {at for kind, at, size in _standing(said) if kind == "not" for at in range(at, at + size)}
    kinds = {kind for kind, at, size in _standing(said) if taken_out.isdisjoint(range(at, at + size))}
    found = {danger for danger in Danger if danger in kinds}
    if "abuse" in kinds:
        found.add(Danger.CHILD if "children" in kinds else Danger.VIOLENCE)
    if "calm" in kinds and "cry" not in kinds:
        found -= PAST_OR_ON_PAPER
    return next((Emergency(danger) for danger in Danger if danger in found), None)


@dataclass(frozen=True)
class _Phrase:
    kind: str
    words: tuple[Word, ...]
    accents: bool  # they must be written

    def stands(self, said: Sequence[Word]) -> bool:
        """Whether these words are the phrase's."""
        return len(said) == len(self.words) and all(
            one.marked == other.marked if self.accents else one.may_be(other)
            for one, other in zip(said, self.words, strict=True)
        )


def _standing(said: Sequence[Word]) -> Iterator[tuple[str, int, int]]:
    """(kind, where, how many words) of every phrase that stands in the text."""
    by_first = _phrases()
    for at, word in enumerate(said):
        for phrase in by_first.get(word.plain, ()):
            if phrase.stands(said[at : at + len(phrase.words)]):
                yield phrase.kind, at, len(phrase.words)


@cache
def _phrases() -> dict[str, list[_Phrase]]:
    """Those of the data file by their first word."""
    read: dict[str, list[_Phrase]] = defaultdict(list)
    lines = files("tongdai.cases").joinpath("data/emergencies.txt").read_text(encoding="utf-8").splitlines()
    for line in lines:
        if line.strip() and not line.startswith("#"):
            kind, mark, phrase = re.split("([:=]) ", line, maxsplit=1)
            words = words_of(phrase)
            read[words[0].plain].append(_Phrase(kind, words, accents=mark == "="))
    return dict(read)
