"""Missing spaces, slips of the finger, and two syllables drawn into one (`đkiểm`): only for what is no Vietnamese

syllable, or no syllable anybody has written; nothing right is changed.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from .lexicon import Lexicon

_LETTERS = "abcdeghiklmnopqrstuvxy"
_NO_LETTERS = {"z": ("d", "gi", "v"), "f": ("ph",), "j": ("gi", "ch", "d"), "w": ("qu",)}  # of ours: as it is said
_ONSET = r"(?:ngh|ng|nh|ch|gh|gi|kh|ph|qu|th|tr|[bcdghklmnpqrstvx])"
_RHYMES = """
a ac ach ai am an ang anh ao ap at au ay e ec ech em en enh eng eo ep et eu i ia ich iec iem ien ieng iep iet ieu im in inh
ip it iu o oa oac oach oai oam oan oang oanh oao oap oat oay oc oe oem oen oeo oet oi om on ong oong ooc op ot u ua uan uang
uat uay uac uc ue uech uen uenh ui um un ung uo uoc uoi uom uon uong uop uot uou up ut uu uy uya uych uyen uyet uyn uynh uyt
uyu y yem yen yet yeu
"""
_RIGHT = re.compile(rf"{_ONSET}?(?:{'|'.join(sorted(_RHYMES.split(), key=len, reverse=True))})")


def is_syllable(word: str) -> bool:
    """Whether unaccented letters can be a Vietnamese syllable: onset and rhyme exist."""
    return _RIGHT.fullmatch(word) is not None


class Spelling:
    """Knows the syllables and neighbours of the base, and repairs what can't be a word."""

    def __init__(self, known: Mapping[str, int], neighbours: Mapping[str, int], *, also: Iterable[str] = ()) -> None:
        """`known`: syllable → entries that hold it; `neighbours`: `mot_hai` → entries; `also`: syllables of the lexicon."""
        self._known = Counter(known)
        for word in also:
            self._known[word] += 1
        self._before: dict[str, list[tuple[int, str]]] = defaultdict(list)
        for pair, count in neighbours.items():
            first, second = pair.split("_")
            self._before[second].append((count, first))
        self._repair = lru_cache(maxsize=5000)(self._repaired)

    def repaired(self, words: Sequence[str], lexicon: Lexicon) -> tuple[list[str], frozenset[str]]:
        """(the syllables, those of them that were guessed)."""
        out: list[str] = []
        guessed: set[str] = set()
        for word in words:
            if not word.isalpha() or len(word) < 3 or is_syllable(word) or (word,) in lexicon.abbreviations:
                out.append(word)
                continue
            right = self._repair(word)
            out += right
            guessed |= {each for each in right if each != word}
        return out, frozenset(guessed)

    def _repaired(self, word: str) -> tuple[str, ...]:
        return self._by_sound(word) or self._spaced(word) or self._drawn_apart(word) or self._nearest(word) or (word,)

    def _by_sound(self, word: str) -> tuple[str, ...] | None:
        """`fai` → `phai`, `zich` → `dich`: a letter that Vietnamese doesn't have, for how it is said."""
        made = [letters + word[1:] for letters in _NO_LETTERS.get(word[0], ())]
        known = [(self._known[each], each) for each in made if self._known.get(each, 0) > 2]
        return (max(known)[1],) if known else None

    def _spaced(self, word: str) -> tuple[str, ...] | None:
        """`dangkykethon`: the fewest known syllables that make it, the commonest among equals."""
        if len(word) < 5:
            return None
        best: list[tuple[int, float, tuple[str, ...]] | None] = [(0, 0.0, ()), *[None] * len(word)]
        for end in range(1, len(word) + 1):
            for start in range(max(0, end - 7), end):
                part, before = word[start:end], best[start]
                if before is None or part not in self._known or not is_syllable(part):
                    continue
                one = (before[0] + 1, before[1] - self._known[part] ** 0.5, (*before[2], part))
                present = best[end]
                if present is None or one[:2] < present[:2]:
                    best[end] = one
        whole = best[-1]
        return whole[2] if whole and len(whole[2]) > 1 and min(map(len, whole[2])) > 1 else None

    def _drawn_apart(self, word: str) -> tuple[str, ...] | None:
        """`dkiem` → `dang kiem`: one or two letters of a word before a whole syllable, where the base has such neighbours."""
        for letters in (1, 2):
            begins, second = word[:letters], word[letters:]
            if len(second) < 2 or not is_syllable(second):
                continue
            found = [each for each in self._before.get(second, ()) if each[1].startswith(begins) and each[1] != begins]
            if found:
                return max(found)[1], second
        return None

    def _nearest(self, word: str) -> tuple[str, ...] | None:
        """One slip away: a letter left out is likelier than one struck wrong, and that than one too many."""
        cuts = [(word[:at], word[at:]) for at in range(len(word) + 1)]
        slips = (
            (a + letter + b for a, b in cuts for letter in _LETTERS if a),
            (a + b[1] + b[0] + b[2:] for a, b in cuts if len(b) > 1),
            (a + letter + b[1:] for a, b in cuts if b and a for letter in _LETTERS),
            (a + b[1:] for a, b in cuts if b),
        )
        for made in slips:
            known = [(self._known[each], each) for each in made if len(each) > 1 and self._known.get(each, 0) > 2]
            if known:
                return (max(known)[1],)
        return None
