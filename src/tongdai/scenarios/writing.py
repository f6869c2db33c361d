"""How people write: with accents or none, in haste, with the abbreviations of chats and offices, with slips."""

from __future__ import annotations

import re
import unicodedata
from random import Random

# What chats and texts shorten (everyday words only: the sense must stay plain to a reader).
SHORT = {
    "không": ("ko", "k", "kg", "hok"), "được": ("dc", "đc"), "gì": ("j",), "vậy": ("v", "z"), "rồi": ("r",),
    "thế nào": ("tnao", "tn"), "như thế nào": ("ntn",), "bao nhiêu": ("bn", "bnhiu"), "bao giờ": ("bh",),
    "mọi người": ("mn",), "mình": ("mk", "mik"), "cũng": ("cx", "cg"), "với": ("vs",), "mới": ("ms",),
    "trước": ("trc",), "làm": ("lm",), "biết": ("bit", "bik"), "quá": ("wa",), "người": ("ng",),
    "người ta": ("nta",), "phường": ("p",), "quận": ("q",), "Ủy ban": ("ub",), "hộ khẩu": ("hk",),
    "bảo hiểm y tế": ("bhyt",), "bảo hiểm": ("bh",), "đăng ký": ("đk", "dk"), "trạm y tế": ("tyt",),
    "điện thoại": ("đt", "dt"), "nhà": ("nha",), "chồng": ("ck",), "vợ": ("vk",), "xét nghiệm": ("xn",),
}  # fmt: skip
OPENINGS = (
    "",
    "",
    "",
    "",
    "Alo tổng đài, ",
    "Chào 1022, ",
    "Cho em hỏi ạ: ",
    "Kính gửi tổng đài, ",
    "Anh chị ơi, ",
    "Tôi xin phản ánh: ",
)
CLOSINGS = (
    "",
    "",
    "",
    "",
    ". Xin cảm ơn",
    ". Mong được trả lời sớm",
    " ạ",
    ". Cảm ơn tổng đài",
    ", gấp lắm ạ",
    ". Nhờ tổng đài giúp",
    "!!",
)


def without_accents(text: str) -> str:
    """`Đèn đường` → `Den duong`: capitals stay as typed."""
    plain = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(char for char in plain if not unicodedata.combining(char))


def as_people_write(text: str, *, chance: Random, accents: float, haste: float) -> str:
    """One way this matter may be written. `accents`: how likely they are typed; `haste`: how likely words are cut."""
    written = f"{chance.choice(OPENINGS)}{_lower_first(text, chance)}{chance.choice(CLOSINGS)}"
    if chance.random() < haste:
        written = _shortened(written, chance)
    if chance.random() < haste / 3:
        written = _slipped(written, chance)
    if chance.random() > accents:
        written = without_accents(written)
        if chance.random() < 0.7:
            written = written.lower()
    return written


def _lower_first(text: str, chance: Random) -> str:
    return text[0].lower() + text[1:] if chance.random() < 0.5 else text


def _shortened(text: str, chance: Random) -> str:
    for word, shorts in SHORT.items():
        if chance.random() < 0.6:
            text = re.sub(rf"\b{word}\b", chance.choice(shorts), text, count=1)
    return text


def _slipped(text: str, chance: Random) -> str:
    """Two neighbouring letters swapped, one left out, or a space forgotten."""
    place = chance.randrange(2, max(3, len(text) - 2))
    kind = chance.randrange(3)
    if kind == 0:
        return text[:place] + text[place + 1 : place + 2] + text[place : place + 1] + text[place + 2 :]
    if kind == 1:
        return text[:place] + text[place + 1 :]
    return text.replace(" ", "", 1) if chance.random() < 0.5 else text[:place] + " " + text[place:]
