"""The sentences of a procedure's record that come nearest to a question: a detail that no part of the record is named after.

`bên kia hai lần không đến hòa giải thì sao`: what happens then stands in one sentence of the eleventh step. Words that every
sentence has, and those of the procedure's own name, say nothing of which sentence is meant.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence

from tongdai.language.words import Word, words_of

from ..models import Procedure
from ..starter.files import lines_of
from . import record_parts

MOST = 2  # sentences that are shown beside the part asked for
LONGEST = 700  # characters of one
ENOUGH = 4.2  # how much of the question a sentence must say: two rare words side by side
NEARLY = 0.75  # of the best one's score: what says less is left out
ALONE = 0.4  # of a word that stands in the sentence without its neighbour
_OF_ASKING = """
nộp hồ sơ giấy tờ làm xin cấp lấy đi đến ra ngày tháng năm mấy bao nhiêu lâu gì nào đâu ai sao thế tôi em minh mình nhà con
anh chị ông bà bố mẹ cháu phải cần được không có là thì mà bị rồi giờ nay đang muốn hỏi trường hợp quy định thực hiện theo
cơ quan người thủ tục
"""
_SAYS_NOTHING = words_of(" ".join([_OF_ASKING, *lines_of("function_words.txt")]))
Pair = tuple[str, str]


def sentences(row: Procedure) -> list[str]:
    """All that the record says, sentence by sentence, the plain words before the official ones; always in the same order."""
    return record_parts.every_sentence(row)


def closest(row: Procedure, typed: str) -> list[int]:
    """Which of its sentences say what the question says beside the procedure's name, best first; mostly none."""
    asked = words_of(typed)
    named = {word.plain for word in words_of(row.name)}
    accented = any(word.marked != word.plain for word in asked)
    wanted = _pairs(asked, accented=accented)
    every = [_pairs(words_of(each), accented=accented) for each in sentences(row)]
    held = Counter(word for pairs in every for word in {word for pair in pairs for word in pair})
    stop = {_written(word, accented=accented) for word in _SAYS_NOTHING}

    def weight(word: str, plain: str) -> float:
        return 0.0 if word in stop or plain in named or not held[word] else math.log(1 + len(every) / held[word])

    weights = {
        written: weight(written, word.plain) for word in asked for written in [_written(word, accented=accented)]
    }
    scores = [_score(pairs, wanted, weights) for pairs in every]
    best = max(scores, default=0.0)
    if best < ENOUGH:
        return []
    near = [number for number, score in enumerate(scores) if score >= max(ENOUGH, NEARLY * best)]
    return sorted(near, key=lambda number: -scores[number])[:MOST]


def at(row: Procedure, numbers: Iterable[int]) -> list[str]:
    """Those sentences, none twice; a number that the record doesn't have any more is left out."""
    every = sentences(row)
    found = [every[number] for number in numbers if 0 <= number < len(every)]
    return [each for each in dict.fromkeys(found) if len(each) <= LONGEST][:MOST]


def _score(said: Sequence[Pair], wanted: Sequence[Pair], weights: dict[str, float]) -> float:
    """Words that stand side by side in both count whole, others little."""
    pairs, words = set(said), {word for pair in said for word in pair}
    together = {pair for pair in wanted if pair in pairs}
    beside = {word for pair in together for word in pair}
    whole = sum(weights.get(word, 0.0) for word in beside)
    alone = sum(weight for word, weight in weights.items() if word in words - beside)
    return whole + ALONE * alone if whole else 0.0


def _pairs(words: Sequence[Word], *, accented: bool) -> list[Pair]:
    written = [_written(word, accented=accented) for word in words]
    return list(zip(written, written[1:], strict=False))


def _written(word: Word, *, accented: bool) -> str:
    """As it is compared: without accents where the question has none."""
    return word.marked if accented else word.plain
