"""What a text asks for. A keyword only where it cannot be a sentence: "tra lai tien" (trả lại tiền) is a matter.

`TC` is never a word of ours: carriers use it for *từ chối*, to opt out.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection
from dataclasses import dataclass

from tongdai.cases import codes
from tongdai.language.text import clean, fold

_KEYWORD = r"(?:tra(?:\s*cuu)?(?:\s*ma)?|ma(?:\s*tra\s*cuu)?|status)"
_ASKS = re.compile(rf"^{_KEYWORD}[\s:.\-#]*(?P<digits>\d[\d\s.\-_/]*)(?P<rest>(?![\d]).*)$", re.DOTALL)
_BARE = re.compile(r"^#?(?P<digits>\d[\d\s.\-_/]*)(?P<rest>(?![\d]).*)$", re.DOTALL)
_ALONE = re.compile(rf"^{_KEYWORD}\W*$")
_QUESTION = re.compile(r"^(?P<keyword>tthc|hoi|thu tuc|thutuc|hoi dap)(?:[\s:.,\-]+(?P<rest>.+))$", re.DOTALL)
_DOSSIER = re.compile(r"^(?:hs|ho so|hoso)[\s:.,\-]+(?P<rest>\S.*)$", re.DOTALL)
_CONSENT = re.compile(
    r"^(?:(?:toi|em|minh)\s+)?(?P<no>khong|ko|rut(?:\s+lai)?)?\s*dong\s*y(?:\s+(?:voi|phieu|ma))*[\s:.\-#]*(?P<digits>\d[\d\s.\-_/]*)?\W*$"
)
_NAMED = re.compile(r"^(?P<keyword>[a-z0-9]{2,20})(?:[\s:.,\-]+(?P<rest>.*))?$", re.DOTALL)
_NOTHING_ASKED = {"tthc": "tthc", "hoi": "tthc", "thu tuc": "tthc", "thutuc": "tthc", "hoi dap": "tthc",
                  "hs": "hs", "ho so": "hs", "hoso": "hs"}  # fmt: skip
_HELLOS = """
alo | a lo | alo alo | alo 1022 | alo tong dai | hello | hi | hey | chao | xin chao | chao ban | xin chao ban | chao anh
chao chi | chao anh chi | chao em | kinh chao | chao tong dai | xin chao tong dai | chao 1022 | tong dai | tong dai oi
co oi | chu oi | bac oi | anh oi | chi oi | em oi | anh chi oi | co ai khong | co ai ko | co ai o do khong
oi | ad oi | chao ad | 1022 | help | tro giup | giup | huong dan | hd | test | thu
"""
_THANKS = """
cam on | cam on ban | cam on nhieu | xin cam on | chan thanh cam on | cam on tong dai | thanks | thank you | tks
"""
_NODS = """
ok | oke | oki | okie | okay | vang | da | da vang | vang em | vang anh | vang chi | da ok | ok nhe | ok nha | ok ban | ok ad
uh | u | um | uhm | ukm | da nhan | da nhan duoc
"""
_GREETINGS, _COURTESIES, _OKS = (
    frozenset(re.split(r"\s*[|\n]\s*", each.strip())) for each in (_HELLOS, _THANKS + _NODS, _NODS)
)
_CODE_WITHIN = re.compile(r"(?<!\d)\d(?:[\s.\-_/]?\d){10}(?!\d)")
_OPT_OUTS = frozenset({"tc", "tc 1022", "stop"})


@dataclass(frozen=True)
class Status:
    """How a case stands; `rest` is what was written after the code."""

    code: str
    rest: str = ""


@dataclass(frozen=True)
class WrongCode:
    """A code was meant, but its check digit or length is wrong."""

    digits: str


@dataclass(frozen=True)
class Consent:
    """`DONG Y 7304 1859 261`, `KHONG DONG Y …`: to what the city asked about a case; `digits` of its code, or none."""

    agrees: bool
    digits: str


@dataclass(frozen=True)
class Help:
    """An empty text, a greeting, a keyword alone: they are told in a few words how it works."""


@dataclass(frozen=True)
class KeywordAlone:
    """`TTHC`, `HS` and nothing after it; `keyword`: which of the two was meant."""

    keyword: str


@dataclass(frozen=True)
class NoReply:
    """An OK, a mere dot: kept, and not answered."""


@dataclass(frozen=True)
class Refuse:
    """`TC`, the carriers' word to opt out: no more texts of our own accord to this number; `not refused`: again, as before."""

    refused: bool = True


@dataclass(frozen=True)
class Question:
    """`TTHC dang ky ket hon`, `HOI …`: something the base of answers may know.

    `sure`: it can be no sentence about something to be done; `by_command`: nor anything but a question (`TTHC`).
    """

    words: str
    sure: bool
    by_command: bool = False


@dataclass(frozen=True)
class LookUp:
    """`COVID le chan`: rows of the tables that the city gave this keyword."""

    keyword: str
    words: str


