"""An answer as it reads in English: as much of it as has English, word for word, and what of it stands in Vietnamese alone.

English is kept text by text (`models.Translation`), so what an editor changes in Vietnamese has no English any more until
somebody writes it: nothing is told in English that the answer no longer says. A part is English as a whole or not at all.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from tongdai.directory.freshness import Fresh
from tongdai.language.text import clean

from ..answer_key import Part
from ..models import Answer, Article, Procedure, Translation
from . import english_parts, english_rules, places, short_answers

LANGUAGE = "en"
WORDS = ("name", "field", "summary", "agency", "place", "requirements", "result")  # of a procedure, each a text
COLUMNS = {"time": "time_limit", "fee": "fee", "note": "note"}  # part of a procedure → column of its ways
BY_RULE = frozenset({"agency", "place", "time", "fee"})  # elsewhere `18 giờ` may be the hour of a clock
READ = {"papers": {"papers"}, "steps": {"steps"}, "fee": {"fee"}, "time": {"time"}, "where": {"where"},
        "": {"summary", "time", "fee", "where"}, **english_parts.READ}  # fmt: skip
"""Part asked for → what its short answer is made of."""


@dataclass(frozen=True)
class Reading:
    """An answer as it is read: a copy that is never saved, with the parts that are in English, and those that aren't."""

    answer: Any
    english: frozenset[str] = frozenset()
    vietnamese: frozenset[str] = frozenset()
    lang: dict[str, str] = field(default_factory=dict)

    @property
    def whole(self) -> bool:
        return bool(self.english) and not self.vietnamese

    @property
    def none(self) -> bool:
        """Whether nothing but its name is in English."""
        return not self.english - {"name", "field"}


def digest_of(text: str) -> str:
    """Names a Vietnamese text; blanks and how its accents are composed make no difference."""
    return hashlib.sha256(" ".join(clean(text).split()).encode()).hexdigest()


def is_asked_for() -> bool:
    """Whether whoever is answered now reads English."""
    return (get_language() or "").startswith(LANGUAGE)


def text_in_english(text: str) -> str | None:
    """A text in English, line by line, as somebody wrote it; None where a line of it has none."""
    known = _texts()
    lines = []
    for line in text.split("\n"):
        found = known.get(digest_of(line)) if line.strip() else ""
        if found is None:
            return None
        lines.append(found)
    return "\n".join(lines)


def texts_of(answer: Procedure | Article) -> list[str]:
    """All that it says to citizens, text by text."""
    if isinstance(answer, Article):
        return [answer.question, answer.answer, answer.short]
    texts = [str(getattr(answer, name)) for name in WORDS] + list(answer.steps)
    texts += [str(each.get(name) or "") for each in answer.papers for name in ("name", "form", "note")]
    return texts + [str(each.get(column) or "") for each in answer.ways for column in COLUMNS.values()]


def title(answer: Answer) -> str:
    """Its name in the language of whoever is answered, as far as there is one.

    Of a procedure whose name has no English it is what people call it in English, and behind it the name in quotation marks.
    """
    if not is_asked_for():
        return answer.title
    if known := text_in_english(answer.title) or _called(answer):
        return known
    return answer.title


def title_language(answer: Answer) -> str:
    return LANGUAGE if is_asked_for() and (text_in_english(answer.title) or _called(answer)) else "vi"


def _called(answer: Answer) -> str:
    """`Register a death (“Đăng ký khai tử có yếu tố nước ngoài”)`; nothing where it is called nothing in English."""
    if not isinstance(answer, Procedure) or answer.pk is None:
        return ""
    phrase = answer.aliases.filter(language=LANGUAGE).order_by("pk").values_list("phrase", flat=True).first()
    return f"{phrase[:1].upper()}{phrase[1:]} (“{answer.title}”)" if phrase else ""


def reading(answer: Answer) -> Reading:
    """The answer as whoever is answered reads it: on a Vietnamese page it is as it stands."""
    if not is_asked_for():
        return Reading(answer, lang=_lang((), ()))
    match answer:
        case Procedure():
            return _procedure(answer)
        case Article():
            return _article(answer)
        case _:
            return Reading(answer, lang=_lang((), ()))


def in_short(answer: Answer, part: Part | None = None) -> str:
    """`short_answers.in_short` for whoever is answered; what has no English says so, in English, before the Vietnamese."""
    text, language = short(answer, part)
    if language == LANGUAGE or not is_asked_for():
        return text
    return _("Câu trả lời này chỉ có bằng tiếng Việt: {text}").format(text=text)


