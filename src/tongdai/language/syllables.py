"""Whether a word may be a Vietnamese syllable: an initial, a rhyme and a tone that go together.

By the spelling rules of the national language (Viện Ngôn ngữ học, *Từ điển tiếng Việt*, "Quy tắc chính tả"): a closed
list of initials and rhymes, and only sắc or nặng before c, ch, p, t. Not every such syllable means something.
"""

from __future__ import annotations

import re
import unicodedata

_TONES = "\u0300\u0301\u0303\u0309\u0323"  # huyền, sắc, ngã, hỏi, nặng
_SHARP_OR_HEAVY = "\u0301\u0323"
_INITIALS = """
b c ch d đ g gh gi h k kh l m n ng ngh nh p ph qu r s t th tr v x
"""
_RHYMES = """
a ac ach ai am an ang anh ao ap at au ay ăc ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây
e ec em en eng eo ep et ê êch êm ên ênh êp êt êu êng
i ia ich iêc iêm iên iêng iêp iêt iêu im in inh ip it iu
o oa oac oach oai oam oan oang oanh oao oap oat oay oăc oăm oăn oăng oăt oc oe oen oeo oet oi om on ong ooc oong op ot
ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm ơn ơp ơt
u ua uc ui um un ung up ut uôc uôi uôm uôn uông uôt uơ uân uâng uât uây uê uêch uênh uy uya uych uynh uynh uyt uyu uyên uyêt
ư ưa ưc ưi ưm ưn ưng ưt ưu ươc ươi ươm ươn ương ươp ươt ươu
y ych yêm yên yêng yêt yêu ynh yp yt
"""


def _one_of(each: str) -> str:
    return "|".join(sorted(each.split(), key=len, reverse=True))


_SYLLABLE = re.compile(rf"(?:{_one_of(_INITIALS)})?(?:{_one_of(_RHYMES)})")
_AFTER_GI = re.compile(r"g(?:i|in|im|ip|iêng|iêc|ia|iêm|iêt|iên)")


def is_syllable(word: str) -> bool:
    """Whether the letters are one Vietnamese syllable, marks and all; `đường` and `toi` are, `nưoc` and `street` are not."""
    decomposed = unicodedata.normalize("NFD", word.lower())
    tones = [char for char in decomposed if char in _TONES]
    if len(tones) > 1:
        return False
    toneless = unicodedata.normalize("NFC", "".join(char for char in decomposed if char not in _TONES))
    if not (_SYLLABLE.fullmatch(toneless) or _AFTER_GI.fullmatch(toneless)):
        return False
    is_stopped = toneless.endswith(("c", "ch", "p", "t"))
    return not (is_stopped and tones and tones[0] not in _SHARP_OR_HEAVY)


def has_marks(word: str) -> bool:
    """Whether any letter has a Vietnamese mark, or is đ."""
    return "đ" in word.lower() or any(unicodedata.combining(char) for char in unicodedata.normalize("NFD", word))