@dataclass(frozen=True)
class DossierStatus:
    """`HS H24.01-261101-0007`, or the code alone: how a dossier stands at the one-stop system."""

    code: str


@dataclass(frozen=True)
class Choice:
    """A lone digit: the answer chosen from those just offered; 0: send it to a person."""

    number: int


@dataclass(frozen=True)
class Matter:
    """Something the city should do or answer; `text` as typed, cleaned."""

    text: str


Asked = (
    Status
    | WrongCode
    | Consent
    | Help
    | KeywordAlone
    | NoReply
    | Refuse
    | Question
    | LookUp
    | DossierStatus
    | Choice
    | Matter
)


def asks_for(text: str, *, tables: Collection[str] = (), dossier: Callable[[str], str] = lambda _typed: "") -> Asked:
    """What a citizen's text asks for. Never raises; whatever is not surely something else is a new matter.

    tables: the keywords of the city's look-up tables, folded. dossier: the code of a dossier that was typed, or nothing.
    """
    text = clean(text).strip()
    words = _words(text).removesuffix(" a")  # ạ: politeness, no word of its own
    if not words:
        return _without_words(text)
    if words in _OPT_OUTS:
        return Refuse()
    if words in _COURTESIES:
        return NoReply()
    if words in _GREETINGS or _ALONE.match(words):
        return Help()
    if words in _NOTHING_ASKED and words not in tables:
        return KeywordAlone(_NOTHING_ASKED[words])
    asked_for = _DOSSIER.match(fold(text))
    if code := dossier(text[asked_for.start("rest") :] if asked_for else text):
        return DossierStatus(code)
    if consent := _CONSENT.match(fold(unicodedata.normalize("NFKC", text)).removesuffix(" a")):
        digits = "".join(str(unicodedata.digit(each)) for each in re.sub(r"\D", "", consent["digits"] or ""))
        return Consent(not consent["no"], digits)
    if len(words) == 1 and words in "0123456789":
        return Choice(int(words))
    return _about_a_code(text) or _asked_of_the_base(text, tables) or Matter(text)


def is_a_nod(text: str) -> bool:
    """Whether it only says that they have read it: "ok", "vâng ạ", a picture of a thumb. Nobody waits for an answer."""
    words = _words(text).removesuffix(" a")
    return not words or words in _OKS


def code_within(text: str) -> str:
    """The first right code that stands within these words; empty where there is none."""
    plain = unicodedata.normalize("NFKC", text)
    found = (re.sub(r"\D", "", codes.normalised(each[0])) for each in _CODE_WITHIN.finditer(plain))
    return next((digits for digits in found if codes.is_valid(digits)), "")


def without_codes(text: str) -> str:
    """The words without what stands in them like a code."""
    return " ".join(_CODE_WITHIN.sub(" ", unicodedata.normalize("NFKC", text)).split())


def same_words(text: str) -> str:
    """What makes two texts the same: their words, without case, spacing and marks at the end; accents count."""
    return " ".join(clean(text).lower().split()).rstrip(" .,!?…")


def _words(text: str) -> str:
    """Folded letters and digits, single spaces: "Xin chào!!! 🙂" → "xin chao"."""
    return " ".join(re.sub(r"[^\w]+|_", " ", fold(text)).split())


def _without_words(text: str) -> Asked:
    """Nothing at all is helped; signs alone may say something: what went before tells more."""
    return Matter(text) if text else Help()


def _asked_of_the_base(text: str, tables: Collection[str]) -> Question | LookUp | None:
    folded = fold(text)
    named = _NAMED.match(folded)
    if named and named["keyword"] in tables:
        return LookUp(named["keyword"], text[named.start("rest") :].strip() if named["rest"] else "")
    found = _QUESTION.match(folded)
    if found is None:
        return None
    written = text[: found.end("keyword")].lower()
    if found["keyword"] == "hoi" and written not in {"hoi", "hỏi"}:  # hôi, hơi, hội
        return None
    words = text[found.start("rest") :] if len(folded) == len(text) else found["rest"]
    command = found["keyword"] == "tthc"
    return Question(words.strip(), sure=command or written in {"hỏi", "thủ tục", "hỏi đáp"}, by_command=command)


def _about_a_code(text: str) -> Status | WrongCode | None:
    plain = unicodedata.normalize("NFKC", text)
    folded = fold(plain)
    found = _ASKS.match(folded)
    keyword = found is not None
    found = found or _BARE.match(folded)
    if found is None:
        return None
    digits = re.sub(r"\D", "", codes.normalised(found["digits"]))
    rest = plain[found.start("rest") :].strip() if len(folded) == len(plain) else found["rest"].strip()
    if codes.is_valid(digits):
        return Status(digits, rest)
    # a code's digits and nothing else can only be meant as a code; with the keyword, any number
    return WrongCode(digits) if not _words(rest) and (keyword or codes.has_length(digits)) else None