def short(answer: Answer, part: Part | None = None) -> tuple[str, str]:
    """(the short answer, the language it is in): English where it is asked for and all of it has English."""
    if not is_asked_for():
        return short_answers.in_short(answer, part), "vi"
    read = reading(answer)
    if isinstance(answer, Article) and "short" in read.english:
        return short_answers.in_short(read.answer, part), LANGUAGE
    if isinstance(answer, Procedure) and (found := _short_of_procedure(answer, read, part)):
        return found, LANGUAGE
    with override("vi"):
        return short_answers.in_short(answer, part), "vi"


def _short_of_procedure(row: Procedure, read: Reading, part: Part | None) -> str:
    """In English; nothing where not all of it has English, or what is asked isn't said."""
    if (
        part
        and part not in {Part.FEE, Part.WHERE}
        and not short_answers.is_recorded(row, part)
        and not row.unsure(part)
    ):
        return short_answers.not_recorded(read.answer, part)
    if read.vietnamese & READ.get(part or "", read.vietnamese):
        return ""
    if part in english_parts.READ:
        return english_parts.of_part(read.answer, part)
    if part == Part.FEE and english_parts.insures(row):
        return english_parts.contributions_unknown(short_answers.fees(read.answer))
    return short_answers.in_short(english_parts.with_cases(_without_vietnamese(read), row), part)


def _without_vietnamese(read: Reading) -> Procedure:
    """The English procedure without those of its parts that have no English: what is told of them must be none."""
    told: Procedure = copy(read.answer)
    told.steps = [] if "steps" in read.vietnamese else told.steps
    told.requirements = "" if "requirements" in read.vietnamese else told.requirements
    if "note" in read.vietnamese:
        told.ways = [each | {"note": ""} for each in told.ways]
    return told


def _procedure(row: Procedure) -> Reading:
    read, english, vietnamese = copy(row), set[str](), set[str]()

    def settle(part: str, texts: Iterable[str]) -> dict[str, str] | None:
        """Its texts in English, if every one has it."""
        rule = english_rules.in_english if part in BY_RULE else lambda _text: None
        found = {text: text_in_english(text) or rule(text) for text in texts if text}
        if not found:
            return None
        complete = {text: known for text, known in found.items() if known is not None}
        (english if len(complete) == len(found) else vietnamese).add(part)
        return complete if len(complete) == len(found) else None

    read.plain = {}  # what stands beside plain text is Vietnamese
    read.place = places.counter(row)
    if found := settle("place", [read.place]):
        read.place = found[read.place]
    for name in WORDS:
        if name != "place" and (found := settle(name, [getattr(row, name)])):
            setattr(read, name, found[getattr(row, name)])
    if found := settle("steps", row.steps):
        read.steps = [found[step] for step in row.steps]
    read.papers, read.ways = [dict(each) for each in row.papers], [dict(each) for each in row.ways]
    if found := settle(
        "papers", [str(each.get(name) or "") for each in row.papers for name in ("name", "form", "note")]
    ):
        for each in read.papers:
            each.update({name: found[each[name]] for name in ("name", "form", "note") if each.get(name)})
    for part, column in COLUMNS.items():
        if found := settle(part, [each.get(column) or "" for each in row.ways]):
            for each in read.ways:
                each[column] = found.get(each.get(column) or "", "")
    (english if ("place" if read.place else "agency") in english else vietnamese).add("where")
    return Reading(read, frozenset(english), frozenset(vietnamese), _lang(english, vietnamese))


def _article(row: Article) -> Reading:
    read, english, vietnamese = copy(row), set[str](), set[str]()
    for name in ("question", "answer", "short"):
        if not getattr(row, name):
            continue
        found = text_in_english(getattr(row, name))
        (vietnamese if found is None else english).add(name)
        setattr(read, name, getattr(row, name) if found is None else found)
    if not row.short:
        (english if "answer" in english else vietnamese).add("short")
    return Reading(read, frozenset(english), frozenset(vietnamese), _lang(english, vietnamese))


def _lang(english: Iterable[str], vietnamese: Iterable[str]) -> dict[str, str]:
    """Part → the `lang` of its element on the page; of all parts there may be."""
    parts = (*WORDS, "steps", "papers", *COLUMNS, "where", "question", "answer", "short")
    return dict.fromkeys((*parts, *vietnamese), "vi") | dict.fromkeys(english, LANGUAGE)


def forget() -> None:
    """Read the texts anew: for who has just written them."""
    _texts.forget()


_texts: Fresh[dict[str, str]] = Fresh(
    lambda: dict(Translation.objects.filter(language=LANGUAGE).values_list("digest", "text")), ttl=60.0
)
