"""What can be found in English: each published answer that has an English name, and those that aren't here."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from ...answer_key import AnswerKey
from ...answers.english import LANGUAGE, forget, text_in_english
from ...models import Alias, Article, Procedure, State
from ...starter.files import english_phrases


@dataclass(frozen=True)
class EnglishEntry:
    """`key`: None for what people ask for and this city has not taken in; `body`: more that it says."""

    key: AnswerKey | None
    name: str
    aliases: tuple[str, ...] = ()
    body: str = ""
    chosen: int = 0


def entries(today: date) -> list[EnglishEntry]:
    """Procedures, of twins the lowest level's; articles; and those that aren't here."""
    forget()  # whoever wrote them may be another process
    calls: dict[tuple[str, int], list[str]] = defaultdict(list)
    for procedure, article, phrase in Alias.objects.filter(language=LANGUAGE).values_list(
        "procedure", "article", "phrase"
    ):
        calls[("procedure", procedure) if procedure else ("article", article or 0)].append(phrase)
    procedures = Procedure.objects.on(today).filter(state=State.PUBLISHED)
    here = list(procedures.only("pk", "code", "name", "summary", "twin_of", "chosen").order_by("pk"))
    twins: dict[int, list[str]] = defaultdict(list)
    for each in here:
        if each.twin_of_id:
            twins[each.twin_of_id] += calls[("procedure", each.pk)]
    found = [
        _entry(each, each.name, [*calls[("procedure", each.pk)], *twins[each.pk]], body=each.summary)
        for each in here
        if each.twin_of_id is None
    ]
    articles = Article.objects.on(today).filter(state=State.PUBLISHED).order_by("pk")
    found += [_entry(each, each.question, calls[("article", each.pk)]) for each in articles]
    keys = {each.code for each in here} | {each.key for each in articles}
    found += [EnglishEntry(None, "", tuple(phrases)) for name, phrases in english_phrases().items() if name not in keys]
    return [each for each in found if each.name or each.aliases]


def _entry(answer: Procedure | Article, name: str, aliases: list[str], *, body: str = "") -> EnglishEntry:
    """Without an English name it is found by what people call it in English, if they do."""
    return EnglishEntry(
        answer.answer_key,
        text_in_english(name) or "",
        tuple(aliases),
        (body and text_in_english(body)) or "",
        answer.chosen,
    )
